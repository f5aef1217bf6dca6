/**
 * Echo detection: messages sent by clients are not pushed back to them, so that an auto-reply client does not reply to
 * itself. Messages typed on the phone are pushed.
 */
import QuickLRU from 'quick-lru';

/** Message ids that are kept. */
const maxIds = 1000;

/** Messages sent through one remote. */
export class SentMessageTracker {
  readonly #ids = new QuickLRU<string, true>({ maxSize: maxIds });
  readonly #inFlight = new Map<string, Set<Promise<unknown>>>();

  /**
   * Runs a send and records the ids of its messages.
   * @param conversations ids of the recipients, contacts and rooms.
   * @param messageIdsOf message ids in the result; messages of puppets that return none cannot be recognized.
   */
  async track<Result>(
    conversations: readonly string[],
    send: () => Promise<Result>,
    messageIdsOf: (result: Result) => readonly (string | undefined)[],
  ): Promise<Result> {
    const sending = send().then((result) => {
      for (const id of messageIdsOf(result)) if (id) this.#ids.set(id, true);
      return result;
    });
    for (const id of conversations)
      this.#inFlight.set(id, (this.#inFlight.get(id) ?? new Set()).add(sending));
    try {
      return await sending;
    } finally {
      for (const id of conversations) {
        const pending = this.#inFlight.get(id);
        pending?.delete(sending);
        if (pending?.size === 0) this.#inFlight.delete(id);
      }
    }
  }

  /** Whether a message of the bot was sent through this remote; waits for sends in flight to its conversation. */
  has(messageId: string, conversation: string): boolean | Promise<boolean> {
    if (this.#ids.has(messageId)) return true;
    const pending = this.#inFlight.get(conversation);
    if (!pending) return false;
    return Promise.allSettled(pending).then(() => this.#ids.has(messageId));
  }
}
