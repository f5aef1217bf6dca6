/** Options of a `RotatingSet`. */
export interface RotatingSetOptions {
  /** Minimum time for which a value is kept, in ms; values expire after twice that time at the latest. */
  readonly lifetimeMs: number;
  /** Values per generation; a full generation is rotated early. Default: unlimited. */
  readonly maxSize?: number;
  /** The clock, in ms. Default: a monotonic one. */
  readonly now?: () => number;
}

/**
 * A set whose values expire: the duplicate filter of events, requests and payloads. Values expire a whole generation at
 * a time, so that a value costs one insertion and no removal.
 */
export class RotatingSet<Value> {
  readonly #lifetimeMs: number;
  readonly #maxSize: number;
  readonly #now: () => number;
  #current = new Set<Value>();
  #previous = new Set<Value>();
  #rotatedAt: number;

  constructor({ lifetimeMs, maxSize = Infinity, now = () => performance.now() }: RotatingSetOptions) {
    this.#lifetimeMs = lifetimeMs;
    this.#maxSize = maxSize;
    this.#now = now;
    this.#rotatedAt = now();
  }

  has(value: Value): boolean {
    return this.#current.has(value) || this.#previous.has(value);
  }

  /** Adds a value, or renews the lifetime of a known one. @returns whether it is new */
  add(value: Value): boolean {
    this.#rotate();
    const isNew = !this.has(value);
    this.#current.add(value);
    return isNew;
  }

  #rotate(): void {
    const now = this.#now();
    const age = now - this.#rotatedAt;
    if (age <= this.#lifetimeMs && this.#current.size < this.#maxSize) return;
    this.#previous = age > 2 * this.#lifetimeMs ? new Set() : this.#current;
    this.#current = new Set();
    this.#rotatedAt = now;
  }
}
