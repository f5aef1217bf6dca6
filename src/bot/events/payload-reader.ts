/** Where events are read from: puppet calls that never fail and never hang, because an event must not be lost. */
import type { Puppet } from 'wechaty-puppet';
import { WechatError } from '../errors';
import { SharedTimeout } from '../../util/shared-timeout';
import { cached, contactView, roomView } from '../view-mappers';
import type { ContactView, RoomView } from '../views';

/** A puppet that does not answer within this time, in ms, is read as having nothing to say. */
const limit = 10_000;

/**
 * Reads what events need of one puppet. What the puppet has in its cache is taken from there at once, without the
 * promises and the time limit of a call: nearly every message is from somebody and somewhere known.
 */
export class EventSource {
  readonly puppet: Puppet;
  readonly #patience = new SharedTimeout(limit);

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
  contact(id: string | undefined): ContactView | null | Promise<ContactView> {
    if (!id) return null;
    const known = cached(() => this.puppet.contactPayloadCache(id));
    return known ? contactView(id, known) : this.#askContact(id);
  }

  /** All of them, in the order of their ids. */
  async contacts(ids: readonly string[]): Promise<ContactView[]> {
    // Asked for at once; none of them rejects.
    const asked = ids.map((id) => this.contact(id));
    const found: ContactView[] = [];
    for (const one of asked) {
      const contact = await one;
      if (contact) found.push(contact);
    }
    return found;
  }

  /** The room, or only its id where the puppet cannot tell more; null without an id. */
  room(id: string | undefined): RoomView | null | Promise<RoomView> {
    if (!id) return null;
    const known = cached(() => this.puppet.roomPayloadCache(id));
    return known ? roomView(id, known) : this.#askRoom(id);
  }

  async #askContact(id: string): Promise<ContactView> {
    try {
      return contactView(id, await this.ask('contactPayload', this.puppet.contactPayload(id)));
    } catch {
      return contactView(id, undefined);
    }
  }

  async #askRoom(id: string): Promise<RoomView> {
    try {
      return roomView(id, await this.ask('roomPayload', this.puppet.roomPayload(id)));
    } catch {
      return roomView(id, undefined);
    }
  }
}
