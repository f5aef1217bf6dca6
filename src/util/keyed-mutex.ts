/** Lets work on different things go on at once, and work on the same thing happen in the order in which it came. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Whether work on these things could begin at once. */
  areFree(things: readonly string[]): boolean {
    return things.every((thing) => !this.#last.has(thing));
  }

  /** Does the work after all earlier work on any of these things, and not before this call has returned. */
  async run<T>(things: readonly string[], work: () => Promise<T>): Promise<T> {
    const earlier = things.flatMap((thing) => this.#last.get(thing) ?? []);
    const done = Promise.allSettled(earlier).then(work);
    for (const thing of things) this.#last.set(thing, done);
    try {
      return await done;
    } finally {
      for (const thing of things) if (this.#last.get(thing) === done) this.#last.delete(thing);
    }
  }
}
