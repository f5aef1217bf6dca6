/** Echo detection: tells messages that a remote sent from others of the account, such as those typed on the phone. */
import QuickLRU from 'quick-lru';
import { withTimeout } from '../../util/timeout';

/** Maximum number of message ids, and of conversations with unidentified sends, in memory. */
const maxEntries = 1000;

/**
 * How long an event and its send may be apart: a send without a message id is matched with the next event of its
 * conversation, and an event waits for sends in flight.
 */
const echoTimeoutMs = 10_000;

/** One sent message, as the send commands return it. */
export interface SentMessage {
  /** The conversation: a contact or a room. */
  readonly id: string;
  /** Missing or empty if the puppet returns none. */
  readonly messageId?: string;
}

/** A send for which the puppet returned no message id. */
interface UnidentifiedSend<Origin> {
  readonly origin: Origin;
  /** In ms since 1970. */
  readonly expiresAt: number;
}

/** Tracks the messages of one remote, whether an event or the result of its send arrives first. */
export class SentMessageTracker<Origin extends string> {
  readonly #origins = new QuickLRU<string, Origin>({ maxSize: maxEntries });
  readonly #inFlight = new Map<string, Set<Promise<void>>>();
  readonly #unidentified = new QuickLRU<string, UnidentifiedSend<Origin>[]>({ maxSize: maxEntries });
  #identifiesAll = true;

  /** Whether the puppet returned an id for every message. */
  get identifiesAll(): boolean {
    return this.#identifiesAll;
  }

  /**
   * Runs a send and tracks its messages.
   * @param conversations ids of the recipients.
   * @param origin why the messages are sent; returned by `originOf`.
   * @param messagesOf the sent messages in the result.
   */
  async track<Result>(
    conversations: readonly string[],
    origin: Origin,
    send: () => Promise<Result>,
    messagesOf: (result: Result) => readonly SentMessage[],
  ): Promise<Result> {
    const sending = send().then((result) => {
      for (const message of messagesOf(result)) this.#record(message, origin);
      return result;
    });
    const settled = sending.then(
      () => undefined,
      () => undefined,
    );
    for (const id of conversations) {
      this.#inFlight.set(id, (this.#inFlight.get(id) ?? new Set()).add(settled));
    }
    try {
      return await sending;
    } finally {
      for (const id of conversations) {
        const pending = this.#inFlight.get(id);
        pending?.delete(settled);
        if (pending?.size === 0) this.#inFlight.delete(id);
      }
    }
  }

  /**
   * The origin of a message of the account; undefined if the remote did not send it.
   * @returns synchronously unless sends to the same conversation are in flight.
   */
  originOf(messageId: string, conversation: string): Origin | undefined | Promise<Origin | undefined> {
    const known = this.#origins.get(messageId);
    const pending = this.#inFlight.get(conversation);
    if (known !== undefined) return known;
    return pending
      ? this.#awaitOrigin(messageId, conversation, new Set(pending))
      : this.#takeUnidentified(conversation);
  }

  async #awaitOrigin(
    messageId: string,
    conversation: string,
    pending: Set<Promise<void>>,
  ): Promise<Origin | undefined> {
    for (const sending of pending) void sending.then(() => pending.delete(sending));
    const deadline = performance.now() + echoTimeoutMs;
    let origin: Origin | undefined;
    while (origin === undefined && pending.size > 0 && performance.now() < deadline) {
      await withTimeout(
        Promise.race(pending),
        deadline - performance.now(),
        () => new Error('timeout'),
      ).catch(() => undefined);
      origin = this.#origins.get(messageId) ?? this.#takeUnidentified(conversation);
    }
    return origin;
  }

  #record({ id, messageId }: SentMessage, origin: Origin): void {
    if (messageId) {
      this.#origins.set(messageId, origin);
      return;
    }
    this.#identifiesAll = false;
    const earlier = this.#unidentified.get(id) ?? [];
    const sends = [...earlier, { origin, expiresAt: performance.now() + echoTimeoutMs }];
    this.#unidentified.set(id, sends.slice(-maxEntries));
  }

  #takeUnidentified(conversation: string): Origin | undefined {
    const now = performance.now();
    const sends = this.#unidentified.get(conversation)?.filter(({ expiresAt }) => expiresAt >= now);
    const first = sends?.shift();
    if (sends) this.#unidentified.set(conversation, sends);
    return first?.origin;
  }
}
