/** Fail-safe puppet calls for reading events: they settle within a timeout, because no event may be lost. */
import type { Puppet } from 'wechaty-puppet';
import { WechatError } from '../errors';
import { type CachedPayload, dropCachedPayload } from '../payload-cache';
import { SharedTimeout } from '../../util/shared-timeout';
import { asName, fromCache, contactView, roomView } from '../view-mappers';
import type { ContactView, RoomView } from '../views';

/** Timeout of one puppet call, in ms. */
const callTimeoutMs = 10_000;

/**
 * Reads payloads for events from one puppet. Cached payloads are read synchronously, without the promises and the
 * timeout of a call: talker and room of nearly every message are cached.
 */
export class PayloadReader {
  readonly puppet: Puppet;
  readonly #onOutdated: (payload: CachedPayload, id: string) => void;
  readonly #timeout = new SharedTimeout(callTimeoutMs);

  /** @param onOutdated called when an event changed a contact or a room, before it is read. */
  constructor(puppet: Puppet, onOutdated: (payload: CachedPayload, id: string) => void = () => undefined) {
    this.puppet = puppet;
    this.#onOutdated = onOutdated;
  }

  /**
   * Drops what an event changed, so that this event and the later ones are read anew: at once, and from the cache of a
   * puppet service before the promise resolves. Never rejects.
   */
  refresh(payload: CachedPayload, id: string): Promise<void> {
    if (!id) return Promise.resolve();
    this.#onOutdated(payload, id);
    return dropCachedPayload(this.puppet, payload, id);
  }

  /** The id of the bot's own account; empty before a login. */
  get selfId(): string {
    return this.puppet.isLoggedIn ? this.puppet.currentUserId : '';
  }

  /** Adds a timeout to a puppet call. @throws the puppet's error, or WechatError TIMEOUT. */
  call<T>(call: string, work: Promise<T>): Promise<T> {
    return this.#timeout.limit(
      work,
      () => new WechatError('TIMEOUT', 'callTimeout', { call, seconds: callTimeoutMs / 1000 }),
    );
  }

  /** The contact, with only its id when the puppet cannot read it; null without an id. */
  contact(id: string | undefined): ContactView | null | Promise<ContactView> {
    if (!id) return null;
    const known = fromCache(() => this.puppet.contactPayloadCache(id));
    return known ? contactView(id, known) : this.#fetchContact(id);
  }

  /** The contacts in the order of `ids`. */
  async contacts(ids: readonly string[]): Promise<ContactView[]> {
    const contacts = await Promise.all(ids.map(async (id) => this.contact(id)));
    return contacts.filter((contact) => contact !== null);
  }

  /** The room, with only its id when the puppet cannot read it; null without an id. */
  room(id: string | undefined): RoomView | null | Promise<RoomView> {
    if (!id) return null;
    const known = fromCache(() => this.puppet.roomPayloadCache(id));
    return known ? roomView(id, known) : this.#fetchRoom(id);
  }

  /**
   * The names by which the bot can be mentioned: its own, and its alias in the room if an id is given.
   */
  selfNames(roomId: string): readonly string[] | Promise<readonly string[]> {
    const self = fromCache(() => this.puppet.contactPayloadCache(this.selfId));
    const ownName = asName(self?.name);
    return roomId ? this.#fetchSelfNames(roomId, ownName) : [ownName];
  }

  async #fetchSelfNames(roomId: string, cachedName: string): Promise<readonly string[]> {
    const { selfId } = this;
    const member = this.call('roomMemberPayload', this.puppet.roomMemberPayload(roomId, selfId));
    const alias = await member.then(
      ({ roomAlias }) => asName(roomAlias),
      () => '',
    );
    return [alias, cachedName || ((await this.contact(selfId))?.name ?? '')];
  }

  async #fetchContact(id: string): Promise<ContactView> {
    try {
      return contactView(id, await this.call('contactPayload', this.puppet.contactPayload(id)));
    } catch {
      return contactView(id, undefined);
    }
  }

  async #fetchRoom(id: string): Promise<RoomView> {
    try {
      return roomView(id, await this.call('roomPayload', this.puppet.roomPayload(id)));
    } catch {
      return roomView(id, undefined);
    }
  }
}
