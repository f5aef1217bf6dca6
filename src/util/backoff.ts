/** The range of delays, in ms. */
export interface BackoffLimits {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Exponential back-off with jitter, so that many clients do not retry at the same moment. */
export class Backoff {
  readonly #limits: BackoffLimits;
  #failures = 0;

  constructor(limits: BackoffLimits) {
    this.#limits = limits;
  }

  /** Counts a failure. @returns the delay before the next attempt, in ms; it doubles with every failure. */
  next(): number {
    const { minMs, maxMs } = this.#limits;
    this.#failures += 1;
    const ceiling = Math.min(maxMs, minMs * 2 ** this.#failures);
    return Math.max(minMs, ceiling * (0.5 + Math.random() / 2));
  }

  /** Starts again with short delays; called after a success. */
  reset(): void {
    this.#failures = 0;
  }
}
