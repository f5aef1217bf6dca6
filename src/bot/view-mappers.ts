/** Maps puppet payloads to views. Puppets are third-party code: no field is trusted to have its declared type. */
import * as PUPPET from 'wechaty-puppet';
import { fileHelperId } from './file-helper';
import { decodeEmojiElements, decodeHtmlText } from '../util/html-text';
import { mentionsEveryone, mentionsOneOf, withoutMentions } from './mentions';
import { isObject } from '../util/is-object';
import type { ContactView, MemberView, MessageView, RoomView } from './views';

/** Reads a puppet's cache without the promises and the timeout of a call; undefined when that throws. */
export function fromCache<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The value if it is a string, else an empty string. */
export function asString(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A name, alias or topic, in characters; empty if it is not a string. */
export function asName(value: unknown): string {
  return decodeHtmlText(asString(value));
}

/** The strings in a list; empty for anything but a list. */
export function asStrings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** Wechaty allows seconds and milliseconds; anything before September 2001 in ms can only be seconds. */
export function toMilliseconds(timestamp: unknown): number {
  const value = Number(timestamp);
  if (!Number.isFinite(value) || value <= 0) return Date.now();
  return Math.round(value < 1e12 ? value * 1000 : value);
}

/** The name of a value of one of Wechaty's enumerations, in which 0 is Unknown. */
function enumName(enumeration: Readonly<Record<number, string>>, value: unknown): string {
  return (typeof value === 'number' ? enumeration[value] : undefined) ?? 'Unknown';
}

/** A view under construction; absent fields are left out, so that JSON stays short. */
type Mutable<View> = { -readonly [Field in keyof View]: View[Field] };

/**
 * The view of a contact's payload; `id` is used when the payload has none. Assigned field by field, like the other
 * views: this runs for every message, and copying objects is several times slower.
 */
export function contactView(id: string, payload?: Partial<PUPPET.payloads.Contact> | null): ContactView {
  const source = payload ?? {};
  const view: Mutable<ContactView> = {
    id: asString(source.id) || id,
    name: asName(source.name),
    alias: asName(source.alias),
    friend: source.friend === true && id !== fileHelperId,
    type: enumName(PUPPET.types.Contact, source.type) as ContactView['type'],
    gender: enumName(PUPPET.types.ContactGender, source.gender) as ContactView['gender'],
  };
  for (const field of optionalStringFields) {
    const value = asString(source[field]);
    if (value) view[field] = value;
  }
  const handle = asString(source.handle) || asString((source as { weixin?: unknown }).weixin);
  if (handle) view.handle = handle;
  if (typeof source.star === 'boolean') view.star = source.star;
  const phone = asStrings(source.phone);
  if (phone.length > 0) view.phone = phone;
  return view;
}

const optionalStringFields = [
  'avatar',
  'city',
  'province',
  'signature',
  'corporation',
  'title',
  'description',
] as const;

/** The view of a room's payload. */
export function roomView(id: string, payload?: Partial<PUPPET.payloads.Room> | null): RoomView {
  const source = payload ?? {};
  const view: Mutable<RoomView> = {
    id: asString(source.id) || id,
    topic: asName(source.topic),
    memberCount: Array.isArray(source.memberIdList) ? source.memberIdList.length : 0,
  };
  const ownerId = asString(source.ownerId);
  if (ownerId) view.ownerId = ownerId;
  const adminIds = asStrings(source.adminIdList);
  if (adminIds.length > 0) view.adminIds = adminIds;
  const avatar = asString(source.avatar);
  if (avatar) view.avatar = avatar;
  if (typeof source.external === 'boolean') view.external = source.external;
  return view;
}

/** The view of a room member's payload. */
export function memberView(id: string, payload?: Partial<PUPPET.payloads.RoomMember> | null): MemberView {
  const source = payload ?? {};
  const view: Mutable<MemberView> = {
    id: asString(source.id) || id,
    name: asName(source.name),
    roomAlias: asName(source.roomAlias),
  };
  const avatar = asString(source.avatar);
  if (avatar) view.avatar = avatar;
  const inviterId = asString(source.inviterId);
  if (inviterId) view.inviterId = inviterId;
  return view;
}

/** Talker, listener and room of a message; absent ids are empty. */
export interface MessageParties {
  readonly talkerId: string;
  readonly listenerId: string;
  readonly roomId: string;
}

/** The id of the room, or of the contact at the other end. */
export function conversationOf({ roomId, talkerId, listenerId }: MessageParties, selfId: string): string {
  return roomId || (talkerId === selfId ? listenerId : talkerId);
}

/** A message's payload as puppets return it: old ones still use the field names of Wechaty 0.x. */
export type RawMessagePayload = Partial<
  Record<
    | 'id'
    | 'type'
    | 'text'
    | 'timestamp'
    | 'filename'
    | 'talkerId'
    | 'listenerId'
    | 'roomId'
    | 'fromId'
    | 'toId'
    | 'mentionIdList'
    | 'quote',
    unknown
  >
>;

/** The ids in a message's payload. */
export function messageParties(payload: RawMessagePayload): MessageParties {
  return {
    talkerId: asString(payload.talkerId) || asString(payload.fromId),
    listenerId: asString(payload.listenerId) || asString(payload.toId),
    roomId: asString(payload.roomId),
  };
}

/** The ids by which puppets return a mention of everyone. */
const everyoneIds = new Set(['@all', 'notify@all', 'announcement@all']);

/** Whether a message may contain mentions: those in its text need the names of the bot. */
export function mayMention(payload: RawMessagePayload): boolean {
  return (
    payload.type === PUPPET.types.Message.Text &&
    messageParties(payload).roomId !== '' &&
    asString(payload.text).includes('@')
  );
}

/** Whether the room alias of the bot is needed to read the mentions in a message: the puppet does not return ids. */
export function needsSelfAlias(payload: RawMessagePayload, selfId: string): boolean {
  return (
    mayMention(payload) &&
    messageParties(payload).talkerId !== selfId &&
    asStrings(payload.mentionIdList).length === 0
  );
}

/**
 * The view of a message's payload.
 * @param selfNames the names by which the bot can be mentioned in the room.
 */
export function messageView(
  id: string,
  payload: RawMessagePayload,
  selfId: string,
  selfNames: readonly string[] = [],
): MessageView {
  const isText = payload.type === PUPPET.types.Message.Text;
  const text = isText ? decodeEmojiElements(asString(payload.text)) : asString(payload.text);
  const { talkerId } = messageParties(payload);
  const listedIds = asStrings(payload.mentionIdList);
  const hasMarks = mayMention(payload);
  const mentionsAll =
    listedIds.some((listed) => everyoneIds.has(listed)) || (hasMarks && mentionsEveryone(text));
  const isMentioned =
    talkerId !== selfId &&
    !listedIds.includes(selfId) &&
    (mentionsAll || (hasMarks && mentionsOneOf(text, selfNames)));
  const mentionIds = isMentioned ? [...listedIds, selfId] : listedIds;
  const view: Mutable<MessageView> = {
    id: asString(payload.id) || id,
    type: enumName(PUPPET.types.Message, payload.type) as MessageView['type'],
    text,
    timestamp: toMilliseconds(payload.timestamp),
    self: talkerId === selfId,
    mentionIds,
    mentionsSelf: mentionIds.includes(selfId),
    mentionsAll,
  };
  if (isText) view.textWithoutMentions = hasMarks ? withoutMentions(text, selfNames) : text;
  const filename = asString(payload.filename);
  if (filename) view.filename = filename;
  if (isObject(payload.quote)) {
    const { id: quotedId, text, talkerId } = payload.quote;
    view.quote = { id: asString(quotedId), text: asString(text), talker: asString(talkerId) };
  }
  return view;
}
