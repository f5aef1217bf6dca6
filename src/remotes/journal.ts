/**
 * What could not wait for the database: one line a change in a file of its own, written before the call returns. A
 * line costs microseconds, a write of the database a hundred times as much, most of it waiting for another thread.
 */
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Operation } from './store';

/** Beyond this the database must catch up first, in bytes. */
const longest = 4 * 1024 * 1024;

/** One line: changes that belong together. */
export interface Entry {
  readonly sequence: number;
  readonly operations: readonly Operation[];
}

/** The lines that an earlier life left; the last one is missing if that life ended in the middle of it. */
export function readJournal(path: string): Entry[] {
  const entries: Entry[] = [];
  for (const line of textOf(path).split('\n')) {
    try {
      const [sequence, operations] = JSON.parse(line) as [number, Operation[]];
      entries.push({ sequence, operations });
    } catch {
      break;
    }
  }
  return entries;
}

/** A journal that is being written. */
export class Journal {
  readonly #file: number;
  #length = 0;

  /** Begins a journal; what was in the file is gone. @throws Error when it cannot be written. */
  constructor(path: string) {
    this.#file = openSync(path, 'w', 0o600);
  }

  /** Writes a line. @returns whether it is written; not when the journal is full, or the disk. */
  append({ sequence, operations }: Entry): boolean {
    const line = `${JSON.stringify([sequence, operations])}\n`;
    const length = Buffer.byteLength(line);
    if (this.#length + length > longest) return false;
    try {
      if (writeSync(this.#file, line, this.#length) === length) {
        this.#length += length;
        return true;
      }
    } catch {
      // A full disk is told by the database, which is asked next.
    }
    return false;
  }

  /** Forgets all lines: the database has them. */
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
