import type { FileBoxInterface } from 'file-box';
import type { payloads } from 'wechaty-puppet';

import { drawAvatar } from '../avatar';
import { fileBoxOf } from './file';
import { SimulatedMessages } from './messages';

function toList(ids: string | string[]): string[] {
  return typeof ids === 'string' ? [ids] : ids;
}

/** Puppet methods of rooms, members and room invitations. */
export abstract class SimulatedRooms extends SimulatedMessages {
  override roomList(): Promise<string[]> {
    return this.perform('roomList', () => this.wechat.rooms.idsWithBot());
  }

  override roomRawPayload(roomId: string): Promise<payloads.Room> {
    return this.perform('roomRawPayload', () => this.wechat.membership.visibleRoom(roomId).payload);
  }

  override roomRawPayloadParser(rawPayload: payloads.Room): Promise<payloads.Room> {
    return Promise.resolve(this.payload(rawPayload));
  }

  override roomMemberList(roomId: string): Promise<string[]> {
    return this.perform('roomMemberList', () => [...this.wechat.membership.visibleRoom(roomId).memberIds]);
  }

  override roomMemberRawPayload(roomId: string, contactId: string): Promise<payloads.RoomMember> {
    return this.perform('roomMemberRawPayload', () =>
      this.wechat.membership.memberPayload(roomId, contactId),
    );
  }

  override roomMemberRawPayloadParser(rawPayload: payloads.RoomMember): Promise<payloads.RoomMember> {
    return Promise.resolve(this.payload(rawPayload));
  }

  override roomCreate(contactIds: string[], topic?: string): Promise<string> {
    return this.perform('roomCreate', () => this.wechat.membership.create(contactIds, topic ?? '').id);
  }

  override roomAdd(roomId: string, contactId: string | string[], inviteOnly?: boolean): Promise<void> {
    return this.perform('roomAdd', () => {
      if (inviteOnly) {
        this.wechat.membership.sendInvitations(roomId, toList(contactId));
      } else {
        this.wechat.membership.add(roomId, toList(contactId), this.currentUserId);
      }
    });
  }

  override roomDel(roomId: string, contactId: string | string[]): Promise<void> {
    return this.perform('roomDel', () => {
      const contactIds = toList(contactId);
      if (contactIds.includes(this.currentUserId)) {
        throw new Error('the bot cannot remove itself from a room: quit it instead');
      }
      this.wechat.membership.remove(roomId, contactIds, this.currentUserId);
    });
  }

  override roomQuit(roomId: string): Promise<void> {
    return this.perform('roomQuit', () => {
      this.wechat.membership.remove(roomId, [this.currentUserId], this.currentUserId);
    });
  }

  override roomTopic(roomId: string): Promise<string>;
  override roomTopic(roomId: string, topic: string): Promise<void>;
  override roomTopic(roomId: string, topic?: string): Promise<unknown> {
    return this.perform('roomTopic', () => {
      if (topic === undefined) {
        return this.wechat.membership.visibleRoom(roomId).topic;
      }
      this.wechat.membership.rename(roomId, topic, this.currentUserId);
      return undefined;
    });
  }

  override roomAnnounce(roomId: string): Promise<string>;
  override roomAnnounce(roomId: string, text: string): Promise<void>;
  override roomAnnounce(roomId: string, text?: string): Promise<unknown> {
    return this.perform('roomAnnounce', () => {
      if (text === undefined) {
        return this.wechat.membership.roomWithMember(roomId, this.currentUserId).announcement;
      }
      this.wechat.membership.announce(roomId, text, this.currentUserId);
      return undefined;
    });
  }

  override roomAvatar(roomId: string): Promise<FileBoxInterface> {
    return this.perform('roomAvatar', () => {
      const { topic } = this.wechat.membership.visibleRoom(roomId);
      return fileBoxOf(...drawAvatar(roomId, topic));
    });
  }

  override roomQRCode(roomId: string): Promise<string> {
    return this.perform('roomQRCode', () => {
      this.wechat.membership.roomWithMember(roomId, this.currentUserId);
      return `https://weixin.qq.com/g/${roomId.replace('@chatroom', '')}`;
    });
  }

  override roomInvitationAccept(invitationId: string): Promise<void> {
    return this.perform('roomInvitationAccept', () => {
      this.wechat.membership.acceptInvitation(invitationId);
    });
  }

  override roomInvitationRawPayload(invitationId: string): Promise<payloads.RoomInvitation> {
    return this.perform(
      'roomInvitationRawPayload',
      () => this.wechat.membership.invitation(invitationId).payload,
    );
  }

  override roomInvitationRawPayloadParser(
    rawPayload: payloads.RoomInvitation,
  ): Promise<payloads.RoomInvitation> {
    return Promise.resolve(this.payload(rawPayload));
  }
}
