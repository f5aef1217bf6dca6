/** Maps the events of a bot to posts of this protocol. */
import type { BotState, BotStateName } from '../../../bot/state';
import type { ContactView, MemberView } from '../../../bot/views';
import type { EventOf, TypedEvent } from '../../../events/table';
import type { CommandDispatcher } from '../../dispatch/command-dispatcher';
import type { MediaCache } from '../../storage/media-cache';
import type { OpaqueTokens } from '../../wechat/opaque-tokens';
import { qrJpeg } from '../../wechat/qr-image';
import { loadAttachment } from '../messages/attachments';
import { type MessageJson, messageJson, type SendOrigin, unknownContact } from '../messages/messages';
import type { SentMessageTracker } from '../../wechat/sent-message-tracker';
import { friendJson, groupJson, memberJson, personJson } from '../people/people';
import type { PostEvent } from './event-types';

/** A posted event. */
export interface EventJson {
  readonly post_type: 'event';
  readonly event: PostEvent;
  readonly params: readonly unknown[];
}

/** A posted message or event. */
export type Post = MessageJson | EventJson;

/** Dependencies of an event mapper. */
export interface EventMapperDependencies extends Pick<CommandDispatcher, 'run' | 'query'> {
  readonly wantedEvents: ReadonlySet<PostEvent>;
  readonly tickets: OpaqueTokens;
  readonly tracker: SentMessageTracker<SendOrigin>;
  readonly media: MediaCache;
  /** Whether the files of messages are loaded, to be posted with them. */
  readonly loadFiles: boolean;
}

/** The client states of this protocol (the Openwx document, table of states). */
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

/** Maps the events of one bot. */
export class EventMapper {
  readonly #dependencies: EventMapperDependencies;
  #state = 'init';
  #self: ContactView | undefined;
  #wasScanned = false;

  constructor(dependencies: EventMapperDependencies, state: BotState) {
    this.#dependencies = dependencies;
    this.#state = stateOf(state);
  }

  /** The posts for a change of the bot's state. */
  mapState(state: BotState): Post[] {
    const before = this.#state;
    const now = stateOf(state);
    if (now === before) return [];
    this.#state = now;
    const changed = eventJson('state_change', before, now);
    return this.#onlyWanted(now === 'stop' ? [changed, eventJson('stop')] : [changed]);
  }

  /** The posts for an event; none when this protocol has no such event or it is not wanted. */
  async map(event: TypedEvent): Promise<Post[]> {
    switch (event.event) {
      case 'message':
        return [await this.#mapMessage(event)];
      case 'scan':
        return this.#mapScan(event);
      case 'login':
        return this.#mapLogin(event);
      case 'ready':
        return this.#mapReady();
      case 'friendship':
        return this.#onlyWanted(this.#mapFriendship(event));
      case 'room-join':
        return this.#onlyWanted(await this.#mapJoin(event));
      case 'room-leave':
        return this.#onlyWanted(await this.#mapLeave(event));
      case 'room-topic': {
        const { room, topic, oldTopic } = event;
        return this.#onlyWanted([
          eventJson('group_property_change', groupJson(room), 'name', oldTopic, topic),
        ]);
      }
      default:
        return [];
    }
  }

  async #mapMessage(event: EventOf<'message'>): Promise<Post> {
    const { media, loadFiles, tracker } = this.#dependencies;
    const { message, listener, room } = event;
    const attachment = await loadAttachment(message, this.#dependencies, loadFiles ? media : undefined);
    const origin = message.self
      ? await tracker.originOf(message.id, room?.id ?? listener?.id ?? '')
      : undefined;
    return messageJson(event, await this.#getAccount(), attachment, origin);
  }

  async #mapScan({ qrcode }: EventOf<'scan'>): Promise<Post[]> {
    this.#wasScanned = true;
    if (!qrcode || !this.#dependencies.wantedEvents.has('input_qrcode')) return [];
    const image = qrJpeg(qrcode);
    const { path } = await this.#dependencies.media.put(image, 'qrcode.jpg', 'image/jpeg');
    return [eventJson('input_qrcode', path, image.toString('base64'))];
  }

  #mapLogin({ contact }: EventOf<'login'>): Post[] {
    this.#self = contact;
    const wasScanned = this.#wasScanned;
    this.#wasScanned = false;
    return this.#onlyWanted([eventJson('login', wasScanned ? 1 : 0)]);
  }

  async #mapReady(): Promise<Post[]> {
    const { query, wantedEvents } = this.#dependencies;
    const posts: Post[] = [];
    if (wantedEvents.has('update_user'))
      posts.push(eventJson('update_user', personJson(await this.#getAccount())));
    if (wantedEvents.has('update_friend')) {
      const friends = await query('contactFindAll', {});
      posts.push(eventJson('update_friend', ...friends.map(friendJson)));
    }
    if (wantedEvents.has('update_group')) {
      const groups = await query('roomFindAll', { members: 'full' });
      posts.push(eventJson('update_group', ...groups.map(groupJson)));
    }
    return posts;
  }

  #mapFriendship({ id, type, contact, hello }: EventOf<'friendship'>): Post[] {
    if (!contact) return [];
    const { displayname } = personJson(contact);
    if (type === 'Confirm') return [eventJson('new_friend', friendJson({ ...contact, friend: true }))];
    if (type !== 'Receive') return [];
    return [
      eventJson('friend_request', contact.id, displayname, hello, this.#dependencies.tickets.issue(id)),
    ];
  }

  async #mapJoin({ inviteeList, room }: EventOf<'room-join'>): Promise<Post[]> {
    const self = await this.#getAccount();
    return inviteeList.map(({ id, name }) =>
      id === self.id
        ? eventJson('new_group', groupJson(room))
        : eventJson('new_group_member', memberJson(memberOf(id, name)), groupJson(room)),
    );
  }

  async #mapLeave({ leaverList, room }: EventOf<'room-leave'>): Promise<Post[]> {
    const self = await this.#getAccount();
    return leaverList.map(({ id, name }) =>
      id === self.id
        ? eventJson('lose_group', groupJson(room))
        : eventJson('lose_group_member', memberJson(memberOf(id, name)), groupJson(room)),
    );
  }

  /** The logged-in account; an empty contact when there is none. */
  async #getAccount(): Promise<ContactView> {
    this.#self ??= await this.#dependencies.query('wechatyUserSelf', {}).catch(() => undefined);
    return this.#self ?? unknownContact;
  }

  #onlyWanted(posts: readonly Post[]): Post[] {
    return posts.filter(
      (post) => !('event' in post) || this.#dependencies.wantedEvents.has(post.event as PostEvent),
    );
  }
}

function stateOf({ name, reason }: BotState): string {
  return name === 'scanning' && reason.key === 'confirmOnPhone' ? 'confirming' : states[name];
}

function memberOf(id: string, name: string): MemberView {
  return { id, name, roomAlias: '' };
}

function eventJson(name: PostEvent, ...params: unknown[]): EventJson {
  return { post_type: 'event', event: name, params };
}
