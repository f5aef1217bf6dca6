/**
 * Idempotency store: requests are stored before they are executed, responses afterwards. A repeated request gets the
 * cached response for a day; a request that was started but not completed, because Node-RED was killed, is never
 * started again.
 */
import { hash } from 'node:crypto';
import { MembershipFilter } from './membership-filter';
import type { KeyValueStore } from './key-value-store';
import type { FailurePolicy } from './pending-changes';
import type { StoreOperation } from './store-operation';

/** For how long responses are cached, in ms. */
const retentionMs = 24 * 60 * 60 * 1000;

/** Beyond these limits the oldest responses are removed early. */
const defaultLimits = { count: 1_000_000, bytes: 256 * 1024 * 1024 };

/** Time between two removals of expired responses, in ms, and how many changes one write removes. */
const sweepIntervalMs = 60_000;
const sweepBatchSize = 1000;

/** A request that a previous run did not complete. */
export interface PendingRequest {
  readonly fingerprint: string;
  /** Whether it may have been executed, at least in part. */
  readonly isStarted: boolean;
  /** As it was passed to `accept`. */
  readonly request: string;
}

/** The state of a request. */
export type RequestState =
  /** `damaged`: it was completed, but its response cannot be read. */
  | { readonly state: 'new' | 'running' | 'damaged' }
  | { readonly state: 'completed'; readonly response: string };

/** Identifies a request: equal for the same id, name and params. */
export function fingerprintOf(requestId: string, name: string, params: unknown): string {
  const request = JSON.stringify([requestId, name, params]);
  return hash('sha256', request, 'base64url').slice(0, 22);
}

/** Idempotency store of one remote: pending requests and cached responses. */
export class IdempotencyStore {
  readonly #store: KeyValueStore;
  readonly #now: () => number;
  readonly #limits: typeof defaultLimits;
  readonly #running = new Set<string>();
  readonly #requests = new Map<string, string>();
  readonly #knownFingerprints: MembershipFilter;
  #count = 0;
  #bytes = 0;
  #sweepTimer: NodeJS.Timeout | undefined;

  constructor(store: KeyValueStore, now: () => number = Date.now, limits = defaultLimits) {
    this.#store = store;
    this.#now = now;
    this.#limits = limits;
    this.#knownFingerprints = new MembershipFilter(retentionMs, now);
  }

  /** Loads the requests that the previous run did not complete, oldest first; the caller must complete each. */
  async open(): Promise<PendingRequest[]> {
    for await (const [key, size] of this.#store.entries('t!')) {
      this.#knownFingerprints.add(fingerprintIn(key));
      this.#count += 1;
      this.#bytes += Number(size);
    }
    const found: (PendingRequest & { at: number })[] = [];
    for await (const [key, value] of this.#store.entries('p!')) {
      const [at, rest] = split(value);
      const [state, request] = split(rest);
      const fingerprint = key.slice(2);
      // A repaired database may contain again what was deleted.
      if (this.lookup(fingerprint).state !== 'new') continue;
      this.#running.add(fingerprint);
      this.#requests.set(fingerprint, request);
      found.push({ fingerprint, isStarted: state === 'begun', request, at: Number(at) });
    }
    this.#sweepTimer = setInterval(() => {
      this.sweep().catch(() => undefined);
    }, sweepIntervalMs).unref();
    return found.sort((one, other) => one.at - other.at);
  }

  /** The state of a request. */
  lookup(fingerprint: string): RequestState {
    if (this.#running.has(fingerprint)) return { state: 'running' };
    if (!this.#knownFingerprints.mightContain(fingerprint)) return { state: 'new' };
    const key = `a!${fingerprint}`;
    const cached = this.#store.get(key);
    if (cached === undefined) return { state: this.#store.isDamaged(key) ? 'damaged' : 'new' };
    const [at, response] = split(cached);
    return Number(at) + retentionMs < this.#now() ? { state: 'new' } : { state: 'completed', response };
  }

  /** Stores a request before it is executed. @param isStarted whether its execution begins at once. */
  async accept(fingerprint: string, request: string, isStarted: boolean): Promise<void> {
    this.#running.add(fingerprint);
    this.#requests.set(fingerprint, request);
    try {
      await this.#write(fingerprint, request, isStarted, 'discard');
    } catch (error) {
      this.#running.delete(fingerprint);
      this.#requests.delete(fingerprint);
      throw error;
    }
  }

  /** Stores that the execution of a request begins; waits while the store cannot be written. */
  markStarted(fingerprint: string): Promise<void> {
    return this.#write(fingerprint, this.#requests.get(fingerprint) ?? '', true, 'wait');
  }

  /**
   * Completes a request.
   * @param response returned to repetitions of the request; `undefined` when a repetition is to be executed again.
   * @returns the changes, to be written atomically with the queued response.
   */
  complete(fingerprint: string, response: string | undefined): StoreOperation[] {
    this.#running.delete(fingerprint);
    this.#requests.delete(fingerprint);
    const removal: StoreOperation = { type: 'del', key: `p!${fingerprint}` };
    if (response === undefined) return [removal];
    const at = this.#now();
    const value = `${at} ${response}`;
    this.#knownFingerprints.add(fingerprint);
    this.#count += 1;
    this.#bytes += value.length;
    return [
      removal,
      { type: 'put', key: `a!${fingerprint}`, value },
      { type: 'put', key: `t!${at}!${fingerprint}`, value: String(value.length) },
    ];
  }

  /** Removes responses that have expired, and the oldest ones beyond the limits. */
  async sweep(): Promise<void> {
    const oldest = this.#now() - retentionMs;
    let removals: StoreOperation[] = [];
    for await (const [key, size] of this.#store.entries('t!')) {
      const at = Number(key.split('!')[1]);
      const isOverLimit = this.#count > this.#limits.count || this.#bytes > this.#limits.bytes;
      if (at >= oldest && !isOverLimit) break;
      this.#count -= 1;
      this.#bytes -= Number(size);
      removals.push({ type: 'del', key }, { type: 'del', key: `a!${fingerprintIn(key)}` });
      if (removals.length < sweepBatchSize) continue;
      await this.#store.commit(removals);
      removals = [];
    }
    if (removals.length > 0) await this.#store.commit(removals);
  }

  /** Stops the periodic removal. */
  close(): void {
    clearInterval(this.#sweepTimer);
  }

  #write(fingerprint: string, request: string, isStarted: boolean, onFailure: FailurePolicy): Promise<void> {
    const value = `${this.#now()} ${isStarted ? 'begun' : 'waits'} ${request}`;
    return this.#store.commitToLog([{ type: 'put', key: `p!${fingerprint}`, value }], onFailure);
  }
}

/** The last part of a `t!` key. */
function fingerprintIn(key: string): string {
  return key.split('!')[2] ?? '';
}

/** Splits at the first space: requests and responses are JSON, and are not encoded a second time. */
function split(value: string): [word: string, rest: string] {
  const space = value.indexOf(' ');
  return [value.slice(0, space), value.slice(space + 1)];
}
