/** Turns what one bot hears into what clients are told, in its order. */
import type { Bot } from '../../bot/bot';
import { withTimeout } from '../../util/timeout';
import type { BotEvent } from '../../bot/events';
import type { Ask } from '../wechat/wechat-xml';
import { contentOf, type ToldMessage, writeAddMsg } from './add-msg';

/** How long the puppet may take to say what is in a message before it is told without, in ms. */
const patience = 3000;

/** Counts messages from the second in which this program began, so that later lives count on. */
let messages = Math.floor(Date.now() / 1000);

/** Those who are told. */
export interface Audience {
  /** Whether anybody is there. */
  isThere(): boolean;
  /** Tells all the same. */
  tell(text: string): void;
}

/** The messages of one bot, from making to `close`. */
export class Feed {
  readonly #bot: Bot;
  readonly #ask: Ask;
  readonly #audience: Audience;
  readonly #unlisten: () => void;
  /** The last message that had to wait, while there is one. */
  #waiting: Promise<void> | undefined;
  #isClosed = false;

  /** @param ask reads what is in messages. */
  constructor(bot: Bot, ask: Ask, audience: Audience) {
    this.#bot = bot;
    this.#ask = (command, params) => withTimeout(ask(command, params), patience, () => new Error('too slow'));
    this.#audience = audience;
    this.#unlisten = bot.on('event', (event) => {
      if (event.event === 'message' && audience.isThere()) this.#hear(event);
    });
  }

  /** Hears no more. */
  close(): void {
    this.#isClosed = true;
    this.#unlisten();
  }

  #hear(event: BotEvent): void {
    const told = event as unknown as ToldMessage;
    const content = contentOf(told, this.#ask);
    if (!this.#waiting && typeof content === 'string') {
      this.#pass(told, content);
      return;
    }
    // What comes later must not overtake it.
    const passed = Promise.all([content, this.#waiting]).then(([found]) => {
      this.#pass(told, found);
      if (this.#waiting === passed) this.#waiting = undefined;
    });
    this.#waiting = passed;
  }

  #pass(told: ToldMessage, content: string): void {
    if (this.#isClosed) return;
    const { id = '', name = '' } = this.#bot.state.user ?? {};
    messages += 1;
    this.#audience.tell(writeAddMsg(told, content, { wxid: id, nickname: name }, messages));
  }
}
