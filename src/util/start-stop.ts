/**
 * Guards something that starts once and stops once: repeated calls share one promise, and `stop` during `start` waits
 * until `start` has settled, so that it releases everything `start` acquires.
 */
export class StartStopGuard<StopArgs extends readonly unknown[] = []> {
  readonly #onStart: () => Promise<void>;
  readonly #onStop: (...args: StopArgs) => Promise<void>;
  readonly #stopController = new AbortController();
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  /**
   * @param onStart must settle in a bounded time; long waits in it end with `signal`.
   * @param onStop releases what `onStart` has acquired, also after a failed or no start.
   */
  constructor(onStart: () => Promise<void>, onStop: (...args: StopArgs) => Promise<void>) {
    this.#onStart = onStart;
    this.#onStop = onStop;
  }

  /** Aborted as soon as `stop` is called. */
  get signal(): AbortSignal {
    return this.#stopController.signal;
  }

  /** Runs `onStart` once. @throws (rejects) its error, or Error when stopped before. */
  start(): Promise<void> {
    this.#starting ??= this.signal.aborted
      ? Promise.reject(new Error('cannot start again after stop'))
      : this.#onStart();
    return this.#starting;
  }

  /** Aborts `signal`, waits for a running start, then runs `onStop` once, with the arguments of the first call. */
  stop(...args: StopArgs): Promise<void> {
    this.#stopping ??= this.#stop(args);
    return this.#stopping;
  }

  async #stop(args: StopArgs): Promise<void> {
    this.#stopController.abort();
    await this.#starting?.catch(() => undefined);
    await this.#onStop(...args);
  }
}
