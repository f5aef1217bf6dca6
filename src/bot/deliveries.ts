import QuickLRU from 'quick-lru';

const windowMs = 10 * 60 * 1000;

/** Ids remembered at once: ten minutes at 80 messages a second, far above what one account receives. */
const remembered = 50_000;

/** Tells first deliveries from repeated ones: puppets deliver a message again after a reconnect. */
export class Deliveries {
  readonly #seen = new QuickLRU<string, true>({ maxSize: remembered, maxAge: windowMs });

  /** True the first time an id is shown within ten minutes. */
  isFirst(id: string): boolean {
    if (this.#seen.has(id)) return false;
    this.#seen.set(id, true);
    return true;
  }
}
