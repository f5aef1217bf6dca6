/** Measures the time until all sent messages have arrived. */

/** Messages in flight: fewer than a simulation's history, so that none is evicted before it is read. */
const batchSize = 500;

/** Sends messages in batches and waits until each batch has arrived. */
export class ArrivalCounter {
  #missing = 0;
  #onAllArrived: () => void = () => undefined;

  /** Call it for each arrival. */
  readonly onArrival = (): void => {
    this.#missing -= 1;
    if (this.#missing === 0) this.#onAllArrived();
  };

  /**
   * @param count of messages, a multiple of 500.
   * @param send sends a message asynchronously; the time of the call itself is not measured.
   * @param copies how often each message arrives.
   * @returns the total time, in ms.
   */
  async time(count: number, send: (number: number) => void, copies = 1): Promise<number> {
    let elapsed = 0;
    for (let sent = 0; sent < count; sent += batchSize) {
      const all = new Promise<void>((resolve) => {
        this.#onAllArrived = resolve;
      });
      this.#missing = batchSize * copies;
      for (let index = 0; index < batchSize; index += 1) send(sent + index);
      const start = performance.now();
      await all;
      elapsed += performance.now() - start;
    }
    return elapsed;
  }
}
