/**
 * Labels without contacts: PadChat creates a label first and assigns it later, while a Wechaty tag is created with its
 * first contact.
 */

/** Labels that are kept; the oldest are dropped first. */
const maxLabels = 1000;

/** Unassigned labels of one remote. */
export class PendingLabels {
  readonly #unused = new Set<string>();

  /** Adds a label, or makes it the newest. */
  add(label: string): void {
    this.#unused.delete(label);
    this.#unused.add(label);
    const [oldest] = this.#unused;
    if (this.#unused.size > maxLabels && oldest !== undefined) this.#unused.delete(oldest);
  }

  /** Removes a label. @returns whether it existed. */
  delete(label: string): boolean {
    return this.#unused.delete(label);
  }

  /** All labels, oldest first. */
  list(): string[] {
    return [...this.#unused];
  }
}
