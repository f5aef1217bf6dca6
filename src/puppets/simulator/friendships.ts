import { type payloads, types } from 'wechaty-puppet';

import type { Contacts, ContactRecord } from './contacts';
import type { Profiles } from './profiles';
import type { ClientChannel } from './client-channel';

/** Friend requests to and from the bot. */
export class Friendships {
  readonly #requests = new Map<string, payloads.Friendship>();
  /** Ids of contacts with a pending request from the bot. */
  readonly #pendingFromBot = new Set<string>();
  #created = 0;

  constructor(
    readonly contacts: Contacts,
    readonly profiles: Profiles,
    readonly channel: ClientChannel,
  ) {}

  /** A friend request. @throws Error if there is none with this id. */
  get(id: string): payloads.Friendship {
    const friendship = this.#requests.get(id);
    if (!friendship) {
      throw new Error(`no such friend request: ${id}`);
    }
    return friendship;
  }

  /** A contact sends the bot a friend request. @throws Error if they are friends already. */
  receiveRequest(contactId: string, hello: string): payloads.Friendship {
    const { handle } = this.#nonFriend(contactId);
    const id = this.#nextId();
    return this.#emitRequest({
      id,
      contactId,
      hello,
      timestamp: Date.now(),
      type: types.Friendship.Receive,
      scene: types.FriendshipScene.Weixin,
      stranger: handle,
      ticket: `ticket-${id}`,
    });
  }

  /** The bot accepts a request. @throws Error if it is not one to the bot, or they are friends already. */
  acceptRequest(id: string): void {
    const friendship = this.get(id);
    if (friendship.type !== types.Friendship.Receive) {
      throw new Error(`friend request ${id} is not one that can be accepted`);
    }
    this.#nonFriend(friendship.contactId);
    this.#confirmFriendship(friendship.contactId, friendship.hello);
  }

  /** The bot sends a friend request. @throws Error if they are friends already, or it is the bot itself. */
  sendRequest(contactId: string, hello: string): payloads.Friendship {
    this.#nonFriend(contactId);
    this.#pendingFromBot.add(contactId);
    const id = this.#nextId();
    const friendship = {
      id,
      contactId,
      hello,
      timestamp: Date.now(),
      type: types.Friendship.Verify,
    } as const;
    this.#requests.set(id, friendship);
    return friendship;
  }

  /** A contact accepts the bot's request. @throws Error if there is none. */
  confirmRequest(contactId: string): payloads.Friendship {
    if (!this.#pendingFromBot.delete(contactId)) {
      throw new Error(`the bot has not sent ${contactId} a friend request`);
    }
    return this.#confirmFriendship(contactId, undefined);
  }

  /** A contact ends the friendship. */
  end(contactId: string): void {
    this.profiles.change(contactId, { friend: false, alias: undefined });
  }

  #confirmFriendship(contactId: string, hello: string | undefined): payloads.Friendship {
    this.profiles.change(contactId, { friend: true });
    const id = this.#nextId();
    return this.#emitRequest({ id, contactId, hello, timestamp: Date.now(), type: types.Friendship.Confirm });
  }

  #emitRequest(friendship: payloads.Friendship): payloads.Friendship {
    this.#requests.set(friendship.id, friendship);
    this.channel.emit('friendship', { friendshipId: friendship.id });
    return friendship;
  }

  #nonFriend(contactId: string): ContactRecord {
    const record = this.contacts.get(contactId);
    if (record === this.contacts.self) {
      throw new Error('the bot cannot be its own friend');
    }
    if (record.friend) {
      throw new Error(`${contactId} is a friend already`);
    }
    return record;
  }

  #nextId(): string {
    return `friendship-${++this.#created}`;
  }
}
