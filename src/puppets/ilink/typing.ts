/** Shows people that the bot is typing. */
import type { Binding } from './bindings/records';
import type { MessageStore } from './bindings/message-store';
import type { IlinkClient } from './client/ilink-client';

/** WeChat shows it for some seconds; Tencent's client repeats it in this interval. */
const repeatMs = 5_000;

/** Typing is shown for this long at the most. */
const maxMs = 60_000;

/** For how long a ticket is used. */
const ticketMs = 24 * 60 * 60 * 1000;

/** What it works with. */
export interface TypingContext {
  readonly client: IlinkClient;
  readonly store: MessageStore;
  readonly now: number;
  bindingOf(userId: string): Binding | undefined;
}

interface Ticket {
  readonly ticket: string;
  readonly botId: string;
  readonly at: number;
}

/** Typing in all conversations of one account. */
export class Typing {
  /** Whether it is shown from each message received to the answer. */
  isAutomatic = false;
  readonly #context: TypingContext;
  readonly #tickets = new Map<string, Ticket>();
  readonly #shown = new Map<string, { readonly interval: NodeJS.Timeout; readonly end: NodeJS.Timeout }>();

  constructor(context: TypingContext) {
    this.#context = context;
  }

  /** A person has written. */
  onReceived({ userId }: Binding): void {
    if (this.isAutomatic) this.show(userId).catch(() => undefined);
  }

  /**
   * Shows it until `hide`, a minute at the most.
   * @throws IlinkError -4 when the person has never written; Error
   */
  async show(userId: string): Promise<void> {
    this.#forget(userId);
    const interval = setInterval(() => {
      this.#send(userId, true).catch(() => undefined);
    }, repeatMs).unref();
    const end = setTimeout(() => {
      this.hide(userId).catch(() => undefined);
    }, maxMs).unref();
    this.#shown.set(userId, { interval, end });
    try {
      await this.#send(userId, true);
    } catch (error) {
      this.#forget(userId);
      throw error;
    }
  }

  /** Hides it, if it is shown. */
  async hide(userId: string): Promise<void> {
    if (this.#forget(userId)) await this.#send(userId, false);
  }

  /** The answer is there, which ends it on the phone. */
  onAnswered(userId: string): void {
    this.hide(userId).catch(() => undefined);
  }

  /** Stops all timers. */
  close(): void {
    for (const userId of [...this.#shown.keys()]) this.#forget(userId);
  }

  async #send(userId: string, isTyping: boolean): Promise<void> {
    const binding = this.#context.bindingOf(userId);
    if (!binding) throw new Error(`Nobody with the id ${userId} is connected to this bot.`);
    const ticket = await this.#ticket(binding);
    await this.#context.client.sendTyping(binding, userId, ticket, isTyping);
  }

  async #ticket(binding: Binding): Promise<string> {
    const { userId, botId } = binding;
    const { client, store, now } = this.#context;
    const known = this.#tickets.get(userId);
    if (known?.botId === botId && now - known.at < ticketMs) return known.ticket;
    const { contextToken } = store.conversation(userId);
    const ticket = await client.typingTicket(binding, userId, contextToken);
    this.#tickets.set(userId, { ticket, botId, at: now });
    return ticket;
  }

  #forget(userId: string): boolean {
    const shown = this.#shown.get(userId);
    if (!shown) return false;
    clearInterval(shown.interval);
    clearTimeout(shown.end);
    return this.#shown.delete(userId);
  }
}
