import { types } from 'wechaty-puppet';

import type { Content, SayableContent } from './content';
import type { SimulatedMessage } from './messages';
import type { ContactRecord } from './contacts';
import type { WeChat } from './wechat';

/** An entity or its id; for a contact also its name or alias, for a room its topic. */
export type Reference = string | { readonly id: string };

/** A new request, invitation or post. */
export interface Created {
  readonly id: string;
}

/** The id of an entity, or the string itself. */
export function idOf(reference: Reference): string {
  return typeof reference === 'string' ? reference : reference.id;
}

/** Resolves references to ids. */
export interface ReferenceResolver {
  contactId(reference: Reference): string;
  roomId(reference: Reference): string;
}

/** A message without its destination. */
export interface SendBuilder {
  /** Sends it to a contact (default: the bot). */
  to(listener?: Reference): SimulatedMessage;
  /** Sends it to a room. */
  in(room: Reference): SimulatedMessage;
}

/** Options of a text message. */
export interface SayOptions {
  /** The members to mention in a room; `all` mentions everybody. */
  readonly mentions?: readonly Reference[] | 'all';
}

/** A contact of the simulation, with the actions it can perform. */
export class Person {
  readonly #wechat: WeChat;
  readonly #resolver: ReferenceResolver;
  readonly #record: ContactRecord;

  constructor(wechat: WeChat, directory: ReferenceResolver, record: ContactRecord) {
    this.#wechat = wechat;
    this.#resolver = directory;
    this.#record = record;
  }

  get id(): string {
    return this.#record.id;
  }

  get name(): string {
    return this.#record.name;
  }

  /** The bot's alias for this contact. */
  get alias(): string | undefined {
    return this.#record.alias;
  }

  /** Whether the contact is a friend of the bot. */
  get isFriend(): boolean {
    return this.#record.friend;
  }

  /**
   * Sends a text or other content: `say('ding').to(simulation.self)`, `say('ding').in('Team')`,
   * `say({ kind: 'image', name: 'cat.png', data }).to()`. A bot that is not logged in does not receive it.
   * @throws Error (from `to` and `in`) if the contact may not send there.
   */
  say(message: string | SayableContent, options: SayOptions = {}): SendBuilder {
    const content: SayableContent = typeof message === 'string' ? { kind: 'text', text: message } : message;
    const { contacts, conversations } = this.#wechat;
    return {
      to: (listener) => {
        const listenerId = listener === undefined ? contacts.self.id : this.#resolver.contactId(listener);
        return conversations.say(this.id, listenerId, content);
      },
      in: (room) => {
        const roomId = this.#resolver.roomId(room);
        const { mentions } = options;
        const ids =
          mentions === 'all' ? ['@all'] : (mentions ?? []).map((member) => this.#resolver.contactId(member));
        return conversations.say(this.id, roomId, this.#withNames(content, roomId, ids), ids);
      },
    };
  }

  /** Sends a post with several contents as a message. */
  share(contents: readonly SayableContent[]): SendBuilder {
    const { moments, contacts } = this.#wechat;
    const send = (conversationId: string) =>
      moments.send(this.id, conversationId, contents, { type: types.Post.Message });
    return {
      to: (listener) => send(listener === undefined ? contacts.self.id : this.#resolver.contactId(listener)),
      in: (room) => send(this.#resolver.roomId(room)),
    };
  }

  /** Recalls an own message; returns the message that announces the recall. */
  recall(message: Reference): SimulatedMessage {
    return this.#wechat.conversations.recall(this.id, idOf(message));
  }

  /** Sends a friend request to the bot; returns it. */
  requestFriend(hello = ''): Created {
    return this.#wechat.friendships.receiveRequest(this.id, hello);
  }

  /**
   * Accepts the bot's friend request.
   * @throws Error if there is none.
   */
  acceptFriend(): Created {
    return this.#wechat.friendships.confirmRequest(this.id);
  }

  /** Ends the friendship with the bot. */
  unfriend(): void {
    this.#wechat.friendships.end(this.id);
  }

  /**
   * Joins a room, added by the member `by` (default: the owner).
   * @throws Error if already a member.
   */
  join(room: Reference, { by }: { readonly by?: Reference } = {}): void {
    const roomId = this.#resolver.roomId(room);
    const inviterId =
      by === undefined ? this.#wechat.rooms.get(roomId).ownerId : this.#resolver.contactId(by);
    this.#wechat.membership.add(roomId, [this.id], inviterId);
  }

  /** Leaves a room. */
  leave(room: Reference): void {
    this.#wechat.membership.remove(this.#resolver.roomId(room), [this.id], this.id);
  }

  /** Removes a member, or the bot, from a room this contact owns. */
  remove(member: Reference, { from }: { readonly from: Reference }): void {
    const id = this.#resolver.contactId(member);
    this.#wechat.membership.remove(this.#resolver.roomId(from), [id], this.id);
  }

  /** Changes a room's topic. */
  rename(room: Reference, topic: string): void {
    this.#wechat.membership.rename(this.#resolver.roomId(room), topic, this.id);
  }

  /** Changes the announcement of a room this contact owns. */
  announce(room: Reference, text: string): void {
    this.#wechat.membership.announce(this.#resolver.roomId(room), text, this.id);
  }

  /** Invites the bot to a room; returns the invitation. */
  invite(room: Reference): Created {
    return this.#wechat.membership.invite(this.#resolver.roomId(room), this.id);
  }

  /** Sets the own alias in a room; an empty one removes it. */
  setRoomAlias(room: Reference, alias: string): void {
    this.#wechat.membership.setAlias(this.#resolver.roomId(room), this.id, alias);
  }

  /** Changes the own name. */
  changeName(name: string): void {
    this.#wechat.profiles.rename(this.id, name);
  }

  /** Publishes a moment, or with `replyTo` a comment on one; returns the post. */
  post(
    post: string | readonly SayableContent[],
    { replyTo }: { readonly replyTo?: Reference } = {},
  ): Created {
    const contents: readonly SayableContent[] =
      typeof post === 'string' ? [{ kind: 'text', text: post }] : post;
    const parentId = replyTo === undefined ? undefined : idOf(replyTo);
    return this.#wechat.moments.publish(this.id, contents, {
      type: types.Post.Moment,
      parentId,
      rootId: parentId,
    });
  }

  /** Likes a post, or with `false` removes the like. */
  like(post: Reference, liked = true): void {
    this.#wechat.moments.like(idOf(post), this.id, liked);
  }

  /** Prefixes the text with the names of the mentioned members, as WeChat does. */
  #withNames(content: Content, roomId: string, ids: readonly string[]): Content {
    if (content.kind !== 'text') {
      return content;
    }
    const room = this.#wechat.rooms.get(roomId);
    const marks = ids
      .map((id) => (id === '@all' ? '所有人' : (room.aliases.get(id) ?? this.#wechat.contacts.get(id).name)))
      .map((name) => `@${name}\u2005`)
      .filter((mark) => !content.text.includes(mark));
    return { kind: 'text', text: `${marks.join('')}${content.text}` };
  }
}
