import { type payloads, types } from 'wechaty-puppet';

import type { People, PersonRecord } from './contacts';
import type { Profiles } from './profiles';
import type { Wire } from './client-channel';

/** Friend requests both ways. */
export class Friendships {
  readonly #requests = new Map<string, payloads.Friendship>();
  /** Whom the bot asked and who has not answered, with the id of the request. */
  readonly #asked = new Set<string>();
  #made = 0;

  constructor(
    readonly people: People,
    readonly profiles: Profiles,
    readonly wire: Wire,
  ) {}

  /** @throws Error if there is no such request. */
  get(id: string): payloads.Friendship {
    const friendship = this.#requests.get(id);
    if (!friendship) {
      throw new Error(`no such friend request: ${id}`);
    }
    return friendship;
  }

  /** Somebody asks the bot to be friends. @throws Error if they are already. */
  request(contactId: string, hello: string): payloads.Friendship {
    const stranger = this.#stranger(contactId);
    const id = this.#nextId();
    return this.#tell({
      id,
      contactId,
      hello,
      timestamp: Date.now(),
      type: types.Friendship.Receive,
      scene: types.FriendshipScene.Weixin,
      stranger: stranger.handle,
      ticket: `ticket-${id}`,
    });
  }

  /** The bot accepts a request. @throws Error if it is not one to the bot, or they are friends by now. */
  accept(id: string): void {
    const friendship = this.get(id);
    if (friendship.type !== types.Friendship.Receive) {
      throw new Error(`friend request ${id} is not one that can be accepted`);
    }
    this.#stranger(friendship.contactId);
    this.#befriend(friendship.contactId, friendship.hello);
  }

  /** The bot asks somebody to be friends. @throws Error if they are already, or it is the bot itself. */
  ask(contactId: string, hello: string): payloads.Friendship {
    this.#stranger(contactId);
    this.#asked.add(contactId);
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

  /** Somebody accepts the bot's request. @throws Error if the bot has not asked. */
  confirm(contactId: string): payloads.Friendship {
    if (!this.#asked.delete(contactId)) {
      throw new Error(`the bot has not asked ${contactId} to be friends`);
    }
    return this.#befriend(contactId, undefined);
  }

  /** Somebody does not want to be friends any more. */
  end(contactId: string): void {
    this.profiles.change(contactId, { friend: false, alias: undefined });
  }

  #befriend(contactId: string, hello: string | undefined): payloads.Friendship {
    this.profiles.change(contactId, { friend: true });
    const id = this.#nextId();
    return this.#tell({ id, contactId, hello, timestamp: Date.now(), type: types.Friendship.Confirm });
  }

  #tell(friendship: payloads.Friendship): payloads.Friendship {
    this.#requests.set(friendship.id, friendship);
    this.wire.tell('friendship', { friendshipId: friendship.id });
    return friendship;
  }

  #stranger(contactId: string): PersonRecord {
    const record = this.people.get(contactId);
    if (record === this.people.self) {
      throw new Error('the bot cannot be its own friend');
    }
    if (record.friend) {
      throw new Error(`${contactId} is a friend already`);
    }
    return record;
  }

  #nextId(): string {
    return `friendship-${++this.#made}`;
  }
}
