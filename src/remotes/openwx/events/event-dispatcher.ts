/** What a bot tells on its way out: into the queue of `check_event`, to `post_api`, and the answers to that back. */
import type { Bot } from '../../../bot/bot';
import type { BotEvent } from '../../../bot/events';
import { WechatError } from '../../../bot/errors';
import type { ContactView, RoomView } from '../../../bot/views';
import type { Commander } from '../../dispatch/command-dispatcher';
import { mediaNamed } from '../messages/media-input';
import type { MessageJson, Told } from '../messages/messages';
import type { Context } from '../operations/operation';
import type { OwnSends } from '../messages/sent-message-tracker';
import { polledEvents, type PostEvent } from './event-types';
import type { PostOffice, PostReply } from './webhook';
import type { Recipient } from '../messages/message-sender';
import { type Post, Translator } from './event-mapper';

/** Events that may wait; more are lost. */
const mostWaiting = 1000;

/** What is needed to tell. */
export interface TellingParts extends Context {
  readonly commander: Commander;
  readonly sends: OwnSends;
  readonly wanted: ReadonlySet<PostEvent>;
  readonly withFiles: boolean;
  readonly office: PostOffice | undefined;
}

/** Tells what happens to one bot, from `start` to `stop`. */
export class Telling {
  readonly #parts: TellingParts;
  readonly #bot: Bot;
  readonly #translator: Translator;
  readonly #unlisten: (() => void)[] = [];
  #waiting = 0;
  #lost = 0;

  constructor(parts: TellingParts) {
    this.#parts = parts;
    this.#bot = parts.bot;
    this.#translator = new Translator(parts, parts.bot.state);
  }

  /** Events on their way. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Events that never arrived. */
  get lost(): number {
    return this.#lost + (this.#parts.office?.lost ?? 0);
  }

  start(): void {
    this.#unlisten.push(
      this.#bot.on('event', (event) => {
        const to = recipientOf(event);
        this.#hear(to?.id ?? '', to, () => this.#translator.translate(event));
      }),
      this.#bot.on('state', (state) => {
        const posts = this.#translator.stateChanged(state);
        this.#hear('', undefined, () => Promise.resolve(posts));
      }),
    );
  }

  stop(): void {
    for (const unlisten of this.#unlisten.splice(0)) unlisten();
  }

  /** What belongs to one conversation is told in its order, and waits for nothing else. */
  #hear(conversation: string, to: Recipient | undefined, translate: () => Promise<Post[]>): void {
    if (this.#waiting >= mostWaiting) {
      this.#lost += 1;
      return;
    }
    this.#waiting += 1;
    const telling = this.#parts.turns.run([`tell ${conversation}`], async () => {
      for (const post of await translate()) await this.#tell(post, to);
    });
    telling
      .catch(() => {
        this.#lost += 1;
      })
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  async #tell(post: Post, to: Recipient | undefined): Promise<void> {
    const { queue, office } = this.#parts;
    if (isPolled(post)) queue.push(withoutData(post));
    const reply = await office?.deliver(post);
    if (reply && to && this.#mayBeAnswered(post)) await this.#say(post as MessageJson, to, reply);
  }

  /**
   * Who answers itself never stops: what was said for `post_api` is told to it, and its answer ignored. So is the answer
   * to what the account's owner said, where a puppet gives messages no ids and it may be the same.
   */
  #mayBeAnswered(post: Post): boolean {
    if (post.post_type === 'receive_message') return true;
    if (post.post_type === 'event' || post.from === 'code') return false;
    return post.from === 'api' || this.#parts.sends.areKnown;
  }

  /** Says what `post_api` answered; how that ended is told to the owner. */
  async #say(post: MessageJson, to: Recipient, { text, media }: PostReply): Promise<void> {
    const { commander, speaker } = this.#parts;
    const command = to.isGroup ? 'roomSay' : 'contactSay';
    const params = { id: post.id, ...(text ? { reply: text } : {}), ...(media ? { media } : {}) };
    const saying = commander.serve({ name: 'post_api', params }, async () => {
      if (!commander.isPermitted(command)) {
        throw new WechatError('REFUSED', 'commandDenied', { name: command });
      }
      if (text) await speaker.text(to, text, 'code');
      // A message of the bot's own is answered with a text only.
      if (media && post.class === 'recv') {
        const file = await mediaNamed(new Map([['media_path', media]]), this.#parts);
        await speaker.media(to, file, 'code');
      }
    });
    await saying.catch(() => undefined);
  }
}

/** Where an answer to a message goes. */
function recipientOf(happened: BotEvent): Recipient | undefined {
  if (happened.event !== 'message') {
    const { room } = happened as { room?: RoomView | null };
    return room ? { id: room.id, isGroup: true } : undefined;
  }
  const { message, talker, listener, room } = happened as unknown as Told;
  if (room) return { id: room.id, isGroup: true };
  const other: ContactView | null = message.self ? listener : talker;
  return other ? { id: other.id, isGroup: false } : undefined;
}

function isPolled(post: Post): boolean {
  return post.post_type !== 'event' || polledEvents.some((name) => name === post.event);
}

/** The queue holds messages, not files. */
function withoutData(post: Post): Post {
  if (!('media_data' in post)) return post;
  const { media_data: _data, ...rest } = post;
  return rest;
}
