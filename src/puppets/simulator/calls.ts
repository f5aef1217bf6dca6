/** Counts puppet calls by method, so that tests can assert the cost of an operation. */
export class CallCounter {
  readonly #counts = new Map<string, number>();
  #total = 0;

  /** Calls of all methods since the last reset. */
  get total(): number {
    return this.#total;
  }

  /** Calls of one puppet method, such as `contactRawPayload`, since the last reset. */
  of(method: string): number {
    return this.#counts.get(method) ?? 0;
  }

  /** Calls by method name. */
  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  /** Sets all counts to zero. */
  reset(): void {
    this.#counts.clear();
    this.#total = 0;
  }

  /** Counts a call. */
  record(method: string): void {
    this.#total++;
    this.#counts.set(method, (this.#counts.get(method) ?? 0) + 1);
  }
}
