/** Something that is waited for. */
interface Wait {
  readonly until: number;
  giveUp(): void;
}

/** A time limit as of `within`, for waits so many that a timer for each would cost more than what is waited for. */
export class SharedTimeout {
  readonly #ms: number;
  /** The oldest first, since all wait equally long. */
  readonly #waits = new Set<Wait>();
  #timer: NodeJS.Timeout | undefined;

  /** @param ms how long each wait lasts at most, in ms. */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Waits for `work`; past the limit it rejects with `late()`. The work itself goes on. */
  within<T>(work: Promise<T>, late: () => Error): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const wait: Wait = {
        until: performance.now() + this.#ms,
        giveUp: () => {
          reject(late());
        },
      };
      this.#waits.add(wait);
      if (!this.#timer) this.#lookAgainIn(this.#ms);
      work.then(
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

  #lookAgainIn(ms: number): void {
    // It goes off once more when nothing waits any longer, which must not keep a process alive.
    this.#timer = setTimeout(this.#look, ms).unref();
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    for (const wait of this.#waits) {
      if (wait.until > now) {
        this.#lookAgainIn(wait.until - now);
        return;
      }
      this.#waits.delete(wait);
      wait.giveUp();
    }
  };
}
