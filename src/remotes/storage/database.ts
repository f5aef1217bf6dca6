/**
 * The LevelDB of a store. LevelDB loses everything that is written after a failed write, reads damaged blocks without a
 * word and takes a folder without its file CURRENT for an empty one. So after a failed write it is opened again, each
 * record has a checksum, and a damaged database is repaired when it is opened.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import { errorMessage } from '../../bot/errors';
import { limitLost, maxLostBytes, writeLost } from './lost-folder';
import { openRecord, sealRecord } from './record-checksum';
import { SpaceReserve } from './space-reserve';
import type { StoreOperation } from './store-operation';

/** How often opening is tried, 100 ms apart, while the previous instance of a redeployed remote still holds the lock. */
const maxLockAttempts = 20;

/** Errors of the disk or its rights, which say nothing about the state of the database. */
const environmentErrors =
  /No space|File too large|quota|Permission denied|not permitted|Read-only|Too many open|LOCK:/i;

/** An open database. */
export class Database {
  readonly #directory: string;
  readonly #onDamage: (count: number, what: string) => void;
  readonly #reserve: SpaceReserve;
  #db!: ClassicLevel;
  #hasFailed = false;
  #isClosed = false;
  #protectedAt = 0;
  #lost = 0;
  /** Keys of records that `get` found damaged. */
  readonly #damagedKeys = new Set<string>();

  private constructor(directory: string, onDamage: (count: number, what: string) => void) {
    this.#directory = directory;
    this.#onDamage = onDamage;
    this.#reserve = new SpaceReserve(join(directory, 'reserve'));
  }

  /**
   * Opens the database in a folder, which is created when it is missing; only its owner may read it.
   * @param onDamage called with the number of damaged places and their description; they are set aside.
   * @throws Error when the folder cannot be written, or another process uses it (`isLocked`).
   */
  static async open(directory: string, onDamage: (count: number, what: string) => void): Promise<Database> {
    const database = new Database(directory, onDamage);
    await database.#open();
    return database;
  }

  /** Whether there is so little space that only deletions should be written. */
  get isFull(): boolean {
    return this.#reserve.isReleased;
  }

  /** The value of a key; `undefined` when there is none or it is damaged. @throws Error while it cannot be opened. */
  get(key: string): string | undefined {
    let record: string | undefined;
    try {
      record = this.#db.getSync(key);
    } catch (error) {
      if (this.#db.status !== 'open') throw error;
      if (!this.isDamaged(key)) this.#onDamage(1, errorMessage(error));
      this.#damagedKeys.add(key);
      return undefined;
    }
    const value = record === undefined ? undefined : openRecord(key, record);
    if (record !== undefined && value === undefined) {
      if (!this.isDamaged(key)) void this.#setAside(key, record);
      this.#damagedKeys.add(key);
    }
    return value;
  }

  /** Whether `get` has found the record of a key damaged. */
  isDamaged(key: string): boolean {
    return this.#damagedKeys.has(key);
  }

  /** The intact entries whose key begins with a prefix, ordered by key; damaged ones are deleted. */
  async *entries(prefix: string): AsyncGenerator<[string, string]> {
    for await (const [key, record] of this.#db.iterator(rangeOf(prefix))) {
      const value = openRecord(key, record);
      if (value !== undefined) yield [key, value];
      else {
        await this.#setAside(key, record);
        await this.#db.del(key).catch(() => undefined);
      }
    }
  }

  /** The keys that begin with a prefix, ordered. */
  keys(prefix: string): AsyncIterable<string> {
    return this.#db.keys(rangeOf(prefix));
  }

  /**
   * Writes changes atomically. After a failed write, the database is opened again first.
   * @throws Error when they cannot be written.
   */
  async write(operations: readonly StoreOperation[]): Promise<void> {
    if (this.#hasFailed) await this.#reopen();
    try {
      await this.#db.batch(operations.map(sealOperation));
    } catch (error) {
      this.#hasFailed = true;
      this.#reserve.release();
      throw error;
    }
    await this.#protect();
  }

  /** Takes the reserve again. @returns whether there is space for it. */
  reserveSpace(): boolean {
    return this.#reserve.take();
  }

  /** Returns the space of deleted entries to the disk. */
  async compact(): Promise<void> {
    await this.#db.compactRange('\0', '\uffff');
  }

  /** Closes. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#db.close();
    // Tables may have been written since the last change.
    await this.#protect();
  }

  async #reopen(): Promise<void> {
    if (this.#isClosed) throw new Error('the store is closed');
    if (this.#db.status !== 'closed') await this.#db.close();
    await this.#open();
    this.#hasFailed = false;
  }

  async #open(): Promise<void> {
    const directory = this.#directory;
    await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await chmod(directory, 0o700);
    this.#reserve.find();
    try {
      await this.#openOrRepair();
    } catch (error) {
      if (isLocked(error)) throw error;
      // On a full disk, what is reserved or kept for the owner may be just enough.
      this.#reserve.release();
      await limitLost(directory, 0);
      await this.#openOrRepair();
    }
    await limitLost(directory, maxLostBytes);
    if (!this.#hasFailed) this.#reserve.take();
    await this.#protect();
  }

  async #openOrRepair(): Promise<void> {
    const directory = this.#directory;
    try {
      await this.#openAndCheck();
      return;
    } catch (error) {
      if (isLocked(error) || isEnvironmentError(error)) throw error;
      this.#onDamage(1, errorMessage(causeOf(error)));
    }
    try {
      await ClassicLevel.repair(directory);
      await this.#openAndCheck();
    } catch (error) {
      if (isEnvironmentError(error)) throw error;
      const quarantine = `${directory}.damaged-${Date.now()}`;
      await rename(directory, quarantine);
      await mkdir(directory, { mode: 0o700 });
      // The write-ahead log need not be damaged as well.
      await copyFile(join(quarantine, 'journal'), join(directory, 'journal')).catch(() => undefined);
      await this.#openAndCheck();
    }
  }

  /** Opens, and reads all keys: whatever LevelDB cannot read is an error. */
  async #openAndCheck(): Promise<void> {
    const directory = this.#directory;
    if (
      !existsSync(join(directory, 'CURRENT')) &&
      readdirSync(directory).some((name) => /\.(ldb|log)$/.test(name))
    )
      throw new Error('the file CURRENT is missing');
    // Created only now: it opens itself, and would replace a database without CURRENT by an empty one.
    const db = new ClassicLevel(directory);
    try {
      await openWithRetry(db);
      const keys = db.keys();
      while ((await keys.nextv(1000)).length > 0);
      await keys.close();
    } catch (error) {
      await db.close();
      throw error;
    }
    this.#db = db;
    const dropped = readFileSync(join(directory, 'LOG'), 'utf8').match(/dropping \d+ bytes; Corruption.*/g);
    if (dropped) this.#onDamage(dropped.length, dropped.join('; '));
  }

  async #setAside(key: string, record: string): Promise<void> {
    this.#lost += 1;
    this.#onDamage(1, 'a checksum does not match');
    const name = `record-${Date.now()}-${this.#lost}.json`;
    await writeLost(this.#directory, name, JSON.stringify({ key, record })).catch(() => undefined);
  }

  /** LevelDB creates its files readable by all: those created since the last call become readable by the owner only. */
  async #protect(): Promise<void> {
    const { mtimeMs } = statSync(this.#directory);
    if (mtimeMs === this.#protectedAt) return;
    this.#protectedAt = mtimeMs;
    const paths = readdirSync(this.#directory, { withFileTypes: true });
    await Promise.all(
      // A file may have been deleted meanwhile.
      paths.map((one) =>
        chmod(join(this.#directory, one.name), one.isDirectory() ? 0o700 : 0o600).catch(() => undefined),
      ),
    );
  }
}

/** Whether an error means that another process uses the database. */
export function isLocked(error: unknown): boolean {
  return (causeOf(error) as { code?: unknown }).code === 'LEVEL_LOCKED';
}

function isEnvironmentError(error: unknown): boolean {
  return environmentErrors.test(errorMessage(causeOf(error)));
}

/** LevelDB's error behind the one that says that the database is not open. */
export function causeOf(error: unknown): unknown {
  return (error as { cause?: unknown } | undefined)?.cause ?? error;
}

function rangeOf(prefix: string): { gte: string; lt: string } {
  return { gte: prefix, lt: `${prefix}\uffff` };
}

function sealOperation(operation: StoreOperation): StoreOperation {
  if (operation.type === 'del') return operation;
  const { key, value } = operation;
  return { type: 'put', key, value: sealRecord(key, value) };
}

async function openWithRetry(db: ClassicLevel): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await db.open();
      return;
    } catch (error) {
      if (!isLocked(error) || attempt === maxLockAttempts) throw error;
      await delay(100);
    }
  }
}
