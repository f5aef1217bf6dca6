/**
 * Durable key-value store of a remote: one LevelDB in the remote's own folder. Concurrent commits share one batch write,
 * so that a thousand events cost little more than one. Latency-critical changes go to a write-ahead log first, and to the
 * database soon after. While the database cannot be written, changes wait in memory.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorMessage, WechatError } from '../../bot/errors';
import { Backoff } from '../../util/backoff';
import { causeOf, Database } from './database';
import { writeLost } from './lost-folder';
import { type FailurePolicy, type PendingChange, PendingChanges } from './pending-changes';
import type { StoreOperation } from './store-operation';
import { type LogEntry, WriteAheadLog, readLog } from './write-ahead-log';

/** The promise of a caller that waits for the next write. */
interface WriteWaiter {
  readonly onFailure: FailurePolicy;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

type Operations = readonly StoreOperation[] | (() => readonly StoreOperation[]);

/** How long logged changes are collected before they are written to the database, in ms. */
const flushDelayMs = 25;

/** The key under which the database has the sequence number of the last log entry written to it. */
const sequenceKey = 'm!journal';

/** With this many pending changes, one batch write is faster than logging each change. */
const idleThreshold = 256;

/** Time between two attempts to write after a failure, in ms. */
const retryLimits = { minMs: 250, maxMs: 10_000 };

/** After so many deleted bytes their space is returned to the disk, and how often at most, in ms. */
const compaction = { bytes: 8 * 1024 * 1024, bytesWhenFull: 64 * 1024, intervalMs: 10_000 };

/** A LevelDB with a write-ahead log and one writer. */
export class KeyValueStore {
  readonly #directory: string;
  readonly #onProblem: (problem: WechatError) => void;
  #db!: Database;
  #log!: WriteAheadLog;
  readonly #pending = new PendingChanges();
  /** The changes of the batch write in progress. */
  #changesBeingWritten: ReadonlyMap<string, PendingChange> | undefined;
  readonly #pendingProducers: { produce: () => readonly StoreOperation[]; onFailure: FailurePolicy }[] = [];
  readonly #writeWaiters: WriteWaiter[] = [];
  /** Those that wait until a write succeeds. */
  readonly #patientWaiters: WriteWaiter[] = [];
  /** Sequence number of the last log entry or write. */
  #sequence = 0;
  #writing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #flushTimer: NodeJS.Timeout | undefined;
  /** When the timer fires, and before when no write is tried again, by the monotonic clock in ms. */
  #flushAt = 0;
  #retryAt = 0;
  readonly #backoff = new Backoff(retryLimits);
  #failure: WechatError | undefined;
  #damaged = 0;
  #deletedBytes = 0;
  #compacting: Promise<void> | undefined;
  #compactedAt = -Infinity;
  /** Called when the store can be written again. */
  onRecovered: () => void = () => undefined;

  private constructor(directory: string, onProblem: (problem: WechatError) => void) {
    this.#directory = directory;
    this.#onProblem = onProblem;
  }

  /**
   * Opens the database in a folder, which is created when it is missing; only its owner may read it.
   * @param onProblem called when something is damaged (`storeDamaged`, it is set aside), when the store cannot be
   *   written any more (`storeUnwritable`), and when it can be written again (`storeWritable`).
   * @throws Error when the folder cannot be written, or is used by another process (`isLocked`).
   */
  static async open(directory: string, onProblem: (problem: WechatError) => void): Promise<KeyValueStore> {
    const store = new KeyValueStore(directory, onProblem);
    await store.#open();
    return store;
  }

  /** Opens the database and writes the log entries that it lacks. */
  async #open(): Promise<void> {
    this.#db = await Database.open(this.#directory, (count, what) => {
      this.#onDamage(count, what);
    });
    try {
      const path = join(this.#directory, 'journal');
      const { entries, damaged } = readLog(path);
      const flushed = Number(this.#db.get(sequenceKey) ?? 0);
      const base = entries.find(({ operations }) => operations.length === 0)?.sequence ?? 0;
      if (base > flushed) this.#onDamage(base - flushed, 'writes are missing at the end of the database');
      if (damaged > 0) {
        await writeLost(this.#directory, `journal-${Date.now()}`, readFileSync(path)).catch(() => undefined);
        this.#onDamage(damaged, 'the write-ahead log has damaged entries');
      }
      const missing = entries.filter(({ sequence }) => sequence > flushed);
      this.#sequence = Math.max(flushed, base, missing.at(-1)?.sequence ?? 0);
      const operations = missing.flatMap((entry) => entry.operations);
      operations.push({ type: 'put', key: sequenceKey, value: String(this.#sequence) });
      // The second attempt has the reserved space.
      await this.#db.write(operations).catch(() => this.#db.write(operations));
      this.#log = new WriteAheadLog(path);
      this.#log.clear(this.#sequence);
    } catch (error) {
      await this.#db.close();
      throw error;
    }
  }

  /** Why the store cannot be written; `undefined` while it can. */
  get failure(): WechatError | undefined {
    return this.#failure;
  }

  /** Number of damaged places found since it was opened. */
  get damaged(): number {
    return this.#damaged;
  }

  /**
   * Writes changes atomically; resolves when they survive the end of this process. A function is called when the write
   * begins, so that it can collect what has arrived while waiting.
   * @throws Error when the database cannot be written; then `onFailure` says what becomes of the changes.
   */
  commit(operations: Operations, onFailure: FailurePolicy = 'discard'): Promise<void> {
    if (this.#closing) return Promise.reject(new Error('the store is closed'));
    if (typeof operations === 'function') this.#pendingProducers.push({ produce: operations, onFailure });
    else this.#pending.stage(operations, onFailure);
    return new Promise((resolve, reject) => {
      this.#writeWaiters.push({ onFailure, resolve, reject });
      this.#writing ??= this.#writePending();
    });
  }

  /**
   * Like `commit`, for small, latency-critical changes: they are normally in the write-ahead log when the call returns.
   * Later commits are applied after them.
   */
  commitToLog(operations: readonly StoreOperation[], onFailure: FailurePolicy = 'discard'): Promise<void> {
    const entry: LogEntry = { sequence: this.#sequence + 1, operations };
    // On a full disk the log would take the space that was reserved for deletions.
    if (this.#closing || this.#db.isFull || !this.#log.append(entry))
      return this.commit(operations, onFailure);
    this.#sequence = entry.sequence;
    this.#pending.stage(operations, 'retry');
    this.#scheduleWrite();
    return Promise.resolve();
  }

  /** Puts a key with the next write: after a crash it may have the old value. */
  putLazily(key: string, value: string): void {
    this.#pending.stage([{ type: 'put', key, value }], 'retry');
    this.#scheduleWrite();
  }

  /** Deletes a key with the next write: after a crash it may still exist. @param bytes its approximate size. */
  deleteLazily(key: string, bytes = 0): void {
    if (this.#pending.delete(key)) this.#deletedBytes += bytes;
    this.#scheduleWrite();
  }

  /**
   * The value of a key. Synchronous: memory or one block of a file, microseconds either way.
   * @throws Error when the database could not be opened again after a failed write.
   */
  get(key: string): string | undefined {
    const change = this.#pending.get(key) ?? this.#changesBeingWritten?.get(key);
    return change ? change.value : this.#db.get(key);
  }

  /** Whether `get` returned `undefined` because the value is damaged. */
  isDamaged(key: string): boolean {
    return this.#db.isDamaged(key);
  }

  /** All entries whose key begins with a prefix, ordered by key; without changes not written to the database yet. */
  entries(prefix: string): AsyncIterable<[string, string]> {
    return this.#db.entries(prefix);
  }

  /** The keys that begin with a prefix, ordered; without changes not written to the database yet. */
  keys(prefix: string): AsyncIterable<string> {
    return this.#db.keys(prefix);
  }

  /** Whether there are so few pending changes that logging is faster than waiting for the database. */
  get isIdle(): boolean {
    return this.#pending.size < idleThreshold;
  }

  /** Writes all pending changes, and closes. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#writing;
    // A deletion leaves no change when its key was in the log only, but the log still has it.
    if (this.#flushTimer || this.#pending.size > 0) {
      this.#writing = this.#writePending();
      await this.#writing;
    }
    clearTimeout(this.#flushTimer);
    for (const { reject } of this.#patientWaiters.splice(0)) reject(this.#failure);
    await this.#compacting;
    this.#log.close();
    await this.#db.close();
  }

  /** Schedules the next write: soon, or when the next attempt after a failure is due. */
  #scheduleWrite(): void {
    const isSoon = !this.#failure || (this.#db.isFull && this.#pending.freesSpace);
    const at = performance.now() + flushDelayMs;
    const dueAt = isSoon ? at : Math.max(at, this.#retryAt);
    if (this.#closing || (this.#flushTimer && this.#flushAt <= dueAt)) return;
    clearTimeout(this.#flushTimer);
    this.#flushAt = dueAt;
    this.#flushTimer = setTimeout(() => {
      this.#writing ??= this.#writePending();
    }, dueAt - performance.now());
  }

  async #writePending(): Promise<void> {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    // Commits of the same tick share the write.
    await Promise.resolve();
    do {
      for (const { produce, onFailure } of this.#pendingProducers.splice(0))
        this.#pending.stage(produce(), onFailure);
      const waiters = this.#writeWaiters.splice(0);
      if (await this.#tryToWrite()) {
        for (const { resolve } of [...this.#patientWaiters.splice(0), ...waiters]) resolve();
        continue;
      }
      for (const waiter of waiters) {
        if (waiter.onFailure === 'wait') this.#patientWaiters.push(waiter);
        else waiter.reject(this.#failure);
      }
    } while (this.#writeWaiters.length > 0);
    this.#writing = undefined;
    // Changes logged during the write can wait for the next one.
    if (this.#failure || this.#pending.size > 0) this.#scheduleWrite();
  }

  /** Writes all pending changes, unless the last write has failed and another attempt is not due. */
  async #tryToWrite(): Promise<boolean> {
    if (this.#failure) {
      const isDue = performance.now() >= this.#retryAt || this.#closing !== undefined;
      if (!isDue || (this.#db.isFull && !this.#db.reserveSpace())) {
        this.#pending.discard();
        if (this.#db.isFull && this.#pending.freesSpace) await this.#writeFreeing();
        if (isDue) this.#retryAt = performance.now() + this.#backoff.next();
        return false;
      }
    }
    const changes = this.#pending.takeAll();
    const sequence = (this.#sequence += 1);
    try {
      await this.#write(changes, [{ type: 'put', key: sequenceKey, value: String(sequence) }]);
    } catch (error) {
      this.#pending.restore(changes);
      this.#onFailed(error);
      return false;
    }
    if (sequence === this.#sequence) this.#log.clear(sequence);
    this.#onWritten();
    return true;
  }

  /** On a full disk: deletes what was delivered, so that there is space for the rest. */
  async #writeFreeing(): Promise<void> {
    const changes = this.#pending.takeFreeing();
    try {
      await this.#write(changes, []);
      this.#compactIfWorthwhile();
    } catch {
      this.#pending.restore(changes, true);
    }
  }

  async #write(changes: ReadonlyMap<string, PendingChange>, operations: StoreOperation[]): Promise<void> {
    for (const [key, { value }] of changes)
      operations.push(value === undefined ? { type: 'del', key } : { type: 'put', key, value });
    this.#changesBeingWritten = changes;
    try {
      await this.#db.write(operations);
    } finally {
      this.#changesBeingWritten = undefined;
    }
  }

  #onFailed(error: unknown): void {
    const isFirst = !this.#failure;
    const directory = this.#directory;
    const reason = errorMessage(causeOf(error));
    this.#failure = new WechatError(
      'FAILED',
      'storeUnwritable',
      { directory, error: reason },
      { cause: error },
    );
    this.#retryAt = performance.now() + this.#backoff.next();
    if (isFirst) this.#onProblem(this.#failure);
  }

  #onWritten(): void {
    this.#compactIfWorthwhile();
    if (!this.#failure) return;
    this.#failure = undefined;
    this.#backoff.reset();
    this.#onProblem(new WechatError('FAILED', 'storeWritable', { directory: this.#directory }));
    this.onRecovered();
  }

  #compactIfWorthwhile(): void {
    const { isFull } = this.#db;
    const isSoon = performance.now() < this.#compactedAt + compaction.intervalMs;
    const minBytes = isFull ? compaction.bytesWhenFull : compaction.bytes;
    if (this.#compacting || this.#closing || this.#deletedBytes < minBytes || (isSoon && !isFull)) return;
    this.#deletedBytes = 0;
    this.#compacting = this.#db
      .compact()
      .catch(() => undefined)
      .finally(() => {
        this.#compactedAt = performance.now();
        this.#compacting = undefined;
        if (!this.#failure) return;
        this.#retryAt = 0;
        this.#scheduleWrite();
      });
  }

  #onDamage(count: number, what: string): void {
    this.#damaged += count;
    this.#onProblem(
      new WechatError('FAILED', 'storeDamaged', { count, directory: this.#directory, error: what }),
    );
  }
}
