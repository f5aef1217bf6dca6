import { setTimeout as delay } from 'node:timers/promises';

/** How long a test waits for something before it fails, in milliseconds, unless it says otherwise. */
const patience = 10_000;

interface Waiter<T> {
  accept: (item: T) => boolean;
  resolve: (item: T) => void;
  reject: (error: Error) => void;
}

/**
 * What has arrived so far, in order, and a way to await what has not arrived yet: the place of every sleep that a
 * test would otherwise need.
 */
export class Inbox<T> {
  /** Everything that arrived, taken or not. */
  readonly all: T[] = [];
  private untaken: T[] = [];
  private waiters: Waiter<T>[] = [];
  private failure: Error | undefined;

  /** @param name What arrives here, for the sentence of a time-out. */
  constructor(private readonly name: string) {}

  /** Delivers to the first waiter that accepts the item, or keeps it for the next one. */
  add(item: T): void {
    this.all.push(item);
    const waiter = this.waiters.find(({ accept }) => accept(item));
    if (waiter === undefined) this.untaken.push(item);
    else this.settle(waiter, () => waiter.resolve(item));
  }

  /** Nothing more will arrive: all waiters, present and future, fail with this error. */
  close(error: Error): void {
    this.failure ??= error;
    for (const waiter of [...this.waiters]) this.settle(waiter, () => waiter.reject(error));
  }

  /**
   * Takes the first item that nobody has taken yet and that `accept` accepts, and waits for it if need be.
   * @param accept Every item, unless given.
   * @param timeout Milliseconds after which the promise is rejected with a list of what did arrive.
   */
  async next(accept: (item: T) => boolean = () => true, timeout = patience): Promise<T> {
    const index = this.untaken.findIndex(accept);
    const [present] = index < 0 ? [] : this.untaken.splice(index, 1);
    if (present !== undefined) return present;
    return this.following(accept, timeout);
  }

  /**
   * An item that `accept` accepts, taken or not: the latest that has arrived, if it is accepted; otherwise the
   * next one. For things that have a present value, such as a status.
   */
  async latest(accept: (item: T) => boolean = () => true, timeout = patience): Promise<T> {
    const present = this.all.at(-1);
    if (present !== undefined && accept(present)) return present;
    return this.following(accept, timeout);
  }

  /** Takes the next `count` items. */
  async take(count: number, timeout = patience): Promise<T[]> {
    const items: T[] = [];
    while (items.length < count) items.push(await this.next(undefined, timeout));
    return items;
  }

  /** The next item to come that `accept` accepts, whatever is already there. */
  async following(accept: (item: T) => boolean = () => true, timeout = patience): Promise<T> {
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
    const arrived = this.all.slice(-10).map((item) => JSON.stringify(item).slice(0, 500));
    return new Error(
      `${this.name}: nothing fitting within ${timeout} ms. The last of ${this.all.length} that came:\n  ${arrived.join('\n  ')}`,
    );
  }
}
