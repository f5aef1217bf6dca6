import { type payloads, types } from 'wechaty-puppet';

import type { Conversations } from './conversations';
import type { Faults } from './options';
import type { People } from './contacts';
import type { RoomRecord, Rooms } from './rooms';
import type { Wire } from './client-channel';

const NOBODY = 'wxid_nobody';

/** Who is in which room and what it is called, with WeChat's rules of who may change it. */
export class Membership {
  readonly #invitations = new Map<string, { payload: payloads.RoomInvitation; roomId: string }>();
  #invited = 0;

  /** @param faults what goes wrong on purpose, asked each time */
  constructor(
    readonly people: People,
    readonly rooms: Rooms,
    readonly conversations: Conversations,
    readonly wire: Wire,
    readonly faults: () => Faults,
  ) {}

  /** A room the bot is or was in. @throws Error if it never was. */
  known(roomId: string): RoomRecord {
    const room = this.rooms.get(roomId);
    if (!room.known) {
      throw new Error(`no such room: ${roomId}`);
    }
    return room;
  }

  /** A room somebody is in. @throws Error if they are not. */
  joined(roomId: string, contactId: string): RoomRecord {
    const room = this.rooms.get(roomId);
    if (!room.has(contactId)) {
      throw new Error(`${contactId} is not in room ${roomId}`);
    }
    return room;
  }

  /** Somebody's place in a room. @throws Error if the bot cannot see the room or they are not in it. */
  member(roomId: string, contactId: string): payloads.RoomMember {
    const room = this.known(roomId);
    if (!room.has(contactId)) {
      throw new Error(`${contactId} is not in room ${roomId}`);
    }
    return {
      id: contactId,
      name: this.people.get(contactId).name,
      avatar: `https://avatar.invalid/${contactId}`,
      roomAlias: room.aliases.get(contactId),
      inviterId: room.inviters.get(contactId),
    };
  }

  /**
   * The bot starts a room.
   * @throws Error unless with two or more friends.
   */
  create(contactIds: readonly string[], topic: string): RoomRecord {
    const { self } = this.people;
    const others = [...new Set(contactIds)].filter((id) => id !== self.id);
    this.#checkFriends(others);
    if (others.length < 2) {
      throw new Error('a room needs two friends or more besides the bot');
    }
    const names = [self.id, ...others].slice(0, 3).map((id) => this.people.get(id).name);
    const members = [self.id, ...others];
    const room = this.rooms.create(topic === '' ? names.join('、') : topic, self.id, () => members, true);
    this.#tellJoin(room, others, self.id);
    return room;
  }

  /**
   * Somebody brings people into a room.
   * @throws Error if the inviter is not in the room or one of the invited is already.
   */
  add(roomId: string, contactIds: readonly string[], inviterId: string): void {
    const room = this.joined(roomId, inviterId);
    for (const id of contactIds) {
      this.people.get(id);
      if (room.has(id)) {
        throw new Error(`${id} is in room ${roomId} already`);
      }
    }
    const { self } = this.people;
    if (inviterId === self.id) {
      this.#checkFriends(contactIds);
    }
    room.add(contactIds, inviterId);
    room.hasBot ||= contactIds.includes(self.id);
    this.#tellJoin(room, contactIds, inviterId);
  }

  /** The bot sends friends an invitation, which they may follow or not. */
  sendInvitations(roomId: string, contactIds: readonly string[]): void {
    const { self } = this.people;
    const room = this.joined(roomId, self.id);
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
   * People leave, or the owner removes them.
   * @throws Error if one is not in the room, or is removed by somebody who does not own it.
   */
  remove(roomId: string, contactIds: readonly string[], removerId: string): void {
    const room = this.joined(roomId, removerId);
    for (const id of contactIds) {
      this.joined(roomId, id);
      if (id !== removerId && room.ownerId !== removerId) {
        throw new Error(`only the owner of room ${roomId} can remove somebody from it`);
      }
    }
    const wasIn = room.hasBot;
    room.remove(contactIds);
    room.hasBot &&= !contactIds.includes(this.people.self.id);
    if (wasIn) {
      this.wire.forget(types.Dirty.Room, roomId);
      this.wire.tell('room-leave', {
        removeeIdList: [...contactIds],
        removerId: this.#actor(removerId),
        roomId,
        timestamp: Date.now(),
      });
    }
  }

  /** @throws Error if the changer is not in the room or the topic is empty. */
  rename(roomId: string, newTopic: string, changerId: string): void {
    const room = this.joined(roomId, changerId);
    if (newTopic === '') {
      throw new Error('the topic of a room cannot be empty');
    }
    const oldTopic = room.topic;
    room.topic = newTopic;
    this.#tell(room, 'room-topic', { newTopic, oldTopic, ...this.#change(roomId, changerId) });
  }

  /** @throws Error unless by the owner. */
  announce(roomId: string, newAnnounce: string, changerId: string): void {
    const room = this.joined(roomId, changerId);
    if (room.ownerId !== changerId) {
      throw new Error(`only the owner of room ${roomId} can make announcements in it`);
    }
    const oldAnnounce = room.announcement;
    room.announcement = newAnnounce;
    this.#tell(room, 'room-announce', { newAnnounce, oldAnnounce, ...this.#change(roomId, changerId) });
  }

  /** Somebody goes by another name in one room; an empty one takes it away. */
  setAlias(roomId: string, contactId: string, alias: string): void {
    const room = this.joined(roomId, contactId);
    if (alias === '') {
      room.aliases.delete(contactId);
    } else {
      room.aliases.set(contactId, alias);
    }
    if (room.known) {
      this.wire.forget(types.Dirty.RoomMember, roomId);
    }
  }

  /** Somebody invites the bot. @throws Error if the bot is in the room already, or the inviter is not. */
  invite(roomId: string, inviterId: string): payloads.RoomInvitation {
    const room = this.joined(roomId, inviterId);
    const { self } = this.people;
    if (room.hasBot) {
      throw new Error(`the bot is in room ${roomId} already`);
    }
    const id = `invitation-${++this.#invited}`;
    const friendIds = room.memberIds.filter((one) => this.people.get(one).friend);
    const payload: payloads.RoomInvitation = {
      id,
      inviterId,
      topic: room.topic,
      avatar: `https://avatar.invalid/${roomId}`,
      invitation: `${this.people.get(inviterId).name} invites you to ${room.topic}`,
      memberCount: room.memberIds.length,
      memberIdList: friendIds,
      timestamp: Date.now(),
      receiverId: self.id,
    };
    this.#invitations.set(id, { payload, roomId });
    this.wire.tell('room-invite', { roomInvitationId: id });
    return payload;
  }

  /** @throws Error if there is no such invitation. */
  invitation(id: string): { readonly payload: payloads.RoomInvitation; readonly roomId: string } {
    const invitation = this.#invitations.get(id);
    if (!invitation) {
      throw new Error(`no such room invitation: ${id}`);
    }
    return invitation;
  }

  /** The bot follows an invitation. @throws Error if it is in the room by now, or the inviter has left. */
  acceptInvitation(id: string): void {
    const { roomId, payload } = this.invitation(id);
    this.add(roomId, [this.people.self.id], payload.inviterId);
  }

  #checkFriends(ids: readonly string[]): void {
    for (const id of ids) {
      if (!this.people.get(id).friend) {
        throw new Error(`${id} is not a friend, so the bot cannot bring them into a room`);
      }
    }
  }

  #tellJoin(room: RoomRecord, inviteeIds: readonly string[], inviterId: string): void {
    this.#tell(room, 'room-join', {
      inviteeIdList: [...inviteeIds],
      inviterId: this.#actor(inviterId),
      roomId: room.id,
      timestamp: Date.now(),
    });
  }

  #tell(room: RoomRecord, ...[event, payload]: RoomEvent): void {
    if (room.hasBot) {
      this.wire.forget(types.Dirty.Room, room.id);
      this.wire.tell(event, payload);
    }
  }

  #change(roomId: string, changerId: string): { changerId: string; roomId: string; timestamp: number } {
    return { changerId: this.#actor(changerId), roomId, timestamp: Date.now() };
  }

  #actor(id: string): string {
    return this.faults().noInviter ? NOBODY : id;
  }
}

type RoomEvent =
  | ['room-join', payloads.EventRoomJoin]
  | ['room-topic', payloads.EventRoomTopic]
  | ['room-announce', payloads.EventRoomAnnounce];
