/** Dispatches the events of a bot: to the queue of `check_event` and to `post_api`, whose replies are sent. */
import type { Bot } from '../../../bot/bot';
import { asTyped, type TypedEvent } from '../../../events/table';
import type { CommandDispatcher } from '../../dispatch/command-dispatcher';
import { loadMedia } from '../messages/media-input';
import type { Recipient } from '../messages/message-sender';
import type { MessageJson, SendOrigin } from '../messages/messages';
import type { SentMessageTracker } from '../../wechat/sent-message-tracker';
import type { OperationContext } from '../operations/operation';
import { EventMapper, type Post } from './event-mapper';
import { isPolledEvent, type PostEvent } from './event-types';
import type { WebhookClient, WebhookReply } from './webhook';

/** Maximum number of pending events; further ones are lost. */
const maxPending = 1000;

/** Dependencies of an event dispatcher. */
export interface EventDispatcherDependencies extends OperationContext {
  readonly dispatcher: CommandDispatcher;
  readonly tracker: SentMessageTracker<SendOrigin>;
  readonly wantedEvents: ReadonlySet<PostEvent>;
  /** Whether the files of messages are loaded, to be posted with them. */
  readonly loadFiles: boolean;
  /** Undefined: events are not posted. */
  readonly webhook: WebhookClient | undefined;
}

/** Dispatches the events of one bot, from `start` to `stop`. */
export class EventDispatcher {
  readonly #dependencies: EventDispatcherDependencies;
  readonly #bot: Bot;
  readonly #mapper: EventMapper;
  readonly #unlisten: (() => void)[] = [];
  #pending = 0;
  #lost = 0;

  constructor(dependencies: EventDispatcherDependencies) {
    this.#dependencies = dependencies;
    this.#bot = dependencies.bot;
    this.#mapper = new EventMapper(dependencies, dependencies.bot.state);
  }

  /** The number of pending events. */
  get pending(): number {
    return this.#pending;
  }

  /** The number of lost events. */
  get lost(): number {
    return this.#lost + (this.#dependencies.webhook?.lost ?? 0);
  }

  start(): void {
    this.#unlisten.push(
      this.#bot.on('event', (untyped) => {
        const event = asTyped(untyped);
        const to = recipientOf(event);
        this.#enqueue(to?.id ?? '', to, () => this.#mapper.map(event));
      }),
      this.#bot.on('state', (state) => {
        const posts = this.#mapper.mapState(state);
        this.#enqueue('', undefined, () => Promise.resolve(posts));
      }),
    );
  }

  stop(): void {
    for (const unlisten of this.#unlisten.splice(0)) unlisten();
  }

  /** Keeps the order of events within a conversation; conversations do not wait for each other. */
  #enqueue(conversation: string, to: Recipient | undefined, map: () => Promise<Post[]>): void {
    if (this.#pending >= maxPending) {
      this.#lost += 1;
      return;
    }
    this.#pending += 1;
    const done = this.#dependencies.mutex.runExclusive([`event ${conversation}`], async () => {
      for (const post of await map()) await this.#dispatch(post, to);
    });
    done
      .catch(() => {
        this.#lost += 1;
      })
      .finally(() => {
        this.#pending -= 1;
      });
  }

  async #dispatch(post: Post, to: Recipient | undefined): Promise<void> {
    const { queue, webhook } = this.#dependencies;
    if (isPolled(post)) queue.push(withoutData(post));
    const reply = await webhook?.post(post);
    if (reply && to && this.#acceptsReply(post)) await this.#sendReply(post as MessageJson, to, reply);
  }

  /**
   * Prevents reply loops: the reply to a message that was itself a reply is ignored. So is the reply to a message of the
   * account when the puppet returns no message ids, because then it may be one.
   */
  #acceptsReply(post: Post): boolean {
    if (post.post_type === 'receive_message') return true;
    if (post.post_type === 'event' || post.from === 'code') return false;
    return post.from === 'api' || this.#dependencies.tracker.identifiesAll;
  }

  /** Sends the reply of `post_api` and audits the outcome. */
  async #sendReply(post: MessageJson, to: Recipient, { text, media }: WebhookReply): Promise<void> {
    const { dispatcher, sender } = this.#dependencies;
    const command = to.isGroup ? 'roomSay' : 'contactSay';
    const params = { id: post.id, ...(text ? { reply: text } : {}), ...(media ? { media } : {}) };
    const request = { name: 'post_api', params, commands: [command] } as const;
    const sent = dispatcher.runAudited(request, async () => {
      if (text) await sender.sendText(to, text, 'code');
      // The reply to a message of the account itself may only be a text.
      if (media && post.class === 'recv') {
        const file = await loadMedia(new Map([['media_path', media]]), this.#dependencies);
        await sender.sendMedia(to, file, 'code');
      }
    });
    await sent.catch(() => undefined);
  }
}

/** The conversation of an event, to which a reply is sent. */
function recipientOf(event: TypedEvent): Recipient | undefined {
  const room = 'room' in event ? event.room : null;
  if (room) return { id: room.id, isGroup: true };
  if (event.event !== 'message') return undefined;
  const other = event.message.self ? event.listener : event.talker;
  return other ? { id: other.id, isGroup: false } : undefined;
}

function isPolled(post: Post): boolean {
  return post.post_type !== 'event' || isPolledEvent(post.event);
}

/** Removes the file of a message, which would take too much memory in the queue. */
function withoutData(post: Post): Post {
  if (!('media_data' in post)) return post;
  const { media_data: _data, ...rest } = post;
  return rest;
}
