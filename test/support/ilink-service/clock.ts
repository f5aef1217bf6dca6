/** The service's clock: real time plus what tests have skipped, so that a day passes at once. */

interface Alarm {
  readonly due: number;
  readonly ring: () => void;
  timer: NodeJS.Timeout | undefined;
}

/** A clock that can be moved forward; alarms that become due ring at once. */
export class VirtualClock {
  #skippedMs = 0;
  readonly #alarms = new Set<Alarm>();

  /** In ms since 1970. */
  now(): number {
    return Date.now() + this.#skippedMs;
  }

  /** Lets time pass. */
  advance(ms: number): void {
    this.#skippedMs += ms;
    const now = this.now();
    const due = [...this.#alarms].filter((alarm) => alarm.due <= now).sort((a, b) => a.due - b.due);
    for (const alarm of due) this.#ring(alarm);
    for (const alarm of this.#alarms) this.#arm(alarm);
  }

  /** Calls `ring` once in `ms`. @returns cancels it */
  after(ms: number, ring: () => void): () => void {
    const alarm: Alarm = { due: this.now() + ms, ring, timer: undefined };
    this.#alarms.add(alarm);
    this.#arm(alarm);
    return () => {
      clearTimeout(alarm.timer);
      this.#alarms.delete(alarm);
    };
  }

  /** Cancels all alarms. */
  stop(): void {
    for (const { timer } of this.#alarms) clearTimeout(timer);
    this.#alarms.clear();
  }

  #arm(alarm: Alarm): void {
    clearTimeout(alarm.timer);
    const ms = Math.min(Math.max(0, alarm.due - this.now()), 2 ** 31 - 1);
    alarm.timer = setTimeout(() => {
      this.#ring(alarm);
    }, ms);
  }

  #ring(alarm: Alarm): void {
    clearTimeout(alarm.timer);
    if (this.#alarms.delete(alarm)) alarm.ring();
  }
}
