/** What `check_event` gives out: one queue for all callers (the Openwx document, section "check_event"). */

/** The newest events until somebody takes them. */
export class EventQueue<Event> {
  readonly #limit: number;
  #events: Event[] = [];
  readonly #waiting: ((events: Event[]) => void)[] = [];

  /** @param limit how many are kept; the oldest are dropped. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Gives an event to whoever waits the longest, or keeps it. */
  push(event: Event): void {
    const first = this.#waiting.shift();
    if (first) {
      first([event]);
      return;
    }
    this.#events.push(event);
    if (this.#events.length > this.#limit) this.#events.shift();
  }

  /**
   * Takes all there is; where there is nothing, waits for the first that comes.
   * @param patience for how long, in ms; nothing is taken then.
   * @param signal ends the wait of somebody who is gone, so that no event is given to nobody.
   */
  take(patience: number, signal: AbortSignal): Promise<Event[]> {
    const events = this.#events;
    if (signal.aborted) return Promise.resolve([]);
    if (events.length > 0) {
      this.#events = [];
      return Promise.resolve(events);
    }
    return new Promise((resolve) => {
      const settle = (taken: Event[]): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        resolve(taken);
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(settle), 1);
        settle([]);
      };
      const timer = setTimeout(giveUp, patience);
      signal.addEventListener('abort', giveUp);
      this.#waiting.push(settle);
    });
  }
}
