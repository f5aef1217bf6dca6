/** Queue of `check_event`, shared by all clients (the Openwx document, section "check_event"). */

/** Keeps the newest events until a client takes them. */
export class EventQueue<Event> {
  readonly #limit: number;
  #events: Event[] = [];
  readonly #waiters: ((events: Event[]) => void)[] = [];

  /** @param limit the maximum number of events; the oldest are dropped. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Hands an event to the client that has waited longest, or queues it. */
  push(event: Event): void {
    const first = this.#waiters.shift();
    if (first) {
      first([event]);
      return;
    }
    this.#events.push(event);
    if (this.#events.length > this.#limit) this.#events.shift();
  }

  /**
   * Takes all queued events; when there are none, waits for the next one.
   * @param timeoutMs resolves to no events afterwards.
   * @param signal cancels the wait of a client that has disconnected, so that no event is lost on it.
   */
  take(timeoutMs: number, signal: AbortSignal): Promise<Event[]> {
    const events = this.#events;
    if (signal.aborted) return Promise.resolve([]);
    if (events.length > 0) {
      this.#events = [];
      return Promise.resolve(events);
    }
    return new Promise((resolve) => {
      const settle = (taken: Event[]): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', cancel);
        resolve(taken);
      };
      const cancel = (): void => {
        this.#waiters.splice(this.#waiters.indexOf(settle), 1);
        settle([]);
      };
      const timer = setTimeout(cancel, timeoutMs);
      signal.addEventListener('abort', cancel);
      this.#waiters.push(settle);
    });
  }
}
