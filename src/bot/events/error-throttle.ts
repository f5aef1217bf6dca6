/** How often errors of one kind are told, in ms. */
const defaultIntervalMs = 10_000;

/** Further kinds count as one: an error may have a different text each time. */
const maxKinds = 100;

interface Kind {
  message: string;
  /** Occurrences since the kind was last told. */
  count: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Limits `error` events: a kind of error is told at once, then at most every 10 s with the number of occurrences. A
 * puppet without a network may emit hundreds a second. Errors are of one kind if their texts differ in numbers only.
 */
export class ErrorThrottle {
  readonly #emit: (message: string, count: number) => void;
  readonly #intervalMs: number;
  readonly #kinds = new Map<string, Kind>();

  /** @param emit called with the latest text of a kind and the number of occurrences since the last call for it. */
  constructor(emit: (message: string, count: number) => void, intervalMs: number = defaultIntervalMs) {
    this.#emit = emit;
    this.#intervalMs = intervalMs;
  }

  /** Counts an occurrence. */
  add(message: string): void {
    const key = this.#keyOf(message);
    const kind = this.#kinds.get(key);
    if (kind) {
      kind.message = message;
      kind.count += 1;
      return;
    }
    const timer = setInterval(() => {
      this.#onInterval(key);
    }, this.#intervalMs);
    this.#kinds.set(key, { message, count: 0, timer: timer.unref() });
    this.#emit(message, 1);
  }

  /** Counts the error that ended a session, unless the puppet has emitted it as well. */
  addOnce(message: string): void {
    if (!this.#kinds.has(this.#keyOf(message))) this.add(message);
  }

  /** Tells what was not told yet, and ends all timers. */
  flush(): void {
    const kinds = [...this.#kinds.values()];
    this.#kinds.clear();
    for (const { message, count, timer } of kinds) {
      clearInterval(timer);
      if (count > 0) this.#emit(message, count);
    }
  }

  #onInterval(key: string): void {
    const kind = this.#kinds.get(key);
    if (!kind) return;
    const { message, count, timer } = kind;
    if (count === 0) {
      clearInterval(timer);
      this.#kinds.delete(key);
      return;
    }
    kind.count = 0;
    this.#emit(message, count);
  }

  #keyOf(message: string): string {
    const key = message.replace(/\d+/g, '0').slice(0, 200);
    return this.#kinds.has(key) || this.#kinds.size < maxKinds ? key : '';
  }
}
