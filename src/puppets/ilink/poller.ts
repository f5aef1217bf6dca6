/** Fetches the messages of one binding, one poll at a time. */
import { setTimeout as delay } from 'node:timers/promises';
import { Backoff } from '../../util/backoff';
import { errorMessage } from '../../util/error-message';
import type { Binding, Conversation, StoredMessage } from './bindings/records';
import type { MessageStore } from './bindings/message-store';
import type { IlinkClient } from './client/ilink-client';
import { IlinkError } from './client/ilink-error';
import type { WireObject } from './client/wire-types';
import { type IncomingMessage, readIncoming } from './incoming';
import { RepeatFilter } from './repeats';

/** Tencent's client waits 2 s, and 30 s after three failures. */
const retries = { minMs: 1_000, maxMs: 30_000 };

/** What a poller works with. */
export interface PollerContext {
  readonly client: IlinkClient;
  readonly store: MessageStore;
  now(): number;
  /** Called when messages are on disk. */
  onMessages(binding: Binding, messages: readonly StoredMessage[]): void;
  /** The token is dead; the poller has ended. */
  onStale(binding: Binding): void;
  /** Polls fail, for the `failures`th time in a row; 0: they succeed again. */
  onHealth(binding: Binding, failures: number, reason: string): void;
}

/** Polls until `signal` aborts or the token is dead. Never rejects. */
export async function pollMessages(
  binding: Binding,
  context: PollerContext,
  signal: AbortSignal,
): Promise<void> {
  const { client, store } = context;
  const backoff = new Backoff(retries);
  const repeats = new RepeatFilter(() => context.now());
  let cursor = store.cursor(binding.botId);
  let holdMs: number | undefined;
  let failures = 0;
  const isStopped = (): boolean => signal.aborted;
  while (!isStopped()) {
    try {
      const updates = await client.getUpdates(binding, cursor, holdMs, signal);
      holdMs = updates.holdMs ?? holdMs;
      await receive(updates.messages, updates.cursor === cursor ? undefined : updates.cursor);
      cursor = updates.cursor ?? cursor;
      if (failures > 0) context.onHealth(binding, 0, '');
      failures = 0;
      backoff.reset();
    } catch (error) {
      if (isStopped()) return;
      if (error instanceof IlinkError && error.isStale) {
        context.onStale(binding);
        return;
      }
      failures += 1;
      context.onHealth(binding, failures, errorMessage(error));
      await delay(backoff.next(), undefined, { signal }).catch(() => undefined);
    }
  }

  async function receive(wires: readonly WireObject[], nextCursor: string | undefined): Promise<void> {
    if (wires.length === 0 && nextCursor === undefined) return;
    const now = context.now();
    const read = wires.flatMap((wire) => readIncoming(wire, now)).filter(isOwnPerson);
    const fresh = read.filter(
      (incoming) => store.message(incoming.message.id) === undefined && !repeats.isRepeat(incoming),
    );
    const unique = [...new Map(fresh.map((incoming) => [incoming.message.id, incoming.message])).values()];
    const messages = unique.map((message) => withQuotedText(message));
    const conversation = read.length === 0 ? undefined : { userId: binding.userId, state: opened(read, now) };
    await store.receive({ botId: binding.botId, cursor: nextCursor, messages, conversation });
    if (read.length > 0) context.onMessages(binding, messages);
  }

  /** A token receives what its own person writes; anything else would be told as if it came from a stranger. */
  function isOwnPerson({ message }: IncomingMessage): boolean {
    return message.userId === binding.userId;
  }

  /** A message opens the window for replies again. */
  function opened(read: readonly IncomingMessage[], now: number): Conversation {
    const contextToken = read.findLast((incoming) => incoming.contextToken !== '')?.contextToken;
    const known = store.conversation(binding.userId);
    return { contextToken: contextToken ?? known.contextToken, receivedAt: now, sends: 0 };
  }

  /** Adds what the quoted message said, when only its id came. */
  function withQuotedText(message: StoredMessage): StoredMessage {
    const { quote } = message;
    const quoted = quote?.id ? store.message(quote.id) : undefined;
    if (!quote || !quoted) return message;
    const talkerId = quoted.isOwn ? binding.botId : quoted.userId;
    return { ...message, quote: { id: quote.id, text: quote.text || quoted.text, talkerId } };
  }
}
