/** The bots that people have created by scanning: token, messages to fetch, quota and window of replies. */
import { randomBytes } from 'node:crypto';
import type { VirtualClock } from './clock';
import { type JsonObject, objectOf, require, stringOf } from './wire';

/** Why a send is answered with -2; errmsg does not tell which. */
export type RefusalCause = 'quota' | 'window' | 'burst' | 'size' | 'items';

/** A message that a person has received from the bot. */
export interface DeliveredMessage {
  /** Undefined when the service gave no id. */
  readonly id: string | undefined;
  readonly clientId: string;
  readonly item: JsonObject;
  readonly text: string;
  readonly contextToken: string | undefined;
  readonly at: number;
}

/** How the service answers the next sends. */
export type SendFault =
  /** `ret` 0 without an id, and nothing is delivered. */
  | 'no-message-id'
  /** Delivered, but the connection breaks before the answer. */
  | 'lost-answer'
  | 'http-500'
  /** The connection breaks before anything was done. */
  | 'cut';

/** Limits that the service imposes, and its messages; tests change them. */
export const defaultLimits = {
  sendsPerMessage: 10,
  windowMs: 24 * 60 * 60 * 1000,
  sendsPerSecond: 3,
  maxTextBytes: 16_384,
};
export type Limits = typeof defaultLimits;

const errmsg: Record<RefusalCause, string> = {
  quota: 'rate limited',
  window: 'prepare failed',
  burst: 'rate limited',
  size: 'unknown error',
  items: '',
};

/** A message waiting to be fetched. */
export type WireMessage = Readonly<Record<string, unknown>>;

let lastMessageId = 18_446_744_073_709_000_000n;

/** A new uint64 id, beyond what a JSON number can hold exactly. */
export function nextMessageId(): bigint {
  lastMessageId += 1n;
  return lastMessageId;
}

/** One bot: one scan of one person. */
export class IlinkBot {
  readonly id = `${randomBytes(6).toString('hex')}@im.bot`;
  readonly token = `${this.id}:${randomBytes(16).toString('hex')}`;
  readonly userId: string;
  /** Whether the token still works. */
  isAlive = true;
  readonly delivered: DeliveredMessage[] = [];
  readonly sendFaults: SendFault[] = [];
  readonly refusals: RefusalCause[] = [];
  isTyping = false;
  readonly typingTicket = randomBytes(24).toString('base64');
  /** The polls for messages that are held at this moment, and the most there ever were. */
  polls = 0;
  maxPolls = 0;
  readonly #clock: VirtualClock;
  readonly #limits: Limits;
  readonly #onChange: () => void;
  #queue: WireMessage[] = [];
  #served = 0;
  #contextTokens: string[] = [];
  #lastReceivedAt = -Infinity;
  #sendsSinceReceived = 0;
  #recentSends: number[] = [];
  readonly #clientIds = new Set<string>();

  constructor(userId: string, clock: VirtualClock, limits: Limits, onChange: () => void) {
    this.userId = userId;
    this.#clock = clock;
    this.#limits = limits;
    this.#onChange = onChange;
  }

  /** Whether the person has ever written. */
  get hasContext(): boolean {
    return this.#contextTokens.length > 0;
  }

  /** The messages to fetch. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** A new context token, which replies must carry; a message of the person opens the window again. */
  newContext(): string {
    const token = randomBytes(24).toString('base64');
    this.#contextTokens.push(token);
    this.#lastReceivedAt = this.#clock.now();
    this.#sendsSinceReceived = 0;
    return token;
  }

  /** Queues a message of the person. */
  push(message: WireMessage): void {
    this.#queue.push(message);
    this.#onChange();
  }

  /** The messages to fetch; the service gives each of them away once, whatever the cursor. */
  take(): { readonly messages: WireMessage[]; readonly cursor: string } {
    const messages = this.#queue;
    this.#queue = [];
    this.#served += messages.length;
    return { messages, cursor: Buffer.from(`cursor-${this.#served}`).toString('base64') };
  }

  /** Puts messages back whose answer did not reach the client. */
  putBack(messages: WireMessage[]): void {
    this.#served -= messages.length;
    this.#queue.unshift(...messages);
  }

  /**
   * A message of the bot.
   * @returns the answer's fields and the message, which is delivered unless the context token is missing or unknown.
   * @throws RuleViolation
   */
  receive(msg: JsonObject): { readonly answer: object; readonly message?: DeliveredMessage } {
    require(msg.from_user_id === '', 'msg.from_user_id is not empty');
    require(stringOf(msg.to_user_id, 'msg.to_user_id') ===
      this.userId, 'msg.to_user_id is not the bot’s person');
    const clientId = stringOf(msg.client_id, 'msg.client_id');
    require(clientId !== '' && !this.#clientIds.has(clientId), 'msg.client_id is empty or was used before');
    require(msg.message_type === 2, 'msg.message_type is not 2');
    require(msg.message_state === 2, 'msg.message_state is not 2');
    const items: unknown[] = Array.isArray(msg.item_list) ? msg.item_list : [];
    if (items.length !== 1) return this.#refuse('items');
    const item = objectOf(items[0], 'msg.item_list[0]');
    const text =
      item.type === 1 ? stringOf(objectOf(item.text_item, 'text_item').text, 'text_item.text') : '';
    if (Buffer.byteLength(text) > this.#limits.maxTextBytes) return this.#refuse('size');
    const now = this.#clock.now();
    if (now - this.#lastReceivedAt > this.#limits.windowMs) return this.#refuse('window');
    if (this.#sendsSinceReceived >= this.#limits.sendsPerMessage) return this.#refuse('quota');
    this.#recentSends = this.#recentSends.filter((at) => now - at < 1000);
    if (this.#recentSends.length >= this.#limits.sendsPerSecond) return this.#refuse('burst');
    this.#recentSends.push(now);
    this.#sendsSinceReceived += 1;
    this.#clientIds.add(clientId);
    const contextToken = typeof msg.context_token === 'string' ? msg.context_token : undefined;
    const isDelivered =
      contextToken !== undefined &&
      this.#contextTokens.includes(contextToken) &&
      this.sendFaults[0] !== 'no-message-id';
    if (this.sendFaults[0] === 'no-message-id') this.sendFaults.shift();
    if (!isDelivered) return { answer: { ret: 0 } };
    const id = nextMessageId();
    return {
      answer: { ret: 0, message_id: id },
      message: { id: String(id), clientId, item, text, contextToken, at: now },
    };
  }

  #refuse(cause: RefusalCause): { readonly answer: object } {
    this.refusals.push(cause);
    return { answer: { ret: -2, errmsg: errmsg[cause] } };
  }
}
