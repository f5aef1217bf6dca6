/**
 * What a remote must not forget when Node-RED is killed: one LevelDB in the remote's own folder. Everybody who wants
 * something written waits for the same write, so that a thousand events cost little more than one. What cannot wait
 * is recorded in a journal first, which the database catches up with.
 */
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import { reasonOf } from '../bot/errors';
import { type Entry, Journal, readJournal } from './journal';

/** One change. */
export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

interface Waiting {
  readonly operations: readonly Operation[] | (() => readonly Operation[]);
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  /** Of what is in the journal already: its line. */
  readonly sequence?: number;
}

/** How long the database may be behind the journal, in ms: what comes together costs little more than one. */
const catchUpAfter = 25;

/** The last line of the journal that the database has. */
const journaled = 'm!journal';

function nothing(): void {
  // Nobody waits for what is written some time soon.
}

/** How often an open is tried while the remote's previous life, being redeployed, still holds the lock. */
const lockAttempts = 20;

/** A small database with one writer. */
export class Store {
  readonly #db: ClassicLevel;
  readonly #journal: Journal;
  /** What the journal has and the database may not have yet. */
  readonly #recent = new Map<string, { readonly sequence: number; readonly value: string | undefined }>();
  #sequence: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #catchUp: NodeJS.Timeout | undefined;

  private constructor(db: ClassicLevel, journal: Journal, sequence: number) {
    this.#db = db;
    this.#journal = journal;
    this.#sequence = sequence;
  }

  /**
   * Opens the database in a folder, which is made when it is missing and readable by its owner only.
   * @param tell told of a database that could not be read; it is repaired, or kept aside.
   * @throws Error when the folder cannot be written.
   */
  static async open(directory: string, tell: (problem: string) => void): Promise<Store> {
    await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    try {
      return await Store.#caughtUp(directory);
    } catch (error) {
      if (codeOf(error) === 'LEVEL_LOCKED') throw error;
      tell(`The store ${directory} is damaged and is being repaired: ${reasonOf(error)}`);
    }
    try {
      await ClassicLevel.repair(directory);
      return await Store.#caughtUp(directory);
    } catch (error) {
      const aside = `${directory}.damaged-${Date.now()}`;
      await rename(directory, aside);
      tell(`The store could not be repaired and was kept aside as ${aside}: ${reasonOf(error)}`);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      return await Store.#caughtUp(directory);
    }
  }

  /** Opens the database and gives it what only the journal has. */
  static async #caughtUp(directory: string): Promise<Store> {
    const db = await opened(directory);
    try {
      const path = join(directory, 'journal');
      let sequence = Number(db.getSync(journaled) ?? 0);
      const missing = readJournal(path).filter((entry) => entry.sequence > sequence);
      sequence = missing.at(-1)?.sequence ?? sequence;
      const operations = missing.flatMap((entry) => entry.operations);
      await db.batch([...operations, { type: 'put', key: journaled, value: String(sequence) }]);
      return new Store(db, new Journal(path), sequence);
    } catch (error) {
      await db.close();
      throw error;
    }
  }

  /**
   * Writes changes, all or none of them; resolves when they survive the end of this process. A function is asked for
   * its changes when the write begins, so that it can gather what came while it waited.
   */
  commit(operations: Waiting['operations']): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ operations, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  /**
   * Like `commit`, for what is small and cannot wait: as a rule it is written when the call returns. What is committed
   * later comes after it.
   */
  record(operations: readonly Operation[]): Promise<void> {
    const entry: Entry = { sequence: this.#sequence + 1, operations };
    if (!this.#journal.append(entry)) return this.commit(operations);
    const { sequence } = entry;
    this.#sequence = sequence;
    for (const one of operations)
      this.#recent.set(one.key, { sequence, value: one.type === 'put' ? one.value : undefined });
    this.#writeSoon({ operations, resolve: nothing, reject: nothing, sequence });
    return Promise.resolve();
  }

  /** Removes a key some time soon: after a crash it may still be there. */
  removeSoon(key: string): void {
    this.#writeSoon({ operations: [{ type: 'del', key }], resolve: nothing, reject: nothing });
  }

  /** The value of a key. Reads memory, or a block of a file: microseconds either way. */
  get(key: string): string | undefined {
    const recent = this.#recent.get(key);
    return recent ? recent.value : this.#db.getSync(key);
  }

  /** Everything whose key begins with a prefix, in the order of the keys; without what was recorded just now. */
  entries(prefix: string): AsyncIterable<[string, string]> {
    return this.#db.iterator({ gte: prefix, lt: `${prefix}\uffff` });
  }

  /** The keys that begin with a prefix, in order. */
  keys(prefix: string): AsyncIterable<string> {
    return this.#db.keys({ gte: prefix, lt: `${prefix}\uffff` });
  }

  /** Whether nothing is being written to the database, so that recording is quicker than waiting for a turn. */
  get isIdle(): boolean {
    return this.#writing === undefined;
  }

  /** Waits for what is being written, and closes. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await (this.#writing ?? this.#write());
    clearTimeout(this.#catchUp);
    this.#journal.close();
    await this.#db.close();
  }

  #writeSoon(change: Waiting): void {
    this.#waiting.push(change);
    this.#catchUp ??= setTimeout(() => {
      this.#writing ??= this.#write();
    }, catchUpAfter);
  }

  async #write(): Promise<void> {
    clearTimeout(this.#catchUp);
    this.#catchUp = undefined;
    // What is asked for in the same moment is written together.
    await Promise.resolve();
    for (let failed = false; this.#waiting.length > 0 && !failed;) {
      const turn = this.#waiting;
      this.#waiting = [];
      try {
        await this.#batch(turn);
        for (const { resolve } of turn) resolve();
      } catch (error) {
        for (const { reject } of turn) reject(error);
        // The journal keeps what was recorded; it is tried again with whatever comes next.
        const recorded = turn.filter(({ sequence }) => sequence !== undefined);
        failed = recorded.length > 0;
        this.#waiting.unshift(...recorded);
      }
    }
    this.#writing = undefined;
  }

  async #batch(turn: readonly Waiting[]): Promise<void> {
    // Of several changes of one key only the last counts.
    const changes = new Map<string, Operation>();
    let last: number | undefined;
    for (const { operations, sequence } of turn) {
      for (const one of typeof operations === 'function' ? operations() : operations)
        changes.set(one.key, one);
      last = sequence ?? last;
    }
    if (last !== undefined) changes.set(journaled, { type: 'put', key: journaled, value: String(last) });
    if (changes.size > 0) await this.#db.batch([...changes.values()]);
    if (last === undefined) return;
    for (const [key, { sequence }] of this.#recent) if (sequence <= last) this.#recent.delete(key);
    if (last === this.#sequence) this.#journal.clear();
  }
}

function codeOf(error: unknown): unknown {
  const { cause, code } = (error ?? {}) as { cause?: { code?: unknown }; code?: unknown };
  return cause?.code ?? code;
}

async function opened(directory: string): Promise<ClassicLevel> {
  for (let attempt = 1; ; attempt += 1) {
    const db = new ClassicLevel(directory);
    try {
      await db.open();
      return db;
    } catch (error) {
      if (codeOf(error) !== 'LEVEL_LOCKED' || attempt === lockAttempts) throw error;
      await delay(100);
    }
  }
}
