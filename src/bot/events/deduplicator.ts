const windowMs = 10 * 60 * 1000;

/** Ids remembered at least: ten minutes at 80 messages a second, far above what one account receives. */
const remembered = 50_000;

/**
 * Tells first deliveries from repeated ones: puppets deliver a message again after a reconnect. Ids are forgotten a
 * whole generation at a time, so that a message costs one entry in a set and nothing to take it out again.
 */
export class Deliveries {
  #recent = new Set<string>();
  #older = new Set<string>();
  #since = Date.now();

  /** True the first time an id is shown within ten minutes, or within twenty, since generations overlap. */
  isFirst(id: string): boolean {
    this.#forget();
    if (this.#recent.has(id) || this.#older.has(id)) return false;
    this.#recent.add(id);
    return true;
  }

  #forget(): void {
    const age = Date.now() - this.#since;
    if (age < windowMs && this.#recent.size < remembered) return;
    this.#older = age < 2 * windowMs ? this.#recent : new Set();
    this.#recent = new Set();
    this.#since += age;
  }
}
