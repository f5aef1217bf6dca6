/**
 * Which of the bot's messages its PadChat clients sent themselves: as with PadChat, those are not pushed to them, or a
 * program that answers everything would answer itself. What is typed on the phone is pushed.
 */
import QuickLRU from 'quick-lru';

/** Ids that are remembered. */
const remembered = 1000;

/** What was sent by the clients of one remote. */
export class OwnSends {
  readonly #ids = new QuickLRU<string, true>({ maxSize: remembered });
  readonly #inFlight = new Map<string, Set<Promise<unknown>>>();

  /**
   * Sends something.
   * @param conversations the ids of the contacts and rooms it goes to.
   * @param idsIn the ids of the messages it became; those of puppets that tell none cannot be recognized.
   */
  async run<Result>(
    conversations: readonly string[],
    send: () => Promise<Result>,
    idsIn: (result: Result) => readonly (string | undefined)[],
  ): Promise<Result> {
    const sending = send().then((result) => {
      for (const id of idsIn(result)) if (id) this.#ids.set(id, true);
      return result;
    });
    for (const id of conversations)
      this.#inFlight.set(id, (this.#inFlight.get(id) ?? new Set()).add(sending));
    try {
      return await sending;
    } finally {
      for (const id of conversations) {
        const flying = this.#inFlight.get(id);
        flying?.delete(sending);
        if (flying?.size === 0) this.#inFlight.delete(id);
      }
    }
  }

  /** Whether a message of the bot is one of these; waits for what is being sent to its conversation right now. */
  has(messageId: string, conversation: string): boolean | Promise<boolean> {
    if (this.#ids.has(messageId)) return true;
    const flying = this.#inFlight.get(conversation);
    if (!flying) return false;
    return Promise.allSettled(flying).then(() => this.#ids.has(messageId));
  }
}
