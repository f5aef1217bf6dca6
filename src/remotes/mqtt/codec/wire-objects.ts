/**
 * Contacts, rooms and messages in the form this protocol has them: `{id, payload}` with the numbers that Wechaty had
 * when the protocol was made. The numbers are part of the protocol and must not change with Wechaty.
 */
import type { ContactView, MemberView, MessageTypeName, MessageView, RoomView } from '../../../bot/views';

/** The numbers of the kinds of contacts. */
export const contactTypes: Readonly<Record<ContactView['type'], number>> = {
  Unknown: 0,
  Individual: 1,
  Official: 2,
  Corporation: 3,
};

/** The numbers of genders. */
export const genders: Readonly<Record<ContactView['gender'], number>> = { Unknown: 0, Male: 1, Female: 2 };

/** The numbers of the kinds of messages. */
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

/** The numbers of what happens to a QR code. */
export const scanStatuses: Readonly<Record<string, number>> = {
  Unknown: 0,
  Cancel: 1,
  Waiting: 2,
  Scanned: 3,
  Confirmed: 4,
  Timeout: 5,
};

/** The numbers of the kinds of friendship events. */
export const friendshipTypes: Readonly<Record<string, number>> = {
  Unknown: 0,
  Confirm: 1,
  Receive: 2,
  Verify: 3,
};

/** The numbers of what can become outdated. */
export const dirtyTypes: Readonly<Record<string, number>> = {
  Unspecified: 0,
  Message: 1,
  Contact: 2,
  Room: 3,
  RoomMember: 4,
  Friendship: 5,
  Post: 6,
};

/** Something with an id, the way Wechaty writes its objects as JSON. */
export interface WechatyJson {
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Who said something, to whom and where; empty where there is nobody. */
export interface Parties {
  readonly talkerId: string;
  readonly listenerId: string;
  readonly roomId: string;
}

/** A contact. All fields by name, which is several times as quick as copying what is there; JSON leaves out the rest. */
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

/** A contact, if there is one. */
export function contactOrNull(contact: ContactView | null): WechatyJson | null {
  return contact && contactJson(contact);
}

/** A room; of its members only the ids, and only where they were asked for. */
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

/** A member of a room, who looks like a contact; `contact` is what is known of the person, if anything. */
export function memberJson(member: MemberView, contact: ContactView | null): WechatyJson {
  const { id, name, roomAlias, avatar, inviterId } = member;
  const known = contact ? contactJson(contact).payload : { alias: '', friend: false, phone: [], type: 1 };
  return {
    id,
    payload: {
      ...known,
      id,
      name,
      roomAlias,
      ...(avatar ? { avatar } : {}),
      ...(inviterId ? { inviterId } : {}),
    },
  };
}

/** A message; its time is in seconds. */
export function messageJson(message: MessageView, { talkerId, listenerId, roomId }: Parties): WechatyJson {
  const { id, text, type, timestamp, mentionIds, filename } = message;
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
      filename,
    },
  };
}
