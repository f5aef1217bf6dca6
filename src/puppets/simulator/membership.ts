import { type payloads, types } from 'wechaty-puppet';

import type { Conversations } from './conversations';
import type { Faults } from './options';
import type { Contacts } from './contacts';
import type { RoomRecord, Rooms } from './rooms';
import type { ClientChannel } from './client-channel';

const UNKNOWN_CONTACT_ID = 'wxid_nobody';

/** Members, topics, announcements and invitations of rooms, with WeChat's rules of who may change them. */
export class Membership {
  readonly #invitations = new Map<string, { payload: payloads.RoomInvitation; roomId: string }>();
  #invitationCount = 0;

  /** @param faults returns the current faults */
  constructor(
    readonly contacts: Contacts,
    readonly rooms: Rooms,
    readonly conversations: Conversations,
    readonly channel: ClientChannel,
    readonly faults: () => Faults,
  ) {}

  /** A room that the bot can see. @throws Error if it never was a member. */
  visibleRoom(roomId: string): RoomRecord {
    const room = this.rooms.get(roomId);
    if (!room.isVisible) {
      throw new Error(`no such room: ${roomId}`);
    }
    return room;
  }

  /** A room with this member. @throws Error if the contact is not in it. */
  roomWithMember(roomId: string, contactId: string): RoomRecord {
    const room = this.rooms.get(roomId);
    if (!room.has(contactId)) {
      throw new Error(`${contactId} is not in room ${roomId}`);
    }
    return room;
  }

  /** The member payload. @throws Error if the bot cannot see the room or the contact is not in it. */
  memberPayload(roomId: string, contactId: string): payloads.RoomMember {
    const room = this.visibleRoom(roomId);
    if (!room.has(contactId)) {
      throw new Error(`${contactId} is not in room ${roomId}`);
    }
    return {
      id: contactId,
      name: this.contacts.get(contactId).name,
      avatar: `https://avatar.invalid/${contactId}`,
      roomAlias: room.aliases.get(contactId),
      inviterId: room.inviters.get(contactId),
    };
  }

  /**
   * The bot creates a room.
   * @throws Error without at least two friends.
   */
  create(contactIds: readonly string[], topic: string): RoomRecord {
    const { self } = this.contacts;
    const others = [...new Set(contactIds)].filter((id) => id !== self.id);
    this.#checkFriends(others);
    if (others.length < 2) {
      throw new Error('a room needs two friends or more besides the bot');
    }
    const names = [self.id, ...others].slice(0, 3).map((id) => this.contacts.get(id).name);
    const members = [self.id, ...others];
    const room = this.rooms.create(topic === '' ? names.join('、') : topic, self.id, () => members, true);
    this.#emitJoin(room, others, self.id);
    return room;
  }

  /**
   * A member adds contacts to a room.
   * @throws Error if the inviter is not in the room or one of the contacts already is.
   */
  add(roomId: string, contactIds: readonly string[], inviterId: string): void {
    const room = this.roomWithMember(roomId, inviterId);
    for (const id of contactIds) {
      this.contacts.get(id);
      if (room.has(id)) {
        throw new Error(`${id} is in room ${roomId} already`);
      }
    }
    const { self } = this.contacts;
    if (inviterId === self.id) {
      this.#checkFriends(contactIds);
    }
    room.add(contactIds, inviterId);
    room.hasBot ||= contactIds.includes(self.id);
    this.#emitJoin(room, contactIds, inviterId);
  }

  /** The bot sends invitation links to friends. */
  sendInvitations(roomId: string, contactIds: readonly string[]): void {
    const { self } = this.contacts;
    const room = this.roomWithMember(roomId, self.id);
    this.#checkFriends(contactIds);
    for (const id of contactIds) {
      const url = `https://support.weixin.qq.com/cgi-bin/mmsupport-bin/addchatroombyinvite?room=${roomId}`;
      this.conversations.say(self.id, id, {
        kind: 'url',
        url: { title: '邀请你加入群聊', description: `"${self.name}" invites you to "${room.topic}"`, url },
      });
    }
  }

  /**
   * Members leave, or the owner removes them.
   * @throws Error if one is not in the room, or is removed by another member than the owner.
   */
  remove(roomId: string, contactIds: readonly string[], removerId: string): void {
    const room = this.roomWithMember(roomId, removerId);
    for (const id of contactIds) {
      this.roomWithMember(roomId, id);
      if (id !== removerId && room.ownerId !== removerId) {
        throw new Error(`only the owner of room ${roomId} can remove members`);
      }
    }
    const wasIn = room.hasBot;
    room.remove(contactIds);
    room.hasBot &&= !contactIds.includes(this.contacts.self.id);
    if (wasIn) {
      this.channel.invalidate(types.Dirty.Room, roomId);
      this.channel.emit('room-leave', {
        removeeIdList: [...contactIds],
        removerId: this.#actorId(removerId),
        roomId,
        timestamp: Date.now(),
      });
    }
  }

  /** Changes the topic. @throws Error if the changer is not in the room or the topic is empty. */
  rename(roomId: string, newTopic: string, changerId: string): void {
    const room = this.roomWithMember(roomId, changerId);
    if (newTopic === '') {
      throw new Error('the topic of a room cannot be empty');
    }
    const oldTopic = room.topic;
    room.topic = newTopic;
    this.#emit(room, 'room-topic', { newTopic, oldTopic, ...this.#changeFields(roomId, changerId) });
  }

  /** Changes the announcement. @throws Error unless by the owner. */
  announce(roomId: string, newAnnounce: string, changerId: string): void {
    const room = this.roomWithMember(roomId, changerId);
    if (room.ownerId !== changerId) {
      throw new Error(`only the owner of room ${roomId} can make announcements in it`);
    }
    const oldAnnounce = room.announcement;
    room.announcement = newAnnounce;
    this.#emit(room, 'room-announce', { newAnnounce, oldAnnounce, ...this.#changeFields(roomId, changerId) });
  }

  /** Sets a member's room alias; an empty one removes it. */
  setAlias(roomId: string, contactId: string, alias: string): void {
    const room = this.roomWithMember(roomId, contactId);
    if (alias === '') {
      room.aliases.delete(contactId);
    } else {
      room.aliases.set(contactId, alias);
    }
    if (room.isVisible) {
      this.channel.invalidate(types.Dirty.RoomMember, roomId);
    }
  }

  /** A member invites the bot. @throws Error if the bot is in the room already, or the inviter is not. */
  invite(roomId: string, inviterId: string): payloads.RoomInvitation {
    const room = this.roomWithMember(roomId, inviterId);
    const { self } = this.contacts;
    if (room.hasBot) {
      throw new Error(`the bot is in room ${roomId} already`);
    }
    const id = `invitation-${++this.#invitationCount}`;
    const friendIds = room.memberIds.filter((memberId) => this.contacts.get(memberId).friend);
    const payload: payloads.RoomInvitation = {
      id,
      inviterId,
      topic: room.topic,
      avatar: `https://avatar.invalid/${roomId}`,
      invitation: `${this.contacts.get(inviterId).name} invites you to ${room.topic}`,
      memberCount: room.memberIds.length,
      memberIdList: friendIds,
      timestamp: Date.now(),
      receiverId: self.id,
    };
    this.#invitations.set(id, { payload, roomId });
    this.channel.emit('room-invite', { roomInvitationId: id });
    return payload;
  }

  /** An invitation to the bot. @throws Error if there is none with this id. */
  invitation(id: string): { readonly payload: payloads.RoomInvitation; readonly roomId: string } {
    const invitation = this.#invitations.get(id);
    if (!invitation) {
      throw new Error(`no such room invitation: ${id}`);
    }
    return invitation;
  }

  /** The bot accepts an invitation. @throws Error if it is in the room already, or the inviter has left. */
  acceptInvitation(id: string): void {
    const { roomId, payload } = this.invitation(id);
    this.add(roomId, [this.contacts.self.id], payload.inviterId);
  }

  #checkFriends(ids: readonly string[]): void {
    for (const id of ids) {
      if (!this.contacts.get(id).friend) {
        throw new Error(`${id} is not a friend, so the bot cannot add it to a room`);
      }
    }
  }

  #emitJoin(room: RoomRecord, inviteeIds: readonly string[], inviterId: string): void {
    this.#emit(room, 'room-join', {
      inviteeIdList: [...inviteeIds],
      inviterId: this.#actorId(inviterId),
      roomId: room.id,
      timestamp: Date.now(),
    });
  }

  #emit(room: RoomRecord, ...[event, payload]: RoomEvent): void {
    if (room.hasBot) {
      this.channel.invalidate(types.Dirty.Room, room.id);
      this.channel.emit(event, payload);
    }
  }

  #changeFields(roomId: string, changerId: string): { changerId: string; roomId: string; timestamp: number } {
    return { changerId: this.#actorId(changerId), roomId, timestamp: Date.now() };
  }

  #actorId(id: string): string {
    return this.faults().noInviter ? UNKNOWN_CONTACT_ID : id;
  }
}

type RoomEvent =
  | ['room-join', payloads.EventRoomJoin]
  | ['room-topic', payloads.EventRoomTopic]
  | ['room-announce', payloads.EventRoomAnnounce];
