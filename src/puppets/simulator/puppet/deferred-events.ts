const BATCH = 256;

/**
 * A queue of tasks that run in the next turns of the event loop. A send thereby resolves before its event is emitted, as
 * on a network, and a listener that throws does not affect other tasks.
 */
export class DeferredEvents {
  #pending: (() => void)[] = [];
  #next = 0;
  #scheduled: NodeJS.Immediate | undefined;

  enqueue(task: () => void): void {
    this.#pending.push(task);
    this.#scheduled ??= setImmediate(this.#run);
  }

  /** Drops all pending tasks. */
  clear(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    this.#pending = [];
    this.#next = 0;
  }

  readonly #run = (): void => {
    this.#scheduled = undefined;
    const end = Math.min(this.#next + BATCH, this.#pending.length);
    try {
      while (this.#next < end) {
        this.#pending[this.#next++]?.();
      }
    } finally {
      if (this.#next < this.#pending.length) {
        this.#scheduled = setImmediate(this.#run);
      } else {
        this.#pending = [];
        this.#next = 0;
      }
    }
  };
}
