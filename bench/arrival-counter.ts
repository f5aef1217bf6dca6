/** Counts what arrives at the end of what is measured. */

/** Messages under way at once: fewer than a simulated world remembers, so that none is gone before it is read. */
const batch = 500;

/** Lets messages go in batches and waits for each batch to arrive. */
export class Arrivals {
  #missing = 0;
  #allArrived: () => void = () => undefined;

  /** To be called for everything that arrives. */
  readonly arrived = (): void => {
    this.#missing -= 1;
    if (this.#missing === 0) this.#allArrived();
  };

  /**
   * @param count of messages, a multiple of 500.
   * @param say lets a message go, which sets out a moment later: what `say` itself takes is not counted.
   * @param copies how often each message arrives.
   * @returns the milliseconds until everything had arrived.
   */
  async time(count: number, say: (number: number) => void, copies = 1): Promise<number> {
    let elapsed = 0;
    for (let said = 0; said < count; said += batch) {
      const all = new Promise<void>((resolve) => {
        this.#allArrived = resolve;
      });
      this.#missing = batch * copies;
      for (let index = 0; index < batch; index += 1) say(said + index);
      const start = performance.now();
      await all;
      elapsed += performance.now() - start;
    }
    return elapsed;
  }
}
