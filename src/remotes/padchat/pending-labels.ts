/**
 * Labels that were added and not yet given to anybody: PadChat makes a label first and gives it to a contact then,
 * while with Wechaty a tag comes into being with its first contact.
 */
const most = 1000;

/** The labels of one remote that nobody has yet. */
export class Labels {
  readonly #unused = new Set<string>();

  /** Remembers a label; the oldest is forgotten when there are too many. */
  add(label: string): void {
    this.#unused.delete(label);
    this.#unused.add(label);
    const [oldest] = this.#unused;
    if (this.#unused.size > most && oldest !== undefined) this.#unused.delete(oldest);
  }

  /** Whether there was such a label; it is forgotten. */
  take(label: string): boolean {
    return this.#unused.delete(label);
  }

  /** All of them. */
  list(): string[] {
    return [...this.#unused];
  }
}
