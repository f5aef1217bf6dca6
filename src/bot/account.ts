/** The logged-in account that commands operate on. */
import type { Puppet } from 'wechaty-puppet';
import * as PUPPET from 'wechaty-puppet';
import { withTimeout } from '../util/timeout';
import { Directory } from './directory/directory';
import { errorMessage, WechatError } from './errors';
import { fileHelper } from './file-helper';
import { isSilentlyMissing, puppetsSupporting } from './session/puppet-capabilities';
import { isPuppetErrorCode } from './session/puppet-extras';
import { type CachedPayload, dropCachedPayload } from './payload-cache';
import type { PuppetScope } from './session/puppet-scope';
import { RoomMembers } from './directory/room-members';
import { fromCache, conversationOf, messageParties, asName } from './view-mappers';

/** Timeouts of puppet calls, in ms: reading is quick, sending a large file is not. */
export const callTimeouts = { read: 15_000, write: 30_000, send: 120_000 } as const;

/** Room invitations kept in memory. */
const maxInvitations = 100;

/** One account behind one puppet, valid until that puppet stops. */
export class Account {
  readonly puppet: Puppet;
  readonly contacts: Directory<PUPPET.payloads.Contact>;
  readonly rooms: Directory<PUPPET.payloads.Room>;
  readonly members: RoomMembers;
  readonly #invitations = new Set<string>();
  readonly #redact: (text: string) => string;
  readonly #scope: PuppetScope;
  readonly #puppetName: string;

  /**
   * @param puppetName the package of the puppet, whose own `name()` is not always that.
   * @param redact masks secrets in a puppet's error messages.
   * @param scope of the puppet: a call may throw after it has settled.
   */
  constructor(puppet: Puppet, puppetName: string, redact: (text: string) => string, scope: PuppetScope) {
    this.#puppetName = puppetName;
    this.puppet = puppet;
    this.#redact = redact;
    this.#scope = scope;
    this.contacts = new Directory({
      list: () => this.call('contactList', (wechat) => wechat.contactList()),
      read: (id) =>
        fromCache(() => this.puppet.contactPayloadCache(id)) ??
        this.call('contactPayload', (wechat) => wechat.contactPayload(id)),
      wellKnown: [fileHelper],
      names: (contact) => [asName(contact.alias), asName(contact.name)],
      notFoundError: (query) => new WechatError('NOT_FOUND', 'contactNotFound', { query }),
      ambiguousError: (query, ids) => ambiguousError('contactAmbiguous', query, ids),
    });
    this.rooms = new Directory({
      list: () => this.call('roomList', (wechat) => wechat.roomList()),
      read: (id) =>
        fromCache(() => this.puppet.roomPayloadCache(id)) ??
        this.call('roomPayload', (wechat) => wechat.roomPayload(id)),
      names: (room) => [asName(room.topic)],
      notFoundError: (query) => new WechatError('NOT_FOUND', 'roomNotFound', { query }),
      ambiguousError: (query, ids) => ambiguousError('roomAmbiguous', query, ids),
    });
    this.members = new RoomMembers({
      list: (roomId) => this.call('roomMemberList', (wechat) => wechat.roomMemberList(roomId)),
      read: (roomId, id) => this.call('roomMemberPayload', (wechat) => wechat.roomMemberPayload(roomId, id)),
    });
  }

  /** The id of the bot's own account. */
  get selfId(): string {
    return this.puppet.currentUserId;
  }

  /** The ids of the room invitations received since the login and not accepted, oldest first. */
  get invitations(): string[] {
    return [...this.#invitations];
  }

  /** The id of the contact or room to which a message in the puppet's cache belongs. */
  conversationOf(messageId: string): string | undefined {
    const message = fromCache(() => this.puppet.messagePayloadCache(messageId));
    return message && conversationOf(messageParties(message), this.selfId);
  }

  /** Stores an invitation, because no puppet can list them. */
  addInvitation(id: string): void {
    this.#invitations.add(id);
    const [oldest] = this.#invitations;
    if (oldest !== undefined && this.#invitations.size > maxInvitations) this.#invitations.delete(oldest);
  }

  /** Removes an accepted invitation. */
  removeInvitation(invitationId: string): void {
    this.#invitations.delete(invitationId);
  }

  /**
   * Calls the puppet with a timeout; its errors become `WechatError`.
   * @param call the name of the puppet's method, for error messages.
   * @throws WechatError UNSUPPORTED, TIMEOUT or FAILED.
   */
  async call<T>(
    call: string,
    work: (puppet: Puppet) => Promise<T>,
    ms: number = callTimeouts.read,
  ): Promise<T> {
    if (isSilentlyMissing(this.#puppetName, call)) throw this.#unsupported(call);
    try {
      const createError = (): Error =>
        new WechatError('TIMEOUT', 'callTimeout', { call, seconds: ms / 1000 });
      const result = this.#scope.run(() => work(this.puppet));
      return await withTimeout(result, ms, createError);
    } catch (error) {
      if (error instanceof WechatError) throw error;
      throw this.#toWechatError(call, error);
    }
  }

  /** Drops what the directories have read; called for the puppet's `dirty` events. */
  onDirty(type: unknown, id: string): void {
    const { Contact, Room, RoomMember } = PUPPET.types.Dirty;
    if (type === Contact) this.invalidate('Contact', id);
    if (type === Room) this.invalidate('Room', id);
    if (type === RoomMember) this.members.invalidate(id);
  }

  /** Drops what the directories have read; called when an event changed a contact or a room. */
  invalidate(payload: CachedPayload, id: string): void {
    if (payload === 'Contact') this.contacts.invalidate(id);
    if (payload !== 'Room') return;
    this.rooms.invalidate(id);
    this.members.invalidate(id);
  }

  /** Marks the lists as outdated; called when contacts and rooms have been loaded. */
  invalidateLists(): void {
    this.contacts.invalidateList();
    this.rooms.invalidateList();
  }

  /** Drops what the directories and the puppet have read; called when a command changed a contact or a room. */
  async refresh(payload: CachedPayload, id: string): Promise<void> {
    this.invalidate(payload, id);
    await dropCachedPayload(this.puppet, payload, id);
  }

  #unsupported(call: string, cause?: unknown): WechatError {
    const puppet = this.#puppetName;
    const values = { call, puppet, able: puppetsSupporting(call, puppet) };
    return new WechatError('UNSUPPORTED', 'unsupported', values, { cause });
  }

  #toWechatError(call: string, error: unknown): WechatError {
    const reason = this.#redact(errorMessage(error));
    const { code } = (error ?? {}) as { code?: unknown };
    if (isPuppetErrorCode(code)) {
      return new WechatError(code, 'callFailed', { call, error: reason }, { cause: error });
    }
    // The message of wechaty-puppet's throwUnsupportedError(), variants used by puppets, and the TypeError of a
    // puppet that is older than the call.
    if (
      /unsupported|not support|not implement/i.test(reason) ||
      reason.endsWith(`.${call} is not a function`)
    ) {
      return this.#unsupported(call, error);
    }
    return new WechatError('FAILED', 'callFailed', { call, error: reason }, { cause: error });
  }
}

function ambiguousError(
  key: 'contactAmbiguous' | 'roomAmbiguous',
  query: string,
  ids: readonly string[],
): WechatError {
  const listed = ids.slice(0, 20).join(', ') + (ids.length > 20 ? ' …' : '');
  return new WechatError('INVALID_PARAMS', key, { query, count: ids.length, ids: listed });
}
