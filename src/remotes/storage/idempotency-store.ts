/**
 * At most once: what was asked is written down before it is done, and what came of it afterwards. Whoever asks the
 * same again gets the same answer for a day; what was begun and not finished, because Node-RED was killed, is never
 * begun again.
 */
import { hash } from 'node:crypto';
import { Hints } from './membership-filter';
import type { Operation, Store } from './key-value-store';

/** For how long answers are kept, in ms. */
const lifetime = 24 * 60 * 60 * 1000;

/** Beyond these the oldest are forgotten early. */
const usualLimits = { count: 1_000_000, bytes: 256 * 1024 * 1024 };

/** Time between two rounds of forgetting, in ms, and how much is forgotten in one write. */
const sweepEvery = 60_000;
const sweepBatch = 1000;

/** Something an earlier life was asked and did not answer. */
export interface Unfinished {
  readonly fingerprint: string;
  /** Whether it may have been done, or done in part. */
  readonly begun: boolean;
  /** What was asked, as it was given to `accept`. */
  readonly request: string;
}

/** What is known of a request. */
export type Known =
  { readonly state: 'new' | 'running' } | { readonly state: 'answered'; readonly answer: string };

/** What identifies a request: the same caller's id for the same thing. */
export function fingerprintOf(requestId: string, name: string, params: unknown): string {
  const told = JSON.stringify([requestId, name, params]);
  return hash('sha256', told, 'base64url').slice(0, 22);
}

/** The book of requests and answers of one remote. */
export class Answers {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #limits: typeof usualLimits;
  readonly #running = new Set<string>();
  readonly #requests = new Map<string, string>();
  readonly #hints: Hints;
  #count = 0;
  #bytes = 0;
  #sweeping: NodeJS.Timeout | undefined;

  constructor(store: Store, now: () => number = Date.now, limits = usualLimits) {
    this.#store = store;
    this.#now = now;
    this.#limits = limits;
    this.#hints = new Hints(lifetime, now());
  }

  /** Reads what an earlier life left unfinished, oldest first; each must be finished by the caller. */
  async open(): Promise<Unfinished[]> {
    for await (const [key, size] of this.#store.entries('t!')) {
      this.#hints.add(fingerprintIn(key), this.#now());
      this.#count += 1;
      this.#bytes += Number(size);
    }
    const found: (Unfinished & { at: number })[] = [];
    for await (const [key, value] of this.#store.entries('p!')) {
      const [at, rest] = split(value);
      const [state, request] = split(rest);
      const begun = state === 'begun';
      const fingerprint = key.slice(2);
      this.#running.add(fingerprint);
      this.#requests.set(fingerprint, request);
      found.push({ fingerprint, begun, request, at: Number(at) });
    }
    this.#sweeping = setInterval(() => {
      this.sweep().catch(() => undefined);
    }, sweepEvery).unref();
    return found.sort((one, other) => one.at - other.at);
  }

  /** What is known of a request. */
  look(fingerprint: string): Known {
    if (this.#running.has(fingerprint)) return { state: 'running' };
    const kept = this.#hints.mayHave(fingerprint) ? this.#store.get(`a!${fingerprint}`) : undefined;
    if (kept === undefined) return { state: 'new' };
    const [at, answer] = split(kept);
    return Number(at) + lifetime < this.#now() ? { state: 'new' } : { state: 'answered', answer };
  }

  /** Takes a request on; resolves when that is written down. `begun` when nothing stands between it and its doing. */
  async accept(fingerprint: string, request: string, begun: boolean): Promise<void> {
    this.#running.add(fingerprint);
    this.#requests.set(fingerprint, request);
    try {
      await this.#write(fingerprint, request, begun);
    } catch (error) {
      this.#running.delete(fingerprint);
      this.#requests.delete(fingerprint);
      throw error;
    }
  }

  /** Says that a request is being done from now on; resolves when that is written down. */
  begin(fingerprint: string): Promise<void> {
    return this.#write(fingerprint, this.#requests.get(fingerprint) ?? '', true);
  }

  /**
   * Ends a request.
   * @param answer what to say to whoever asks again; undefined where it is to be done again.
   * @returns the changes that make it so, to be written together with the sending of the answer.
   */
  finish(fingerprint: string, answer: string | undefined): Operation[] {
    this.#running.delete(fingerprint);
    this.#requests.delete(fingerprint);
    const done: Operation = { type: 'del', key: `p!${fingerprint}` };
    if (answer === undefined) return [done];
    const at = this.#now();
    const value = `${at} ${answer}`;
    this.#hints.add(fingerprint, at);
    this.#count += 1;
    this.#bytes += value.length;
    return [
      done,
      { type: 'put', key: `a!${fingerprint}`, value },
      { type: 'put', key: `t!${at}!${fingerprint}`, value: String(value.length) },
    ];
  }

  /** Forgets what is older than a day, and the oldest where there is too much. */
  async sweep(): Promise<void> {
    const oldest = this.#now() - lifetime;
    let gone: Operation[] = [];
    for await (const [key, size] of this.#store.entries('t!')) {
      const at = Number(key.split('!')[1]);
      const isTooMuch = this.#count > this.#limits.count || this.#bytes > this.#limits.bytes;
      if (at >= oldest && !isTooMuch) break;
      this.#count -= 1;
      this.#bytes -= Number(size);
      gone.push({ type: 'del', key }, { type: 'del', key: `a!${fingerprintIn(key)}` });
      if (gone.length < sweepBatch) continue;
      await this.#store.commit(gone);
      gone = [];
    }
    if (gone.length > 0) await this.#store.commit(gone);
  }

  /** Stops forgetting. */
  close(): void {
    clearInterval(this.#sweeping);
  }

  #write(fingerprint: string, request: string, begun: boolean): Promise<void> {
    const value = `${this.#now()} ${begun ? 'begun' : 'waits'} ${request}`;
    return this.#store.record([{ type: 'put', key: `p!${fingerprint}`, value }]);
  }
}

/** The fingerprint in the key of a time, which comes last. */
function fingerprintIn(key: string): string {
  return key.split('!')[2] ?? '';
}

/** A first word and what follows it: requests and answers are JSON, which is slow to be put into JSON again. */
function split(value: string): [word: string, rest: string] {
  const space = value.indexOf(' ');
  return [value.slice(0, space), value.slice(space + 1)];
}
