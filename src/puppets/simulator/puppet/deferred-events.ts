const BATCH = 256;

/**
 * Runs what it is given a moment later, in order. What a puppet is asked to send is thereby answered before the event
 * about it comes, as on a network, and a listener that throws takes nothing else with it.
 */
export class Outbox {
  #waiting: (() => void)[] = [];
  #next = 0;
  #scheduled: NodeJS.Immediate | undefined;

  put(deed: () => void): void {
    this.#waiting.push(deed);
    this.#scheduled ??= setImmediate(this.#run);
  }

  /** Forgets what has not been run yet. */
  clear(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    this.#waiting = [];
    this.#next = 0;
  }

  readonly #run = (): void => {
    this.#scheduled = undefined;
    const end = Math.min(this.#next + BATCH, this.#waiting.length);
    try {
      while (this.#next < end) {
        this.#waiting[this.#next++]?.();
      }
    } finally {
      if (this.#next < this.#waiting.length) {
        this.#scheduled = setImmediate(this.#run);
      } else {
        this.#waiting = [];
        this.#next = 0;
      }
    }
  };
}
