/**
 * Contacts, rooms and messages on the wire: `{id, payload}` with Wechaty's enum values as of the protocol's first version.
 * The numbers are part of the protocol and must not change with Wechaty.
 */
import type { ContactView, MemberView, MessageTypeName, MessageView, RoomView } from '../../../bot/views';

/** Wire numbers of contact types. */
export const contactTypes: Readonly<Record<ContactView['type'], number>> = {
  Unknown: 0,
  Individual: 1,
  Official: 2,
  Corporation: 3,
};

/** Wire numbers of genders. */
export const genders: Readonly<Record<ContactView['gender'], number>> = { Unknown: 0, Male: 1, Female: 2 };

/** Wire numbers of message types. */
export const messageTypes: Readonly<Record<MessageTypeName, number>> = {
  Unknown: 0,
  Attachment: 1,
  Audio: 2,
  Contact: 3,
  ChatHistory: 4,
  Emoticon: 5,
  Image: 6,
  Text: 7,
  Location: 8,
  MiniProgram: 9,
  GroupNote: 10,
  Transfer: 11,
  RedEnvelope: 12,
  Recalled: 13,
  Url: 14,
  Video: 15,
  Post: 16,
};

/** Wire numbers of scan statuses. */
export const scanStatuses: Readonly<Record<string, number>> = {
  Unknown: 0,
  Cancel: 1,
  Waiting: 2,
  Scanned: 3,
  Confirmed: 4,
  Timeout: 5,
};

/** Wire numbers of friendship types. */
export const friendshipTypes: Readonly<Record<string, number>> = {
  Unknown: 0,
  Confirm: 1,
  Receive: 2,
  Verify: 3,
};

/** Wire numbers of the payload types of `dirty` events. */
export const dirtyTypes: Readonly<Record<string, number>> = {
  Unspecified: 0,
  Message: 1,
  Contact: 2,
  Room: 3,
  RoomMember: 4,
  Friendship: 5,
  Post: 6,
};

/** An object with an id, in Wechaty's JSON format. */
export interface WechatyJson {
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Talker, listener and room of a message; an empty id for none. */
export interface Parties {
  readonly talkerId: string;
  readonly listenerId: string;
  readonly roomId: string;
}

/** Maps a contact. Listing all fields is several times as fast as copying the existing ones; JSON omits `undefined`. */
export function contactJson(contact: ContactView): WechatyJson {
  const { id, name, alias, friend, type, gender } = contact;
  return {
    id,
    payload: {
      avatar: contact.avatar ?? '',
      phone: contact.phone ?? [],
      star: contact.star ?? false,
      name,
      alias,
      friend,
      city: contact.city,
      province: contact.province,
      signature: contact.signature,
      handle: contact.handle,
      corporation: contact.corporation,
      title: contact.title,
      description: contact.description,
      id,
      gender: genders[gender],
      type: contactTypes[type],
    },
  };
}

/** Maps a contact or `null`. */
export function contactOrNull(contact: ContactView | null): WechatyJson | null {
  return contact && contactJson(contact);
}

/** Maps a room. Member ids are included only when they were requested. */
export function roomJson(room: RoomView & { readonly memberIds?: readonly string[] }): WechatyJson {
  const { id, topic, ownerId = '', adminIds = [], avatar = '', external = false, memberIds } = room;
  return {
    id,
    payload: {
      adminIdList: adminIds,
      avatar,
      external,
      id,
      memberIdList: memberIds,
      ownerId,
      topic,
    },
  };
}

/** Maps a room member to the format of a contact. @param contact the member's contact, if it is known. */
export function memberJson(member: MemberView, contact: ContactView | null): WechatyJson {
  const { id, name, roomAlias, avatar, inviterId } = member;
  const contactFields = contact
    ? contactJson(contact).payload
    : { alias: '', friend: false, phone: [], type: 1 };
  return {
    id,
    payload: {
      ...contactFields,
      id,
      name,
      roomAlias,
      ...(avatar ? { avatar } : {}),
      ...(inviterId ? { inviterId } : {}),
    },
  };
}

/** Maps a message. Its wire timestamp is in seconds. */
export function messageJson(message: MessageView, { talkerId, listenerId, roomId }: Parties): WechatyJson {
  const { id, text, type, timestamp, mentionIds, mentionsSelf, mentionsAll, filename } = message;
  return {
    id,
    payload: {
      id,
      talkerId,
      listenerId: listenerId || undefined,
      text,
      timestamp: Math.floor(timestamp / 1000),
      type: messageTypes[type],
      roomId: roomId || undefined,
      mentionIdList: mentionIds,
      mentionsSelf,
      mentionsAll,
      textWithoutMentions: message.textWithoutMentions,
      filename,
    },
  };
}
