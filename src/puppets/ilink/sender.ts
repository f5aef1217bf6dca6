/**
 * Sends to people within quota and window. What may not go out now is held on disk, in order, and goes out with the
 * person's next message.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage } from '../../util/error-message';
import { KeyedMutex } from '../../util/keyed-mutex';
import type { MessageStore } from './bindings/message-store';
import type { Binding, StoredMessage } from './bindings/records';
import type { IlinkClient } from './client/ilink-client';
import { IlinkError } from './client/ilink-error';
import type { WireObject } from './client/wire-types';
import { type HeldMessage, HeldMessages } from './held-messages';
import { PuppetError } from './puppet-error';
import { quotaOf, sendsPerMessage, sendsPerSecond } from './quota';

/** What is to be sent as one message of WeChat. */
export interface Outgoing {
  readonly item: WireObject;
  /** How it is stored. */
  readonly content: Pick<StoredMessage, 'kind' | 'text' | 'fileName' | 'media'>;
}

/** What became of a send. */
export interface SendResult {
  /** The message's id; when WeChat has given none, one of our own. */
  readonly id: string;
  /** `pending`: held; `unconfirmed`: WeChat gave no id, so it was probably not delivered. */
  readonly state: 'sent' | 'pending' | 'unconfirmed';
}

/** What became of a held message. */
export interface HeldOutcome {
  /** As `SendResult` had it. */
  readonly id: string;
  readonly userId: string;
  readonly state: 'sent' | 'unconfirmed' | 'expired' | 'refused' | 'failed';
  /** WeChat's id, when it was sent. */
  readonly messageId?: string;
  readonly error?: string;
}

/** What a sender works with. */
export interface SenderContext {
  readonly client: IlinkClient;
  readonly store: MessageStore;
  readonly holdMs: number;
  readonly signal: AbortSignal;
  now(): number;
  bindingOf(userId: string): Binding | undefined;
  onStale(binding: Binding): void;
  onOutcome(outcome: HeldOutcome): void;
}

/** The pace limit, with a margin for clocks. */
const paceMs = 1_100;

/** How often expired messages are looked for, in ms. */
const expiryCheckMs = 60_000;

const limits =
  'WeChat lets a bot write only within 24 hours of the person’s last message, and about ten times for each message';

/** WeChat refused a message. */
type Attempt = { readonly messageId: string } | 'refused';

/** The sends of one puppet. */
export class Sender {
  readonly #context: SenderContext;
  readonly #mutex = new KeyedMutex();
  readonly #held: HeldMessages;
  readonly #recent = new Map<string, number[]>();
  readonly #expiryTimer: NodeJS.Timeout;

  private constructor(context: SenderContext, held: HeldMessages) {
    this.#context = context;
    this.#held = held;
    this.#expiryTimer = setInterval(() => {
      void this.expire();
    }, expiryCheckMs).unref();
  }

  /** Loads what is held; of what was being sent when the process ended nobody knows whether it arrived. */
  static async open(context: SenderContext): Promise<Sender> {
    const { held, interrupted } = await HeldMessages.open(context.store.raw);
    const sender = new Sender(context, held);
    for (const { id, userId } of interrupted)
      context.onOutcome({ id, userId, state: 'failed', error: 'interrupted: it may have been sent' });
    return sender;
  }

  /** Stops the timer; sends end with the signal. */
  close(): void {
    clearInterval(this.#expiryTimer);
  }

  /** The number of messages held for a person. */
  heldFor(userId: string): number {
    return this.#held.count(userId);
  }

  /**
   * Sends messages to a person in order, or holds those that may not go out now.
   * @returns the result of the first one; `pending` if any is held
   * @throws PuppetError when nothing can be held; Error when WeChat or the network fails: nothing is repeated, because
   * nobody knows whether it arrived
   */
  async send(userId: string, messages: readonly Outgoing[]): Promise<SendResult> {
    return this.#mutex.runExclusive([userId], async () => {
      const results: SendResult[] = [];
      for (const message of messages) results.push(await this.#sendOrHold(userId, message));
      const [first] = results;
      if (!first) throw new PuppetError('INVALID_PARAMS', 'The message is empty.');
      return results.find(({ state }) => state === 'pending') ?? first;
    });
  }

  /** Sends what is held for a person, as far as it may go out now. */
  async flush(userId: string): Promise<void> {
    await this.#mutex.runExclusive([userId], async () => {
      await this.#expireFor(userId);
      for (let next = this.#held.first(userId); next; next = this.#held.first(userId)) {
        if (this.#context.signal.aborted || !this.#mayWrite(userId)) return;
        if (!(await this.#sendHeld(next))) return;
      }
    });
  }

  /** Gives up what was held for too long. */
  async expire(): Promise<void> {
    await Promise.all(
      this.#held.userIds().map((userId) =>
        this.#mutex.runExclusive([userId], async () => {
          await this.#expireFor(userId);
        }),
      ),
    );
  }

  async #expireFor(userId: string): Promise<void> {
    for (const { id } of await this.#held.takeExpired(userId, this.#context.now()))
      this.#context.onOutcome({ id, userId, state: 'expired' });
  }

  async #sendOrHold(userId: string, message: Outgoing): Promise<SendResult> {
    const isFresh = this.#context.store.conversation(userId).sends === 0;
    if (this.#held.count(userId) === 0 && this.#mayWrite(userId)) {
      const clientId = newClientId();
      const attempt = await this.#attempt(userId, clientId, message.item);
      if (attempt !== 'refused') return this.#sent(userId, attempt.messageId || clientId, message, attempt);
      if (isFresh) throw new PuppetError('FAILED', 'WeChat refuses this message (code -2).');
      await this.#exhaust(userId);
    }
    const { holdMs } = this.#context;
    if (holdMs === 0) throw new PuppetError('RATE_LIMITED', `This may not be sent now: ${limits}.`);
    const heldAt = this.#context.now();
    const id = newClientId();
    await this.#held.add({ id, userId, ...message, heldAt, expiresAt: heldAt + holdMs });
    return { id, state: 'pending' };
  }

  async #sent(
    userId: string,
    id: string,
    { content }: Outgoing,
    { messageId }: { readonly messageId: string },
  ): Promise<SendResult> {
    await this.#context.store.addOwn({ id, userId, isOwn: true, ...content, timestamp: this.#context.now() });
    return { id, state: messageId === '' ? 'unconfirmed' : 'sent' };
  }

  /** @returns whether the next held message may be tried */
  async #sendHeld(held: HeldMessage): Promise<boolean> {
    const { id, userId, item } = held;
    const isFresh = this.#context.store.conversation(userId).sends === 0;
    await this.#held.begin(held);
    let attempt: Attempt;
    try {
      attempt = await this.#attempt(userId, id, item);
    } catch (error) {
      if (isCertainlyUnsent(error)) {
        await this.#held.putBack(held);
        return false;
      }
      await this.#held.remove(held);
      this.#context.onOutcome({ id, userId, state: 'failed', error: errorMessage(error) });
      return !this.#context.signal.aborted;
    }
    if (attempt === 'refused' && !isFresh) {
      // Quota, window or pace, whatever our count says: it waits for the next message.
      await this.#held.putBack(held);
      await this.#exhaust(userId);
      return false;
    }
    await this.#held.remove(held);
    if (attempt === 'refused') {
      this.#context.onOutcome({ id, userId, state: 'refused' });
      return true;
    }
    const { messageId } = attempt;
    const { state } = await this.#sent(userId, messageId || id, held, attempt);
    const outcome = { id, userId, ...(messageId === '' ? {} : { messageId }) };
    this.#context.onOutcome({ ...outcome, state: state === 'sent' ? 'sent' : 'unconfirmed' });
    return true;
  }

  async #attempt(userId: string, clientId: string, item: WireObject): Promise<Attempt> {
    const { client, store, signal } = this.#context;
    const binding = this.#context.bindingOf(userId);
    if (!binding)
      throw new PuppetError('NOT_FOUND', `Nobody with the id ${userId} is connected to this bot.`);
    await this.#keepPace(userId);
    await store.countSend(userId);
    const { contextToken } = store.conversation(userId);
    try {
      return {
        messageId: await client.sendMessage(binding, { userId, clientId, item, contextToken }, signal),
      };
    } catch (error) {
      if (!(error instanceof IlinkError)) throw error;
      if (error.isStale) this.#context.onStale(binding);
      if (error.isRefusal) return 'refused';
      throw error;
    }
  }

  /** Whether quota and window allow a send. */
  #mayWrite(userId: string): boolean {
    return quotaOf(this.#context.store.conversation(userId), this.#context.now()).left > 0;
  }

  /** WeChat refuses more: nothing is tried until the person's next message. */
  async #exhaust(userId: string): Promise<void> {
    const { store } = this.#context;
    while (store.conversation(userId).sends < sendsPerMessage) await store.countSend(userId);
  }

  async #keepPace(userId: string): Promise<void> {
    const recent = this.#recent.get(userId) ?? [];
    const oldest = recent.length >= sendsPerSecond ? recent.shift() : undefined;
    const waitMs = oldest === undefined ? 0 : oldest + paceMs - performance.now();
    if (waitMs > 0) await delay(waitMs, undefined, { signal: this.#context.signal });
    recent.push(performance.now());
    this.#recent.set(userId, recent);
  }
}

function newClientId(): string {
  return `nrw-${randomUUID()}`;
}

/** Errors before anything was sent. */
function isCertainlyUnsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'].includes(code ?? '');
}
