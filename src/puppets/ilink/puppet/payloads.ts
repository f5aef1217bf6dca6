/** From stored messages to Wechaty's payloads. */
import { type payloads, types } from 'wechaty-puppet';
import type { MessageKind, Quote, StoredMessage } from '../bindings/records';

const messageTypes: Readonly<Record<MessageKind, types.Message>> = {
  text: types.Message.Text,
  image: types.Message.Image,
  voice: types.Message.Audio,
  file: types.Message.Attachment,
  video: types.Message.Video,
  other: types.Message.Unknown,
};

/** A payload with the quoted message, for which Wechaty has no field. */
export type MessagePayload = payloads.Message & { readonly quote?: Quote };

/** The payload of a message. */
export function messagePayload(message: StoredMessage, selfId: string): MessagePayload {
  const { id, userId, isOwn, kind, text, timestamp, fileName, quote } = message;
  return {
    id,
    type: messageTypes[kind],
    text,
    timestamp,
    talkerId: isOwn ? selfId : userId,
    listenerId: isOwn ? userId : selfId,
    ...(fileName === undefined ? {} : { filename: fileName }),
    ...(quote ? { quote } : {}),
  };
}

/** The payload of a person, or of the bot. @param alias the name that was given here; empty: none */
export function contactPayload(id: string, alias: string, isFriend: boolean): payloads.Contact {
  return {
    id,
    name: id.split('@')[0]?.slice(0, 10) ?? id,
    alias,
    avatar: '',
    gender: types.ContactGender.Unknown,
    type: types.Contact.Individual,
    friend: isFriend,
    phone: [],
  };
}
