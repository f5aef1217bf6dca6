/** Tells the messages a remote sent from those the bot sent otherwise, whichever is known first: message or id. */
import QuickLRU from 'quick-lru';
import type { Sender } from './messages';

/** Ids that are remembered. */
const remembered = 1000;

/** For how long a message may be told of after its send, where only the conversation tells that they belong together, in ms. */
const echoPatience = 10_000;

/** A send of which the puppet gave no id. */
interface Nameless {
  readonly sender: Sender;
  /** In ms since 1970. */
  readonly until: number;
}

/** What one remote sent. */
export class OwnSends {
  readonly #senders = new QuickLRU<string, Sender>({ maxSize: remembered });
  readonly #inFlight = new Map<string, Set<Promise<unknown>>>();
  readonly #nameless = new QuickLRU<string, Nameless[]>({ maxSize: remembered });
  #areKnown = true;

  /** Whether every message of this remote can be told by its id. */
  get areKnown(): boolean {
    return this.#areKnown;
  }

  /**
   * Sends something.
   * @param conversation the id of the contact or group it goes to.
   * @param send resolves to the message's id, as far as the puppet gives one.
   */
  async run(
    conversation: string,
    sender: Sender,
    send: () => Promise<string | undefined>,
  ): Promise<string | undefined> {
    const sending = send().then((id) => {
      if (id) this.#senders.set(id, sender);
      else this.#sentNameless(conversation, sender);
      return id;
    });
    const flying = this.#inFlight.get(conversation) ?? new Set();
    this.#inFlight.set(conversation, flying.add(sending));
    try {
      return await sending;
    } finally {
      flying.delete(sending);
      if (flying.size === 0) this.#inFlight.delete(conversation);
    }
  }

  /** Who sent a message of the bot; waits for what is being sent to the same conversation right now. */
  async senderOf(messageId: string, conversation: string): Promise<Sender> {
    const flying = this.#inFlight.get(conversation);
    // Sends to one conversation end in order: the first that ends is the one that was told of.
    if (flying && !this.#senders.has(messageId)) await Promise.race(flying).catch(() => undefined);
    return this.#senders.get(messageId) ?? this.#takeNameless(conversation);
  }

  #sentNameless(conversation: string, sender: Sender): void {
    this.#areKnown = false;
    const waiting = this.#nameless.get(conversation) ?? [];
    this.#nameless.set(
      conversation,
      [...waiting, { sender, until: Date.now() + echoPatience }].slice(-remembered),
    );
  }

  #takeNameless(conversation: string): Sender {
    const now = Date.now();
    const [first, ...rest] = (this.#nameless.get(conversation) ?? []).filter(({ until }) => until >= now);
    if (!first) return undefined;
    this.#nameless.set(conversation, rest);
    return first.sender;
  }
}
