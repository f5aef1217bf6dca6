import type { payloads, types } from 'wechaty-puppet';

import { SimulatedRooms } from './rooms';

/** Puppet methods of contact search and friend requests. */
export abstract class SimulatedFriendships extends SimulatedRooms {
  override friendshipAccept(friendshipId: string): Promise<void> {
    return this.perform('friendshipAccept', () => {
      this.wechat.friendships.acceptRequest(friendshipId);
    });
  }

  override friendshipAdd(contactId: string, options: types.FriendshipAddOptions = {}): Promise<void> {
    return this.perform('friendshipAdd', () => {
      const hello = typeof options === 'string' ? options : (options.hello ?? '');
      this.wechat.friendships.sendRequest(contactId, hello);
    });
  }

  override friendshipSearchPhone(phone: string): Promise<string | null> {
    return this.perform('friendshipSearchPhone', () => this.#find((person) => person.phone === phone));
  }

  override friendshipSearchHandle(handle: string): Promise<string | null> {
    return this.perform('friendshipSearchHandle', () => this.#find((person) => person.handle === handle));
  }

  override friendshipRawPayload(friendshipId: string): Promise<payloads.Friendship> {
    return this.perform('friendshipRawPayload', () => this.wechat.friendships.get(friendshipId));
  }

  override friendshipRawPayloadParser(rawPayload: payloads.Friendship): Promise<payloads.Friendship> {
    return Promise.resolve(this.payload(rawPayload));
  }

  #find(predicate: (person: { readonly phone?: string; readonly handle: string }) => boolean): string | null {
    return this.wechat.contacts.find(predicate)?.id ?? null;
  }
}
