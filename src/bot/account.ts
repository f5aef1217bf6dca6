/** A logged-in account: what commands work with. */
import type { Puppet } from 'wechaty-puppet';
import * as PUPPET from 'wechaty-puppet';
import { withTimeout } from '../util/timeout';
import { Directory } from './directory/directory';
import { errorMessage, WechatError } from './errors';
import { ablePuppets } from './session/puppet-capabilities';
import { RoomMembers } from './directory/room-members';
import { cached, conversationOf, messageParties, text } from './view-mappers';

/** Time limits for puppet calls, in ms: reading is quick, sending a large file is not. */
export const callLimits = { read: 15_000, write: 30_000, send: 120_000 } as const;

/** Invitations that are remembered. */
const rememberedInvitations = 100;

/** One account behind one puppet, valid while the puppet lives. */
export class Account {
  readonly puppet: Puppet;
  readonly contacts: Directory<PUPPET.payloads.Contact>;
  readonly rooms: Directory<PUPPET.payloads.Room>;
  readonly members: RoomMembers;
  readonly #invitations = new Set<string>();
  readonly #redact: (words: string) => string;

  /** @param redact takes out of a puppet's own words what nobody may read. */
  constructor(puppet: Puppet, redact: (words: string) => string = (words) => words) {
    this.puppet = puppet;
    this.#redact = redact;
    this.contacts = new Directory({
      list: () => this.call('contactList', (wechat) => wechat.contactList()),
      read: (id) =>
        cached(() => this.puppet.contactPayloadCache(id)) ??
        this.call('contactPayload', (wechat) => wechat.contactPayload(id)),
      names: (contact) => [text(contact.alias), text(contact.name)],
      notFound: (query) => new WechatError('NOT_FOUND', 'contactNotFound', { query }),
      ambiguous: (query, ids) => ambiguous('contactAmbiguous', query, ids),
    });
    this.rooms = new Directory({
      list: () => this.call('roomList', (wechat) => wechat.roomList()),
      read: (id) =>
        cached(() => this.puppet.roomPayloadCache(id)) ??
        this.call('roomPayload', (wechat) => wechat.roomPayload(id)),
      names: (room) => [text(room.topic)],
      notFound: (query) => new WechatError('NOT_FOUND', 'roomNotFound', { query }),
      ambiguous: (query, ids) => ambiguous('roomAmbiguous', query, ids),
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

  /** The ids of the room invitations that came since the login and were not accepted, oldest first. */
  get invitations(): string[] {
    return [...this.#invitations];
  }

  /** The id of the contact or room to which a message belongs that the puppet remembers. */
  conversationOf(messageId: string): string | undefined {
    const message = cached(() => this.puppet.messagePayloadCache(messageId));
    return message && conversationOf(messageParties(message), this.selfId);
  }

  /** Remembers an invitation, because no puppet can list them. */
  invited(id: string): void {
    this.#invitations.add(id);
    const [oldest] = this.#invitations;
    if (oldest !== undefined && this.#invitations.size > rememberedInvitations)
      this.#invitations.delete(oldest);
  }

  /** Forgets an invitation that was accepted. */
  joined(invitationId: string): void {
    this.#invitations.delete(invitationId);
  }

  /**
   * Any call of the puppet, with a time limit and errors in our own words.
   * @param call the puppet's method, for the error.
   * @throws WechatError UNSUPPORTED, TIMEOUT or FAILED.
   */
  async call<T>(
    call: string,
    work: (puppet: Puppet) => Promise<T>,
    ms: number = callLimits.read,
  ): Promise<T> {
    try {
      const late = (): Error => new WechatError('TIMEOUT', 'callTimeout', { call, seconds: ms / 1000 });
      return await withTimeout(work(this.puppet), ms, late);
    } catch (error) {
      if (error instanceof WechatError) throw error;
      throw this.#inOurWords(call, error);
    }
  }

  /** What changed must be read anew; to be called with the puppet's `dirty` events and our own changes. */
  forget(type: unknown, id: string): void {
    const { Contact, Room, RoomMember } = PUPPET.types.Dirty;
    if (type === Contact) this.contacts.forget(id);
    if (type === Room) this.rooms.forget(id);
    if (type === Room || type === RoomMember) this.members.forget(id);
  }

  /** To be called when a puppet tells of a friendship or of somebody who joined or left a room. */
  changed(event: string, roomId: unknown): void {
    if (event === 'friendship') this.contacts.relist();
    if (typeof roomId !== 'string') return;
    this.rooms.forget(roomId);
    this.members.forget(roomId);
  }

  #inOurWords(call: string, error: unknown): WechatError {
    const reason = this.#redact(errorMessage(error));
    // The sentence of wechaty-puppet's throwUnsupportedError(), what puppets say instead, and what happens where
    // a puppet is older than the call.
    if (
      /unsupported|not support|not implement/i.test(reason) ||
      reason.endsWith(`.${call} is not a function`)
    ) {
      const puppet = this.puppet.name();
      const values = { call, puppet, able: ablePuppets(call, puppet) };
      return new WechatError('UNSUPPORTED', 'unsupported', values, { cause: error });
    }
    return new WechatError('FAILED', 'callFailed', { call, error: reason }, { cause: error });
  }
}

function ambiguous(
  key: 'contactAmbiguous' | 'roomAmbiguous',
  query: string,
  ids: readonly string[],
): WechatError {
  const listed = ids.slice(0, 20).join(', ') + (ids.length > 20 ? ' …' : '');
  return new WechatError('INVALID_PARAMS', key, { query, count: ids.length, ids: listed });
}
