/**
 * Durable key-value store of a remote: one LevelDB in the remote's own folder. Concurrent commits share one batch write,
 * so that a thousand events cost little more than one. Latency-critical changes go to a write-ahead log first, and to the
 * database soon after.
 */
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import { errorMessage } from '../../bot/errors';
import { type LogEntry, WriteAheadLog, readLog } from './write-ahead-log';

/** A change of one key. */
export type StoreOperation =
  | {
      readonly type: 'put';
      readonly key: string;
      readonly value: string;
      /** Whether the key has never been used: when it is deleted before the next write, the database is not touched. */
      readonly isFreshKey?: true;
    }
  | { readonly type: 'del'; readonly key: string };

/** A change that is not in the database yet. */
interface PendingChange {
  /** `undefined` deletes the key. */
  readonly value: string | undefined;
  /** Whether a failed write is retried, because no caller waits for its result. */
  readonly retryOnFailure: boolean;
  /** Whether the database does not contain the key. */
  readonly isNew: boolean;
}

/** The promise of a caller that waits for the next write. */
interface WriteWaiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** How long logged changes are collected before they are written to the database, in ms. */
const flushDelayMs = 25;

/** The key under which the database has the sequence number of the last log entry written to it. */
const sequenceKey = 'm!journal';

/** With this many pending changes, one batch write is faster than logging each change. */
const idleThreshold = 256;

/** How often opening is tried, 100 ms apart, while the previous instance of a redeployed remote still holds the lock. */
const maxLockAttempts = 20;

/** A LevelDB with a write-ahead log and one writer. */
export class KeyValueStore {
  readonly #db: ClassicLevel;
  readonly #log: WriteAheadLog;
  /** The last change of each key that is not in the database yet. */
  #pendingChanges = new Map<string, PendingChange>();
  /** The changes of the batch write in progress. */
  #changesBeingWritten: ReadonlyMap<string, PendingChange> | undefined;
  readonly #pendingProducers: (() => readonly StoreOperation[])[] = [];
  #writeWaiters: WriteWaiter[] = [];
  /** Sequence numbers of the last log entry, and of the last one written to the database. */
  #sequence: number;
  #flushedSequence: number;
  #writing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #flushTimer: NodeJS.Timeout | undefined;

  private constructor(db: ClassicLevel, log: WriteAheadLog, sequence: number) {
    this.#db = db;
    this.#log = log;
    this.#sequence = sequence;
    this.#flushedSequence = sequence;
  }

  /**
   * Opens the database in a folder, which is created, readable by its owner only, when it is missing.
   * @param onProblem called with a sentence when the database is damaged; it is repaired, or moved aside.
   * @throws Error when the folder cannot be written.
   */
  static async open(directory: string, onProblem: (problem: string) => void): Promise<KeyValueStore> {
    await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    try {
      return await KeyValueStore.#openAndReplay(directory);
    } catch (error) {
      if (errorCode(error) === 'LEVEL_LOCKED') throw error;
      onProblem(`The store ${directory} is damaged and is being repaired: ${errorMessage(error)}`);
    }
    try {
      await ClassicLevel.repair(directory);
      return await KeyValueStore.#openAndReplay(directory);
    } catch (error) {
      const quarantine = `${directory}.damaged-${Date.now()}`;
      await rename(directory, quarantine);
      onProblem(`The store could not be repaired and was moved to ${quarantine}: ${errorMessage(error)}`);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      return await KeyValueStore.#openAndReplay(directory);
    }
  }

  /** Opens the database and writes the log entries that it lacks. */
  static async #openAndReplay(directory: string): Promise<KeyValueStore> {
    const db = await openWithRetry(directory);
    try {
      const path = join(directory, 'journal');
      let sequence = Number(db.getSync(sequenceKey) ?? 0);
      const missing = readLog(path).filter((entry) => entry.sequence > sequence);
      sequence = missing.at(-1)?.sequence ?? sequence;
      const operations = missing.flatMap((entry) => entry.operations);
      await db.batch([...operations, { type: 'put', key: sequenceKey, value: String(sequence) }]);
      return new KeyValueStore(db, new WriteAheadLog(path), sequence);
    } catch (error) {
      await db.close();
      throw error;
    }
  }

  /**
   * Writes changes atomically; resolves when they survive the end of this process. A function is called when the write
   * begins, so that it can collect what has arrived while waiting.
   * @throws Error when the database cannot be written.
   */
  commit(operations: readonly StoreOperation[] | (() => readonly StoreOperation[])): Promise<void> {
    if (typeof operations === 'function') this.#pendingProducers.push(operations);
    else this.#stage(operations, false);
    return new Promise((resolve, reject) => {
      this.#writeWaiters.push({ resolve, reject });
      this.#writing ??= this.#writePending();
    });
  }

  /**
   * Like `commit`, for small, latency-critical changes: they are normally in the write-ahead log when the call returns.
   * Later commits are applied after them.
   */
  commitToLog(operations: readonly StoreOperation[]): Promise<void> {
    const entry: LogEntry = { sequence: this.#sequence + 1, operations };
    if (!this.#log.append(entry)) return this.commit(operations);
    this.#sequence = entry.sequence;
    this.#stage(operations, true);
    this.#scheduleWrite();
    return Promise.resolve();
  }

  /** Deletes a key with the next write: after a crash it may still exist. */
  deleteLazily(key: string): void {
    this.#stageDelete(key, true);
    this.#scheduleWrite();
  }

  /** The value of a key. Synchronous: memory or one block of a file, microseconds either way. */
  get(key: string): string | undefined {
    const change = this.#pendingChanges.get(key) ?? this.#changesBeingWritten?.get(key);
    return change ? change.value : this.#db.getSync(key);
  }

  /** All entries whose key begins with a prefix, ordered by key; without changes not written to the database yet. */
  entries(prefix: string): AsyncIterable<[string, string]> {
    return this.#db.iterator({ gte: prefix, lt: `${prefix}\uffff` });
  }

  /** The keys that begin with a prefix, ordered; without changes not written to the database yet. */
  keys(prefix: string): AsyncIterable<string> {
    return this.#db.keys({ gte: prefix, lt: `${prefix}\uffff` });
  }

  /** Whether there are so few pending changes that logging is faster than waiting for the database. */
  get isIdle(): boolean {
    return this.#pendingChanges.size < idleThreshold;
  }

  /** Writes all pending changes, and closes. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#writing;
    if (this.#pendingChanges.size > 0) {
      this.#writing = this.#writePending();
      await this.#writing;
    }
    clearTimeout(this.#flushTimer);
    this.#log.close();
    await this.#db.close();
  }

  #stage(operations: readonly StoreOperation[], retryOnFailure: boolean): void {
    for (const operation of operations) {
      const { key } = operation;
      if (operation.type === 'del') this.#stageDelete(key, retryOnFailure);
      else {
        const isNew = this.#pendingChanges.get(key)?.isNew ?? operation.isFreshKey ?? false;
        this.#pendingChanges.set(key, { value: operation.value, retryOnFailure, isNew });
      }
    }
  }

  #stageDelete(key: string, retryOnFailure: boolean): void {
    if (this.#pendingChanges.get(key)?.isNew) this.#pendingChanges.delete(key);
    else this.#pendingChanges.set(key, { value: undefined, retryOnFailure, isNew: false });
  }

  #scheduleWrite(): void {
    this.#flushTimer ??= setTimeout(() => {
      this.#writing ??= this.#writePending();
    }, flushDelayMs);
  }

  async #writePending(): Promise<void> {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    // Commits of the same tick share the write.
    await Promise.resolve();
    let failed;
    do {
      failed = false;
      for (const produce of this.#pendingProducers.splice(0)) this.#stage(produce(), false);
      const changes = this.#pendingChanges;
      const waiters = this.#writeWaiters;
      this.#pendingChanges = new Map();
      this.#writeWaiters = [];
      this.#changesBeingWritten = changes;
      try {
        await this.#writeBatch(changes);
        for (const { resolve } of waiters) resolve();
      } catch (error) {
        for (const { reject } of waiters) reject(error);
        // Retried together with the next changes.
        failed = true;
        for (const [key, change] of changes)
          if (change.retryOnFailure && !this.#pendingChanges.has(key)) this.#pendingChanges.set(key, change);
      } finally {
        this.#changesBeingWritten = undefined;
      }
    } while (this.#writeWaiters.length > 0);
    this.#writing = undefined;
    // Changes logged during the write can wait for the next one.
    if (this.#pendingChanges.size > 0 && !failed && !this.#closing) this.#scheduleWrite();
  }

  async #writeBatch(changes: ReadonlyMap<string, PendingChange>): Promise<void> {
    const last = this.#sequence;
    const operations: StoreOperation[] = [];
    for (const [key, { value }] of changes)
      operations.push(value === undefined ? { type: 'del', key } : { type: 'put', key, value });
    if (last > this.#flushedSequence) operations.push({ type: 'put', key: sequenceKey, value: String(last) });
    await this.#db.batch(operations);
    this.#flushedSequence = last;
    if (last === this.#sequence) this.#log.clear();
  }
}

function errorCode(error: unknown): unknown {
  const { cause, code } = (error ?? {}) as { cause?: { code?: unknown }; code?: unknown };
  return cause?.code ?? code;
}

async function openWithRetry(directory: string): Promise<ClassicLevel> {
  for (let attempt = 1; ; attempt += 1) {
    const db = new ClassicLevel(directory);
    try {
      await db.open();
      return db;
    } catch (error) {
      if (errorCode(error) !== 'LEVEL_LOCKED' || attempt === maxLockAttempts) throw error;
      await delay(100);
    }
  }
}
