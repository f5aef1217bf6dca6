/**
 * What a remote must not forget when Node-RED is killed: one LevelDB in the remote's own folder. Everybody who wants
 * something written waits for the same write, so that a thousand events cost little more than one.
 */
import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import { reasonOf } from '../bot/errors';

/** One change. */
export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

interface Waiting {
  readonly operations: readonly Operation[] | (() => readonly Operation[]);
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** How often an open is tried while the remote's previous life, being redeployed, still holds the lock. */
const lockAttempts = 20;

/** A small database with one writer. */
export class Store {
  readonly #db: ClassicLevel;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  private constructor(db: ClassicLevel) {
    this.#db = db;
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
      return new Store(await opened(directory));
    } catch (error) {
      if (codeOf(error) === 'LEVEL_LOCKED') throw error;
      tell(`The store ${directory} is damaged and is being repaired: ${reasonOf(error)}`);
    }
    try {
      await ClassicLevel.repair(directory);
      return new Store(await opened(directory));
    } catch (error) {
      const aside = `${directory}.damaged-${Date.now()}`;
      await rename(directory, aside);
      tell(`The store could not be repaired and was kept aside as ${aside}: ${reasonOf(error)}`);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      return new Store(await opened(directory));
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

  /** The value of a key. Reads memory, or a block of a file: microseconds either way. */
  get(key: string): string | undefined {
    return this.#db.getSync(key);
  }

  /** Everything whose key begins with a prefix, in the order of the keys. */
  entries(prefix: string): AsyncIterable<[string, string]> {
    return this.#db.iterator({ gte: prefix, lt: `${prefix}\uffff` });
  }

  /** The keys that begin with a prefix, in order. */
  keys(prefix: string): AsyncIterable<string> {
    return this.#db.keys({ gte: prefix, lt: `${prefix}\uffff` });
  }

  /** Waits for what is being written, and closes. Idempotent. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#db.close();
  }

  async #write(): Promise<void> {
    // What is asked for in the same moment is written together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const turn = this.#waiting;
      this.#waiting = [];
      try {
        const batch: Operation[] = [];
        for (const { operations } of turn) {
          for (const one of typeof operations === 'function' ? operations() : operations) batch.push(one);
        }
        if (batch.length > 0) await this.#db.batch(batch);
        for (const { resolve } of turn) resolve();
      } catch (error) {
        for (const { reject } of turn) reject(error);
      }
    }
    this.#writing = undefined;
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
