interface PendingWait {
  readonly deadline: number;
  expire(): void;
}

/** Like `withTimeout`, but all promises share one timer: for very many short waits. */
export class SharedTimeout {
  readonly #ms: number;
  /** In order of their deadlines, since all have the same duration. */
  readonly #waits = new Set<PendingWait>();
  #timer: NodeJS.Timeout | undefined;

  /** @param ms the timeout of each promise, in ms. */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Rejects with `createError()` unless `promise` settles in time. The work behind it continues. */
  limit<T>(promise: Promise<T>, createError: () => Error): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const wait: PendingWait = {
        deadline: performance.now() + this.#ms,
        expire: () => {
          reject(createError());
        },
      };
      this.#waits.add(wait);
      if (!this.#timer) this.#schedule(this.#ms);
      promise.then(
        (value) => {
          this.#waits.delete(wait);
          resolve(value);
        },
        (error: unknown) => {
          this.#waits.delete(wait);
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  #schedule(ms: number): void {
    // It fires once more after the last promise has settled, which must not keep a process alive.
    this.#timer = setTimeout(this.#expireDue, ms).unref();
  }

  readonly #expireDue = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    for (const wait of this.#waits) {
      if (wait.deadline > now) {
        this.#schedule(wait.deadline - now);
        return;
      }
      this.#waits.delete(wait);
      wait.expire();
    }
  };
}
