/** Opens the store of a remote, however long that takes, and reports its state to the owner. */
import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage, WechatError } from '../../bot/errors';
import { Backoff } from '../../util/backoff';
import type { RemoteHost, StoreStatus } from '../remote';
import { causeOf, isLocked } from './database';
import { KeyValueStore } from './key-value-store';

/** Time between two attempts to open, in ms. */
const retryLimits = { minMs: 500, maxMs: 10_000 };

/** The folder of a node, which only its owner may read, also if it existed before. */
async function restrictFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
}

/** The store in one folder of its node, from `open` until the signal is aborted. */
export class ManagedStore {
  readonly #directory: string;
  readonly #host: Pick<RemoteHost, 'log' | 'onStatusChange'>;
  readonly #signal: AbortSignal;
  #store: KeyValueStore | undefined;
  /** Why it could not be opened. */
  #problem: WechatError | undefined;

  constructor(directory: string, host: Pick<RemoteHost, 'log' | 'onStatusChange'>, signal: AbortSignal) {
    this.#directory = directory;
    this.#host = host;
    this.#signal = signal;
  }

  get status(): StoreStatus {
    const damaged = this.#store?.damaged ?? 0;
    const problem = this.#store ? this.#store.failure : this.#problem;
    return { damaged, ...(problem ? { problem } : {}) };
  }

  /**
   * Opens the store; tries again until it succeeds, or the signal is aborted.
   * @throws WechatError (`storeLocked`, `storeUnwritable`) the last problem, when aborted.
   */
  async open(): Promise<KeyValueStore> {
    const backoff = new Backoff(retryLimits);
    for (;;) {
      try {
        await restrictFolder(dirname(this.#directory));
        this.#store = await KeyValueStore.open(this.#directory, (problem) => {
          this.#onProblem(problem);
        });
        if (this.#problem) this.#onProblem(new WechatError('FAILED', 'storeWritable', this.#values('')));
        this.#problem = undefined;
        return this.#store;
      } catch (error) {
        const problem = this.#toProblem(error);
        // Each problem is reported once, however often opening is tried.
        if (problem.message !== this.#problem?.message) {
          this.#problem = problem;
          this.#onProblem(problem);
        }
        await delay(backoff.next(), undefined, { signal: this.#signal, ref: false }).catch(() => undefined);
        if (this.#signal.aborted) throw problem;
      }
    }
  }

  #toProblem(error: unknown): WechatError {
    const values = this.#values(errorMessage(causeOf(error)));
    return new WechatError('FAILED', isLocked(error) ? 'storeLocked' : 'storeUnwritable', values);
  }

  #values(error: string): { directory: string; error: string } {
    return { directory: this.#directory, error };
  }

  #onProblem(problem: WechatError): void {
    if (this.#signal.aborted && problem.key !== 'storeDamaged') return;
    this.#host.log(problem.key === 'storeWritable' ? 'info' : 'warn', problem.message, problem);
    this.#host.onStatusChange();
  }
}
