/** Tells messages sent by a remote from others of the account, whether the event or the id of the send arrives first. */
import QuickLRU from 'quick-lru';
import type { SendOrigin } from './messages';

/** Maximum number of ids and conversations in memory. */
const maxEntries = 1000;

/** How long after a send without an id its event is expected; it is recognised by the conversation only. In ms. */
const echoTimeoutMs = 10_000;

/** A send for which the puppet returned no id. */
interface UnidentifiedSend {
  readonly origin: SendOrigin;
  /** In ms since 1970. */
  readonly expiresAt: number;
}

/** Tracks the messages of one remote. */
export class SentMessageTracker {
  readonly #origins = new QuickLRU<string, SendOrigin>({ maxSize: maxEntries });
  readonly #inFlight = new Map<string, Set<Promise<unknown>>>();
  readonly #unidentified = new QuickLRU<string, UnidentifiedSend[]>({ maxSize: maxEntries });
  #identifiesAll = true;

  /** Whether the puppet returned an id for every message. */
  get identifiesAll(): boolean {
    return this.#identifiesAll;
  }

  /**
   * Sends a message and tracks it.
   * @param conversation the id of the contact or group.
   * @param send resolves to the message's id, if the puppet returns one.
   */
  async track(
    conversation: string,
    origin: SendOrigin,
    send: () => Promise<string | undefined>,
  ): Promise<string | undefined> {
    const sending = send().then((id) => {
      if (id) this.#origins.set(id, origin);
      else this.#recordUnidentified(conversation, origin);
      return id;
    });
    const inFlight = this.#inFlight.get(conversation) ?? new Set();
    this.#inFlight.set(conversation, inFlight.add(sending));
    try {
      return await sending;
    } finally {
      inFlight.delete(sending);
      if (inFlight.size === 0) this.#inFlight.delete(conversation);
    }
  }

  /** The origin of a message of the account; waits for sends in flight to the same conversation. */
  async originOf(messageId: string, conversation: string): Promise<SendOrigin> {
    const inFlight = this.#inFlight.get(conversation);
    // Sends to one conversation complete in order: the first to complete belongs to this message.
    if (inFlight && !this.#origins.has(messageId)) await Promise.race(inFlight).catch(() => undefined);
    return this.#origins.get(messageId) ?? this.#takeUnidentified(conversation);
  }

  #recordUnidentified(conversation: string, origin: SendOrigin): void {
    this.#identifiesAll = false;
    const waiting = this.#unidentified.get(conversation) ?? [];
    this.#unidentified.set(
      conversation,
      [...waiting, { origin, expiresAt: Date.now() + echoTimeoutMs }].slice(-maxEntries),
    );
  }

  #takeUnidentified(conversation: string): SendOrigin {
    const now = Date.now();
    const [first, ...rest] = (this.#unidentified.get(conversation) ?? []).filter(
      ({ expiresAt }) => expiresAt >= now,
    );
    if (!first) return undefined;
    this.#unidentified.set(conversation, rest);
    return first.origin;
  }
}
