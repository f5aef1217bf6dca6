import { types } from 'wechaty-puppet';

import type { Content, SayableContent } from './content';
import type { WorldMessage } from './messages';
import type { PersonRecord } from './contacts';
import type { WeChat } from './wechat';

/** A person, a room or a message, or its id; of a person also the name or alias, of a room the topic. */
export type Named = string | { readonly id: string };

/** Something that happened and can be asked for by its id: a request, an invitation, a post. */
export interface Noted {
  readonly id: string;
}

/** The id in, or the text of, a name. */
export function idOf(named: Named): string {
  return typeof named === 'string' ? named : named.id;
}

/** How names become people and rooms. */
export interface Directory {
  contactId(named: Named): string;
  roomId(named: Named): string;
}

/** Something about to be said: where it goes is still open. */
export interface Saying {
  /** Says it to the bot, or, if the bot itself speaks from its phone, to a friend. */
  to(listener?: Named): WorldMessage;
  /** Says it in a room. */
  in(room: Named): WorldMessage;
}

/** How something is said. */
export interface SayOptions {
  /** Who is mentioned, in a room; `all` mentions everybody. */
  readonly mentions?: readonly Named[] | 'all';
}

/** Somebody in the world, to act for. */
export class Person {
  readonly #wechat: WeChat;
  readonly #directory: Directory;
  readonly #record: PersonRecord;

  constructor(wechat: WeChat, directory: Directory, record: PersonRecord) {
    this.#wechat = wechat;
    this.#directory = directory;
    this.#record = record;
  }

  get id(): string {
    return this.#record.id;
  }

  get name(): string {
    return this.#record.name;
  }

  /** What the bot calls this person, if it noted a name. */
  get alias(): string | undefined {
    return this.#record.alias;
  }

  /** Whether the bot and this person are friends. */
  get isFriend(): boolean {
    return this.#record.friend;
  }

  /**
   * Says a text or anything else a message can carry: `say('ding').to(world.self)`, `say('ding').in('Team')`,
   * `say({ kind: 'image', name: 'cat.png', data }).to()`. A bot that is not logged in at that time misses it.
   * @throws Error (from `to` and `in`) if the person may not speak there.
   */
  say(what: string | SayableContent, options: SayOptions = {}): Saying {
    const content: SayableContent = typeof what === 'string' ? { kind: 'text', text: what } : what;
    const { people, conversations } = this.#wechat;
    return {
      to: (listener) => {
        const listenerId = listener === undefined ? people.self.id : this.#directory.contactId(listener);
        return conversations.say(this.id, listenerId, content);
      },
      in: (room) => {
        const roomId = this.#directory.roomId(room);
        const { mentions } = options;
        const ids =
          mentions === 'all' ? ['@all'] : (mentions ?? []).map((one) => this.#directory.contactId(one));
        return conversations.say(this.id, roomId, this.#withNames(content, roomId, ids), ids);
      },
    };
  }

  /** Sends a post as a message, made of several things at once. */
  share(contents: readonly SayableContent[]): Saying {
    const { moments, people } = this.#wechat;
    const send = (conversationId: string) =>
      moments.send(this.id, conversationId, contents, { type: types.Post.Message });
    return {
      to: (listener) => send(listener === undefined ? people.self.id : this.#directory.contactId(listener)),
      in: (room) => send(this.#directory.roomId(room)),
    };
  }

  /** Takes back a message this person said; returns the notice of it. */
  recall(message: Named): WorldMessage {
    return this.#wechat.conversations.recall(this.id, idOf(message));
  }

  /** Asks the bot to be friends. Returns the request. */
  requestFriend(hello = ''): Noted {
    return this.#wechat.friendships.request(this.id, hello);
  }

  /**
   * Accepts the bot's request to be friends.
   * @throws Error if the bot has not asked.
   */
  acceptFriend(): Noted {
    return this.#wechat.friendships.confirm(this.id);
  }

  /** Does not want to be friends with the bot any more. */
  unfriend(): void {
    this.#wechat.friendships.end(this.id);
  }

  /**
   * Joins a room, brought in by a member, the owner unless told.
   * @throws Error if in it already.
   */
  join(room: Named, { by }: { readonly by?: Named } = {}): void {
    const roomId = this.#directory.roomId(room);
    const inviterId =
      by === undefined ? this.#wechat.rooms.get(roomId).ownerId : this.#directory.contactId(by);
    this.#wechat.membership.add(roomId, [this.id], inviterId);
  }

  /** Leaves a room. */
  leave(room: Named): void {
    this.#wechat.membership.remove(this.#directory.roomId(room), [this.id], this.id);
  }

  /** Removes somebody, the bot too, from a room this person owns. */
  remove(who: Named, { from }: { readonly from: Named }): void {
    const id = this.#directory.contactId(who);
    this.#wechat.membership.remove(this.#directory.roomId(from), [id], this.id);
  }

  /** Gives a room another topic. */
  rename(room: Named, topic: string): void {
    this.#wechat.membership.rename(this.#directory.roomId(room), topic, this.id);
  }

  /** Makes an announcement in a room this person owns. */
  announce(room: Named, text: string): void {
    this.#wechat.membership.announce(this.#directory.roomId(room), text, this.id);
  }

  /** Invites the bot into a room it is not in. Returns the invitation. */
  invite(room: Named): Noted {
    return this.#wechat.membership.invite(this.#directory.roomId(room), this.id);
  }

  /** Goes by another name in one room; an empty one takes it away. */
  setRoomAlias(room: Named, alias: string): void {
    this.#wechat.membership.setAlias(this.#directory.roomId(room), this.id, alias);
  }

  /** Takes another name. */
  changeName(name: string): void {
    this.#wechat.profiles.rename(this.id, name);
  }

  /** Publishes a moment, or with `replyTo` a comment on one. Returns the post. */
  post(what: string | readonly SayableContent[], { replyTo }: { readonly replyTo?: Named } = {}): Noted {
    const contents: readonly SayableContent[] =
      typeof what === 'string' ? [{ kind: 'text', text: what }] : what;
    const parentId = replyTo === undefined ? undefined : idOf(replyTo);
    return this.#wechat.moments.publish(this.id, contents, {
      type: types.Post.Moment,
      parentId,
      rootId: parentId,
    });
  }

  /** Likes a post, or with `false` does so no longer. */
  like(post: Named, liked = true): void {
    this.#wechat.moments.like(idOf(post), this.id, liked);
  }

  /** WeChat writes the names of those mentioned into the text. */
  #withNames(content: Content, roomId: string, ids: readonly string[]): Content {
    if (content.kind !== 'text') {
      return content;
    }
    const room = this.#wechat.rooms.get(roomId);
    const marks = ids
      .map((id) => (id === '@all' ? '所有人' : (room.aliases.get(id) ?? this.#wechat.people.get(id).name)))
      .map((name) => `@${name}\u2005`)
      .filter((mark) => !content.text.includes(mark));
    return { kind: 'text', text: `${marks.join('')}${content.text}` };
  }
}
