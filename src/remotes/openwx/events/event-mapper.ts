/** Puts what a bot tells into this protocol's words. */
import type { BotEvent } from '../../../bot/events';
import type { BotState, BotStateName } from '../../../bot/state';
import type { ContactView, MemberView, RoomView } from '../../../bot/views';
import type { MediaStore } from '../../storage/media-cache';
import { qrJpeg } from '../../wechat/qr-image';
import type { Tickets } from '../../wechat/opaque-tokens';
import { type MessageJson, messageJson, type Told } from '../messages/messages';
import { friendJson, groupJson, memberJson, personJson } from '../people/people';
import type { OwnSends } from '../messages/sent-message-tracker';
import type { PostEvent } from './event-types';
import { insideOf } from '../messages/attachments';
import type { Ask } from '../people/contact-query';

/** An event beside messages. */
export interface EventJson {
  readonly post_type: 'event';
  readonly event: PostEvent;
  readonly params: readonly unknown[];
}

/** What is told, in this protocol's words. */
export type Post = MessageJson | EventJson;

/** What a translator works with. */
export interface TranslatorParts {
  readonly ask: Ask;
  readonly wanted: ReadonlySet<PostEvent>;
  readonly tickets: Tickets;
  readonly sends: OwnSends;
  readonly media: MediaStore;
  /** Whether the files in messages are fetched, to be told with them. */
  readonly withFiles: boolean;
}

/** The states of this protocol's client (the Openwx document, table of states). */
const states: Readonly<Record<BotStateName, string>> = {
  stopped: 'stop',
  starting: 'loading',
  'login-required': 'scaning',
  scanning: 'scaning',
  'logged-in': 'updating',
  ready: 'running',
  restarting: 'loading',
  failed: 'stop',
};

/** The fields of the events read here, as the event table has them; each event has some. */
interface Fields extends Told {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly qrcode: string;
  readonly hello: string;
  readonly topic: string;
  readonly oldTopic: string;
  readonly contact: ContactView | null;
  readonly inviteeList: readonly ContactView[];
  readonly leaverList: readonly ContactView[];
}

/** Translates the events of one bot. */
export class Translator {
  readonly #parts: TranslatorParts;
  #state = 'init';
  #self: ContactView | undefined;
  #wasScanned = false;

  constructor(parts: TranslatorParts, state: BotState) {
    this.#parts = parts;
    this.#state = stateOf(state);
  }

  /** What is told of a change of the bot's state. */
  stateChanged(state: BotState): Post[] {
    const before = this.#state;
    const now = stateOf(state);
    if (now === before) return [];
    this.#state = now;
    const changed = event('state_change', before, now);
    return this.#wanted(now === 'stop' ? [changed, event('stop')] : [changed]);
  }

  /** What is told of an event: nothing, or one or more posts. */
  async translate(happened: BotEvent): Promise<Post[]> {
    const fields = happened as unknown as Fields;
    switch (happened.event) {
      case 'message':
        return [await this.#message(fields)];
      case 'scan':
        return this.#scan(fields);
      case 'login':
        return this.#login(fields);
      case 'ready':
        return this.#loaded();
      case 'friendship':
        return this.#wanted(this.#friendship(fields));
      case 'room-join':
        return this.#wanted(await this.#joined(fields));
      case 'room-leave':
        return this.#wanted(await this.#left(fields));
      case 'room-topic': {
        const { room, topic, oldTopic } = fields;
        return this.#wanted([
          event('group_property_change', room && groupJson(room), 'name', oldTopic, topic),
        ]);
      }
      default:
        return [];
    }
  }

  async #message(told: Fields): Promise<Post> {
    const { ask, media, withFiles, sends } = this.#parts;
    const { message, listener, room } = told;
    const inside = await insideOf(message, ask, withFiles ? media : undefined);
    const sender = message.self
      ? await sends.senderOf(message.id, room?.id ?? listener?.id ?? '')
      : undefined;
    return messageJson(told, await this.#account(), inside, sender);
  }

  async #scan({ qrcode }: Fields): Promise<Post[]> {
    this.#wasScanned = true;
    if (!qrcode || !this.#parts.wanted.has('input_qrcode')) return [];
    const picture = qrJpeg(qrcode);
    const { path } = await this.#parts.media.put(picture, 'qrcode.jpg', 'image/jpeg');
    return [event('input_qrcode', path, picture.toString('base64'))];
  }

  #login({ contact }: Fields): Post[] {
    this.#self = contact ?? undefined;
    const wasScanned = this.#wasScanned;
    this.#wasScanned = false;
    return this.#wanted([event('login', wasScanned ? 1 : 0)]);
  }

  async #loaded(): Promise<Post[]> {
    const { ask, wanted } = this.#parts;
    const posts: Post[] = [];
    if (wanted.has('update_user')) posts.push(event('update_user', personJson(await this.#account())));
    if (wanted.has('update_friend')) {
      const friends = (await ask('contactFindAll', {})) as ContactView[];
      posts.push(event('update_friend', ...friends.map(friendJson)));
    }
    if (wanted.has('update_group')) {
      const groups = (await ask('roomFindAll', { members: 'full' })) as RoomView[];
      posts.push(event('update_group', ...groups.map(groupJson)));
    }
    return posts;
  }

  #friendship({ id, type, contact, hello }: Fields): Post[] {
    if (!contact) return [];
    const { displayname } = personJson(contact);
    if (type === 'Confirm') return [event('new_friend', friendJson({ ...contact, friend: true }))];
    if (type !== 'Receive') return [];
    return [event('friend_request', contact.id, displayname, hello, this.#parts.tickets.issue(id))];
  }

  async #joined({ inviteeList, room }: Fields): Promise<Post[]> {
    if (!room) return [];
    const self = await this.#account();
    return inviteeList.map(({ id, name }) =>
      id === self.id
        ? event('new_group', groupJson(room))
        : event('new_group_member', memberJson(memberOf(id, name)), groupJson(room)),
    );
  }

  async #left({ leaverList, room }: Fields): Promise<Post[]> {
    if (!room) return [];
    const self = await this.#account();
    return leaverList.map(({ id, name }) =>
      id === self.id
        ? event('lose_group', groupJson(room))
        : event('lose_group_member', memberJson(memberOf(id, name)), groupJson(room)),
    );
  }

  /** The account itself; as good as unknown while nobody is logged in. */
  async #account(): Promise<ContactView> {
    this.#self ??= await this.#parts.ask('wechatyUserSelf', {}).then(
      (self) => self as ContactView,
      () => undefined,
    );
    return this.#self ?? { id: '', name: '', alias: '', friend: false, type: 'Unknown', gender: 'Unknown' };
  }

  #wanted(posts: readonly Post[]): Post[] {
    return posts.filter((post) => !('event' in post) || this.#parts.wanted.has(post.event as PostEvent));
  }
}

function stateOf({ name, reason }: BotState): string {
  return name === 'scanning' && reason.key === 'confirmOnPhone' ? 'confirming' : states[name];
}

function memberOf(id: string, name: string): MemberView {
  return { id, name, roomAlias: '' };
}

function event(name: PostEvent, ...params: unknown[]): EventJson {
  return { post_type: 'event', event: name, params };
}
