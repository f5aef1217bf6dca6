/** Sends the messages of a bot to subscribers, in order. */
import type { Bot } from '../../bot/bot';
import { withTimeout } from '../../util/timeout';
import type { RunCommand } from '../../commands/table';
import { asTyped } from '../../events/table';
import { messageContent, type MessageEvent, encodeAddMsg } from './add-msg';

/** Timeout for loading the content of a message, in ms; afterwards the message is sent without it. */
const contentTimeoutMs = 3000;

/** The last sequence number; starts at the current time in seconds, so that it increases across restarts. */
let lastSeq = Math.floor(Date.now() / 1000);

/** The receivers of a feed. */
export interface Subscribers {
  /** Whether there is any; otherwise messages are not encoded. */
  hasAny(): boolean;
  /** Sends a text to all of them. */
  send(text: string): void;
}

/** The messages of one bot, from construction to `close`. */
export class MessageFeed {
  readonly #bot: Bot;
  readonly #query: RunCommand;
  readonly #subscribers: Subscribers;
  readonly #unlisten: () => void;
  /** Resolves when the last message whose content is loading has been sent. */
  #pending: Promise<void> | undefined;
  #isClosed = false;

  /** @param query loads the content of messages. */
  constructor(bot: Bot, query: RunCommand, subscribers: Subscribers) {
    this.#bot = bot;
    this.#query = (command, params) =>
      withTimeout(query(command, params), contentTimeoutMs, () => new Error('too slow'));
    this.#subscribers = subscribers;
    this.#unlisten = bot.on('event', (untyped) => {
      const event = asTyped(untyped);
      if (event.event === 'message' && subscribers.hasAny()) this.#onMessage(event);
    });
  }

  /** Stops listening to the bot. */
  close(): void {
    this.#isClosed = true;
    this.#unlisten();
  }

  #onMessage(event: MessageEvent): void {
    const content = messageContent(event, this.#query);
    if (!this.#pending && typeof content === 'string') {
      this.#send(event, content);
      return;
    }
    // Later messages must not overtake this one.
    const sent = Promise.all([content, this.#pending]).then(([loaded]) => {
      this.#send(event, loaded);
      if (this.#pending === sent) this.#pending = undefined;
    });
    this.#pending = sent;
  }

  #send(event: MessageEvent, content: string): void {
    if (this.#isClosed) return;
    const { id = '', name = '' } = this.#bot.state.user ?? {};
    lastSeq += 1;
    this.#subscribers.send(encodeAddMsg(event, content, { wxid: id, nickname: name }, lastSeq));
  }
}
