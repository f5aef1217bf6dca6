/**
 * What a remote must not forget when Node-RED is killed: one LevelDB in the remote's own folder. Everybody who wants
 * something written waits for the same write, so that a thousand events cost little more than one. What cannot wait
 * is recorded in a journal first, which the database catches up with.
 */
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import { errorMessage } from '../../bot/errors';
import { type Entry, Journal, readJournal } from './write-ahead-log';

/** One change. */
export type Operation =
  | {
      readonly type: 'put';
      readonly key: string;
      readonly value: string;
      /** Whether there never was such a key: if it goes again soon, the database need not hear of it. */
      readonly isNew?: true;
    }
  | { readonly type: 'del'; readonly key: string };

/** What the database is to have instead of what it has. */
interface Change {
  /** Undefined where the key is to go. */
  readonly value: string | undefined;
  /** Whether it is tried again after a write that failed; nobody was told of it then. */
  readonly isOwed: boolean;
  /** Whether the database knows nothing of the key. */
  readonly isNew: boolean;
}

/** Somebody who waits for the next write. */
interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** How long the database may be behind the journal, in ms: what comes together costs little more than one. */
const catchUpAfter = 25;

/** The last entry of the journal that the database has. */
const journaled = 'm!journal';

/** Beyond so many changes at a time it is quicker to write them to the database together than to record each. */
const calm = 256;

/** How often an open is tried while the remote's previous life, being redeployed, still holds the lock. */
const lockAttempts = 20;

/** A small database with one writer. */
export class Store {
  readonly #db: ClassicLevel;
  readonly #journal: Journal;
  /** What the database does not have yet, of each key the last. */
  #changes = new Map<string, Change>();
  /** What it is being given. */
  #beingWritten: ReadonlyMap<string, Change> | undefined;
  readonly #gathering: (() => readonly Operation[])[] = [];
  #waiting: Waiting[] = [];
  /** The last entry of the journal, and the last one that the database has. */
  #sequence: number;
  #saved: number;
  #writing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #catchUp: NodeJS.Timeout | undefined;

  private constructor(db: ClassicLevel, journal: Journal, sequence: number) {
    this.#db = db;
    this.#journal = journal;
    this.#sequence = sequence;
    this.#saved = sequence;
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
      tell(`The store ${directory} is damaged and is being repaired: ${errorMessage(error)}`);
    }
    try {
      await ClassicLevel.repair(directory);
      return await Store.#caughtUp(directory);
    } catch (error) {
      const aside = `${directory}.damaged-${Date.now()}`;
      await rename(directory, aside);
      tell(`The store could not be repaired and was kept aside as ${aside}: ${errorMessage(error)}`);
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
  commit(operations: readonly Operation[] | (() => readonly Operation[])): Promise<void> {
    if (typeof operations === 'function') this.#gathering.push(operations);
    else this.#change(operations, false);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
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
    this.#sequence = entry.sequence;
    this.#change(operations, true);
    this.#writeSoon();
    return Promise.resolve();
  }

  /** Removes a key some time soon: after a crash it may still be there. */
  removeSoon(key: string): void {
    this.#remove(key, true);
    this.#writeSoon();
  }

  /** The value of a key. Reads memory, or a block of a file: microseconds either way. */
  get(key: string): string | undefined {
    const change = this.#changes.get(key) ?? this.#beingWritten?.get(key);
    return change ? change.value : this.#db.getSync(key);
  }

  /** Everything whose key begins with a prefix, in the order of the keys; without what was recorded just now. */
  entries(prefix: string): AsyncIterable<[string, string]> {
    return this.#db.iterator({ gte: prefix, lt: `${prefix}\uffff` });
  }

  /** The keys that begin with a prefix, in order. */
  keys(prefix: string): AsyncIterable<string> {
    return this.#db.keys({ gte: prefix, lt: `${prefix}\uffff` });
  }

  /** Whether so little is going on that recording is quicker than waiting for the database. */
  get isCalm(): boolean {
    return this.#changes.size < calm;
  }

  /** Waits for what is being written, and closes. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#writing;
    if (this.#changes.size > 0) {
      this.#writing = this.#write();
      await this.#writing;
    }
    clearTimeout(this.#catchUp);
    this.#journal.close();
    await this.#db.close();
  }

  #change(operations: readonly Operation[], isOwed: boolean): void {
    for (const one of operations) {
      if (one.type === 'del') this.#remove(one.key, isOwed);
      else {
        const isNew = this.#changes.get(one.key)?.isNew ?? one.isNew ?? false;
        this.#changes.set(one.key, { value: one.value, isOwed, isNew });
      }
    }
  }

  #remove(key: string, isOwed: boolean): void {
    if (this.#changes.get(key)?.isNew) this.#changes.delete(key);
    else this.#changes.set(key, { value: undefined, isOwed, isNew: false });
  }

  #writeSoon(): void {
    this.#catchUp ??= setTimeout(() => {
      this.#writing ??= this.#write();
    }, catchUpAfter);
  }

  async #write(): Promise<void> {
    clearTimeout(this.#catchUp);
    this.#catchUp = undefined;
    // What is asked for in the same moment is written together.
    await Promise.resolve();
    let failed;
    do {
      failed = false;
      for (const gather of this.#gathering.splice(0)) this.#change(gather(), false);
      const changes = this.#changes;
      const waiting = this.#waiting;
      this.#changes = new Map();
      this.#waiting = [];
      this.#beingWritten = changes;
      try {
        await this.#batch(changes);
        for (const { resolve } of waiting) resolve();
      } catch (error) {
        for (const { reject } of waiting) reject(error);
        // Tried again with whatever comes next.
        failed = true;
        for (const [key, change] of changes)
          if (change.isOwed && !this.#changes.has(key)) this.#changes.set(key, change);
      } finally {
        this.#beingWritten = undefined;
      }
    } while (this.#waiting.length > 0);
    this.#writing = undefined;
    // What was only recorded meanwhile has time.
    if (this.#changes.size > 0 && !failed && !this.#closing) this.#writeSoon();
  }

  async #batch(changes: ReadonlyMap<string, Change>): Promise<void> {
    const last = this.#sequence;
    const operations: Operation[] = [];
    for (const [key, { value }] of changes)
      operations.push(value === undefined ? { type: 'del', key } : { type: 'put', key, value });
    if (last > this.#saved) operations.push({ type: 'put', key: journaled, value: String(last) });
    await this.#db.batch(operations);
    this.#saved = last;
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
