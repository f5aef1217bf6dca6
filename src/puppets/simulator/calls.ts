/** Counts the calls a puppet gets, so that a test can say how many something may cost. */
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

  /** Starts again from nothing. */
  reset(): void {
    this.#counts.clear();
    this.#total = 0;
  }

  /** Notes a call. */
  note(method: string): void {
    this.#total++;
    this.#counts.set(method, (this.#counts.get(method) ?? 0) + 1);
  }
}
