/**
 * What could not wait for the database: one entry a change in a file of its own, written before the call returns. An
 * entry costs microseconds, a write of the database a hundred times as much, most of it waiting for another thread.
 *
 * An entry is a line of JSON, `[sequence, [key, length of the value], …]` with a length of -1 where the key goes, then
 * the values as they are, one behind the other, and the end of the line. Values are JSON mostly, which is slow to be
 * put into JSON again. Lengths are those of JavaScript.
 */
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Operation } from './key-value-store';

/** Beyond this the database must catch up first, in bytes. */
const longest = 4 * 1024 * 1024;

/** Changes that belong together. */
export interface Entry {
  readonly sequence: number;
  readonly operations: readonly Operation[];
}

/** The entries that an earlier life left; the last one is missing if that life ended in the middle of it. */
export function readJournal(path: string): Entry[] {
  const entries: Entry[] = [];
  const text = textOf(path);
  for (let at = 0; at < text.length;) {
    const headEnd = text.indexOf('\n', at);
    const head = headOf(text.slice(at, headEnd));
    if (headEnd < 0 || !head) break;
    at = headEnd + 1;
    const [sequence, ...changes] = head;
    const operations = changes.map(([key, length]): Operation => {
      if (length < 0) return { type: 'del', key };
      const value = text.slice(at, at + length);
      at += length;
      return { type: 'put', key, value };
    });
    if (text[at] !== '\n') break;
    at += 1;
    entries.push({ sequence, operations });
  }
  return entries;
}

type Head = [number, ...[string, number][]];

function headOf(line: string): Head | undefined {
  try {
    return JSON.parse(line) as Head;
  } catch {
    return undefined;
  }
}

function written({ sequence, operations }: Entry): string {
  const head: Head = [sequence];
  let values = '';
  for (const one of operations) {
    head.push([one.key, one.type === 'put' ? one.value.length : -1]);
    if (one.type === 'put') values += one.value;
  }
  return `${JSON.stringify(head)}\n${values}\n`;
}

/** A journal that is being written. */
export class Journal {
  readonly #file: number;
  #length = 0;

  /** Begins a journal; what was in the file is gone. @throws Error when it cannot be written. */
  constructor(path: string) {
    this.#file = openSync(path, 'w', 0o600);
  }

  /** Writes an entry. @returns whether it is written; not when the journal is full, or the disk. */
  append(entry: Entry): boolean {
    const text = written(entry);
    const length = Buffer.byteLength(text);
    if (this.#length + length > longest) return false;
    try {
      if (writeSync(this.#file, text, this.#length) === length) {
        this.#length += length;
        return true;
      }
    } catch {
      // A full disk is told by the database, which is asked next.
    }
    return false;
  }

  /** Forgets all entries: the database has them. */
  clear(): void {
    if (this.#length === 0) return;
    ftruncateSync(this.#file, 0);
    this.#length = 0;
  }

  close(): void {
    closeSync(this.#file);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
