/** Mutual exclusion per key: work on different keys runs concurrently, work on the same key in order of arrival. */
export class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Whether work on these keys would start at once. */
  isFree(keys: readonly string[]): boolean {
    return keys.every((key) => !this.#last.has(key));
  }

  /** Runs `work` after all earlier work on any of these keys, never synchronously. */
  async runExclusive<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const previous = keys.flatMap((key) => this.#last.get(key) ?? []);
    const result = Promise.allSettled(previous).then(work);
    for (const key of keys) this.#last.set(key, result);
    try {
      return await result;
    } finally {
      for (const key of keys) if (this.#last.get(key) === result) this.#last.delete(key);
    }
  }
}
