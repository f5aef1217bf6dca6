import { type payloads, throwUnsupportedError } from 'wechaty-puppet';

import { SimulatedMessages } from './messages';

/** A Wechaty puppet whose WeChat is a small world in memory. */
export class PuppetSimulator extends SimulatedMessages {
  override friendshipAccept = throwUnsupportedError;
  override friendshipAdd = throwUnsupportedError;
  override friendshipSearchPhone = throwUnsupportedError;
  override friendshipSearchHandle = throwUnsupportedError;
  override friendshipRawPayload = throwUnsupportedError;
  override friendshipRawPayloadParser = throwUnsupportedError;
  override roomInvitationAccept = throwUnsupportedError;
  override roomInvitationRawPayload = throwUnsupportedError;
  override roomInvitationRawPayloadParser = throwUnsupportedError;
  override roomAdd = throwUnsupportedError;
  override roomAvatar = throwUnsupportedError;
  override roomCreate = throwUnsupportedError;
  override roomDel = throwUnsupportedError;
  override roomQRCode = throwUnsupportedError;
  override roomQuit = throwUnsupportedError;
  override roomTopic = throwUnsupportedError;
  override roomAnnounce = throwUnsupportedError;
  override messageSendPost = throwUnsupportedError;
  override postPublish = throwUnsupportedError;
  override postSearch = throwUnsupportedError;
  override postRawPayload = throwUnsupportedError;
  override postRawPayloadParser = throwUnsupportedError;
  override tap = throwUnsupportedError;
  override tapSearch = throwUnsupportedError;

  override roomList(): Promise<string[]> {
    return this.perform('roomList', () =>
      [...this.wechat.rooms.all()].filter(({ known }) => known).map(({ id }) => id),
    );
  }

  override roomMemberList(roomId: string): Promise<string[]> {
    return this.perform('roomMemberList', () => [...this.wechat.rooms.get(roomId).memberIds]);
  }

  override roomRawPayload(roomId: string): Promise<payloads.Room> {
    return this.perform('roomRawPayload', () => this.wechat.rooms.get(roomId).payload());
  }

  override roomRawPayloadParser(rawPayload: payloads.Room): Promise<payloads.Room> {
    return Promise.resolve(this.payload(rawPayload));
  }

  override roomMemberRawPayload(roomId: string, contactId: string): Promise<payloads.RoomMember> {
    return this.perform('roomMemberRawPayload', () => {
      const { name } = this.wechat.people.get(contactId);
      return {
        id: contactId,
        name,
        avatar: '',
        roomAlias: this.wechat.rooms.get(roomId).aliases.get(contactId),
      };
    });
  }

  override roomMemberRawPayloadParser(rawPayload: payloads.RoomMember): Promise<payloads.RoomMember> {
    return Promise.resolve(this.payload(rawPayload));
  }
}
