import { setTimeout as delay } from 'node:timers/promises';

/** Default timeout of all waits, in ms. */
const defaultTimeoutMs = 10_000;

interface Waiter<T> {
  accept: (item: T) => boolean;
  resolve: (item: T) => void;
  reject: (error: Error) => void;
}

/** A queue whose consumer can await items that have not arrived yet; replaces sleeps in tests. */
export class AsyncQueue<T> {
  /** All items so far, consumed or not. */
  readonly all: T[] = [];
  private unread: T[] = [];
  private waiters: Waiter<T>[] = [];
  private failure: Error | undefined;

  /** @param name describes the items in timeout errors. */
  constructor(private readonly name: string) {}

  /** Delivers an item to the first waiter that accepts it, or queues it. */
  add(item: T): void {
    this.all.push(item);
    const waiter = this.waiters.find(({ accept }) => accept(item));
    if (waiter === undefined) this.unread.push(item);
    else this.settle(waiter, () => waiter.resolve(item));
  }

  /** Closes the queue: all current and future waiters are rejected with this error. */
  close(error: Error): void {
    this.failure ??= error;
    for (const waiter of [...this.waiters]) this.settle(waiter, () => waiter.reject(error));
  }

  /**
   * Consumes the first unread item that `accept` accepts, waiting for it if necessary.
   * @param accept accepts all items by default.
   * @param timeout in ms; the error lists the latest items.
   */
  async next(accept: (item: T) => boolean = () => true, timeout = defaultTimeoutMs): Promise<T> {
    const index = this.unread.findIndex(accept);
    const [queued] = index < 0 ? [] : this.unread.splice(index, 1);
    if (queued !== undefined) return queued;
    return this.nextArrival(accept, timeout);
  }

  /**
   * The latest item, if `accept` accepts it; otherwise the next one. Does not consume. For items that replace their
   * predecessor, such as statuses.
   */
  async latest(accept: (item: T) => boolean = () => true, timeout = defaultTimeoutMs): Promise<T> {
    const latest = this.all.at(-1);
    if (latest !== undefined && accept(latest)) return latest;
    return this.nextArrival(accept, timeout);
  }

  /** Consumes the next `count` items. */
  async take(count: number, timeout = defaultTimeoutMs): Promise<T[]> {
    const items: T[] = [];
    while (items.length < count) items.push(await this.next(undefined, timeout));
    return items;
  }

  /** The next item to arrive that `accept` accepts; ignores items that have arrived. */
  async nextArrival(accept: (item: T) => boolean = () => true, timeout = defaultTimeoutMs): Promise<T> {
    if (this.failure !== undefined) throw this.failure;
    const abort = new AbortController();
    try {
      return await new Promise<T>((resolve, reject) => {
        const waiter: Waiter<T> = { accept, resolve, reject };
        this.waiters.push(waiter);
        void delay(timeout, undefined, { signal: abort.signal }).then(
          () => this.settle(waiter, () => reject(this.timedOut(timeout))),
          () => undefined,
        );
      });
    } finally {
      abort.abort();
    }
  }

  private settle(waiter: Waiter<T>, outcome: () => void): void {
    this.waiters = this.waiters.filter((other) => other !== waiter);
    outcome();
  }

  private timedOut(timeout: number): Error {
    const items = this.all.slice(-10).map((item) => JSON.stringify(item).slice(0, 500));
    return new Error(
      `${this.name}: no match within ${timeout} ms. The latest of ${this.all.length} items:\n  ${items.join('\n  ')}`,
    );
  }
}
