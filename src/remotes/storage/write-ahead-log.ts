/**
 * Write-ahead log of the key-value store: changes are appended to a file synchronously, before the call returns. An
 * entry costs microseconds; a database write costs a hundred times as much, most of it waiting for another thread.
 *
 * An entry is a header line, then the concatenated values and a newline. The header line is a checksum of all that
 * follows it and JSON, `[sequence, [key, length of the value], …]`, with a length of -1 for a deleted key. Values are not
 * encoded again, because most of them are JSON already. Lengths are in bytes. The first entry has no changes: its
 * sequence number is that of the last write of which the database must have been told.
 */
import { closeSync, fchmodSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { checksumLength, checksumOf } from './record-checksum';
import type { StoreOperation } from './store-operation';

/** Maximum size of the log in bytes; a full log accepts no entry until the database is written. */
const maxBytes = 4 * 1024 * 1024;

/** Changes that are applied together. */
export interface LogEntry {
  readonly sequence: number;
  readonly operations: readonly StoreOperation[];
}

/** What the previous run left in the log. */
export interface LogContent {
  readonly entries: readonly LogEntry[];
  /** Number of places that are no entry; an incomplete last entry is one of them. */
  readonly damaged: number;
}

type Header = readonly [number, ...(readonly [string, number])[]];

/** Reads the intact entries of the previous run. @throws Error when the file cannot be read. */
export function readLog(path: string): LogContent {
  const bytes = readIfExists(path);
  const entries: LogEntry[] = [];
  let damaged = 0;
  for (let offset = 0; offset < bytes.length;) {
    const found = parseEntry(bytes, offset);
    if (found) {
      entries.push(found.entry);
      offset = found.end;
      continue;
    }
    damaged += 1;
    offset = nextEntry(bytes, offset);
  }
  return { entries, damaged };
}

/** The offset of the next intact entry; the end of the file when there is none. */
function nextEntry(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf('\n', from); at >= 0; at = bytes.indexOf('\n', at + 1))
    if (parseEntry(bytes, at + 1)) return at + 1;
  return bytes.length;
}

function parseEntry(bytes: Buffer, start: number): { entry: LogEntry; end: number } | undefined {
  const jsonStart = start + checksumLength;
  if (bytes[jsonStart] !== '['.charCodeAt(0)) return undefined;
  const headerEnd = bytes.indexOf('\n', jsonStart);
  const header = headerEnd < 0 ? undefined : parseHeader(bytes.toString('utf8', jsonStart, headerEnd));
  if (!header) return undefined;
  const [sequence, ...changes] = header;
  const end = changes.reduce((sum, [, length]) => sum + Math.max(0, length), headerEnd + 1);
  const checksum = bytes.toString('latin1', start, jsonStart);
  if (end >= bytes.length || checksum !== checksumOf(bytes.subarray(jsonStart, end))) return undefined;
  let offset = headerEnd + 1;
  const operations = changes.map(([key, length]): StoreOperation => {
    if (length < 0) return { type: 'del', key };
    const value = bytes.toString('utf8', offset, offset + length);
    offset += length;
    return { type: 'put', key, value };
  });
  return { entry: { sequence, operations }, end: end + 1 };
}

/** `undefined` when the line is no header, which need not mean that it is no JSON. */
function parseHeader(line: string): Header | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isHeader(parsed) ? parsed : undefined;
}

function isHeader(value: unknown): value is Header {
  if (!Array.isArray(value)) return false;
  const [sequence, ...changes] = value as unknown[];
  const isChange = (change: unknown): boolean =>
    Array.isArray(change) && typeof change[0] === 'string' && Number.isSafeInteger(change[1]);
  return Number.isSafeInteger(sequence) && changes.every(isChange);
}

function serialize({ sequence, operations }: LogEntry): string {
  const header: [number, ...[string, number][]] = [sequence];
  let values = '';
  for (const operation of operations) {
    header.push([operation.key, operation.type === 'put' ? Buffer.byteLength(operation.value) : -1]);
    if (operation.type === 'put') values += operation.value;
  }
  const content = `${JSON.stringify(header)}\n${values}`;
  return `${checksumOf(content)}${content}\n`;
}

/** A log open for writing. */
export class WriteAheadLog {
  readonly #file: number;
  #length = 0;

  /** Creates the log file, or truncates it. @throws Error when it cannot be written. */
  constructor(path: string) {
    this.#file = openSync(path, 'w', 0o600);
    // The mode above is that of new files only.
    fchmodSync(this.#file, 0o600);
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
    // Part of the entry may have been written.
    ftruncateSync(this.#file, this.#length);
    return false;
  }

  /** Removes all entries, once the database has them. @param sequence of the last write to the database. */
  clear(sequence: number): void {
    ftruncateSync(this.#file, 0);
    this.#length = 0;
    this.append({ sequence, operations: [] });
  }

  close(): void {
    closeSync(this.#file);
  }
}

function readIfExists(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
