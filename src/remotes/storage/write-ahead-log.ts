/**
 * Write-ahead log of the key-value store: changes are appended to a file synchronously, before the call returns. An
 * entry costs microseconds; a database write costs a hundred times as much, most of it waiting for another thread.
 *
 * An entry is a header line of JSON, `[sequence, [key, length of the value], …]` with a length of -1 for a deleted key,
 * then the concatenated values and a newline. Values are not encoded again, because most of them are JSON already.
 * Lengths are UTF-16 code units.
 */
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { StoreOperation } from './key-value-store';

/** Maximum size of the log in bytes; a full log accepts no entry until the database is written. */
const maxBytes = 4 * 1024 * 1024;

/** Changes that are applied together. */
export interface LogEntry {
  readonly sequence: number;
  readonly operations: readonly StoreOperation[];
}

/** Reads the entries of the previous run; an incomplete last entry is ignored. @throws Error when the file cannot be read. */
export function readLog(path: string): LogEntry[] {
  const entries: LogEntry[] = [];
  const text = readIfExists(path);
  for (let offset = 0; offset < text.length;) {
    const headerEnd = text.indexOf('\n', offset);
    const header = parseHeader(text.slice(offset, headerEnd));
    if (headerEnd < 0 || !header) break;
    offset = headerEnd + 1;
    const [sequence, ...changes] = header;
    const operations = changes.map(([key, length]): StoreOperation => {
      if (length < 0) return { type: 'del', key };
      const value = text.slice(offset, offset + length);
      offset += length;
      return { type: 'put', key, value };
    });
    if (text[offset] !== '\n') break;
    offset += 1;
    entries.push({ sequence, operations });
  }
  return entries;
}

type Header = [number, ...[string, number][]];

function parseHeader(line: string): Header | undefined {
  try {
    return JSON.parse(line) as Header;
  } catch {
    return undefined;
  }
}

function serialize({ sequence, operations }: LogEntry): string {
  const header: Header = [sequence];
  let values = '';
  for (const operation of operations) {
    header.push([operation.key, operation.type === 'put' ? operation.value.length : -1]);
    if (operation.type === 'put') values += operation.value;
  }
  return `${JSON.stringify(header)}\n${values}\n`;
}

/** A log open for writing. */
export class WriteAheadLog {
  readonly #file: number;
  #length = 0;

  /** Creates the log file, or truncates it. @throws Error when it cannot be written. */
  constructor(path: string) {
    this.#file = openSync(path, 'w', 0o600);
  }

  /** Writes an entry. @returns `false` when the log or the disk is full. */
  append(entry: LogEntry): boolean {
    const text = serialize(entry);
    const length = Buffer.byteLength(text);
    if (this.#length + length > maxBytes) return false;
    try {
      if (writeSync(this.#file, text, this.#length) === length) {
        this.#length += length;
        return true;
      }
    } catch {
      // The caller falls back to the database, which reports a full disk.
    }
    return false;
  }

  /** Removes all entries, once the database has them. */
  clear(): void {
    if (this.#length === 0) return;
    ftruncateSync(this.#file, 0);
    this.#length = 0;
  }

  close(): void {
    closeSync(this.#file);
  }
}

function readIfExists(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
