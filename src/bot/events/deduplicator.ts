const windowMs = 10 * 60 * 1000;

/** Capacity of one generation: ten minutes at 80 messages a second, far above what one account receives. */
const maxIds = 50_000;

/**
 * Filters duplicate messages, which puppets deliver again after a reconnect. Ids expire a whole generation at a time, so
 * that a message costs one insertion and no removal.
 */
export class Deduplicator {
  #recent = new Set<string>();
  #older = new Set<string>();
  #since = Date.now();

  /** Whether an id was not seen in the last ten minutes; up to twenty, since generations overlap. */
  isNew(id: string): boolean {
    this.#rotate();
    if (this.#recent.has(id) || this.#older.has(id)) return false;
    this.#recent.add(id);
    return true;
  }

  #rotate(): void {
    const age = Date.now() - this.#since;
    if (age < windowMs && this.#recent.size < maxIds) return;
    this.#older = age < 2 * windowMs ? this.#recent : new Set();
    this.#recent = new Set();
    this.#since += age;
  }
}
