/** Where events are read from: puppet calls that never fail and never hang, because an event must not be lost. */
import type { Puppet } from 'wechaty-puppet';
import { WechatError } from './errors';
import { Patience } from './patience';
import { contactView, roomView } from './read-views';
import type { ContactView, RoomView } from './views';

/** A puppet that does not answer within this time, in ms, is read as having nothing to say. */
const limit = 10_000;

/**
 * Reads what events need of one puppet. What the puppet has in its cache is taken from there at once, without the
 * promises and the time limit of a call: nearly every message is from somebody and somewhere known.
 */
export class EventSource {
  readonly puppet: Puppet;
  readonly #patience = new Patience(limit);

  constructor(puppet: Puppet) {
    this.puppet = puppet;
  }

  /** The id of the bot's own account; empty before a login. */
  get selfId(): string {
    return this.puppet.isLoggedIn ? this.puppet.currentUserId : '';
  }

  /** Any puppet call, with a time limit. @throws what the puppet throws, or WechatError TIMEOUT. */
  ask<T>(call: string, work: Promise<T>): Promise<T> {
    return this.#patience.within(
      work,
      () => new WechatError('TIMEOUT', 'callTimeout', { call, seconds: limit / 1000 }),
    );
  }

  /** The contact, or only its id where the puppet cannot tell more; null without an id. */
  async contact(id: string | undefined): Promise<ContactView | null> {
    if (!id) return null;
    try {
      const known = this.puppet.contactPayloadCache(id);
      if (known) return contactView(id, known);
      return contactView(id, await this.ask('contactPayload', this.puppet.contactPayload(id)));
    } catch {
      return contactView(id, undefined);
    }
  }

  /** All of them, in the order of their ids. */
  async contacts(ids: readonly string[]): Promise<ContactView[]> {
    const found = await Promise.all(ids.map((id) => this.contact(id)));
    return found.filter((contact) => contact !== null);
  }

  /** The room, or only its id where the puppet cannot tell more; null without an id. */
  async room(id: string | undefined): Promise<RoomView | null> {
    if (!id) return null;
    try {
      const known = this.puppet.roomPayloadCache(id);
      if (known) return roomView(id, known);
      return roomView(id, await this.ask('roomPayload', this.puppet.roomPayload(id)));
    } catch {
      return roomView(id, undefined);
    }
  }
}
