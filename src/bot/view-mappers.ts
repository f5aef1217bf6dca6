/**
 * Reads the views out of payloads. Puppets are programs of others, so nothing they hand over is trusted to have
 * the promised type.
 */
import * as PUPPET from 'wechaty-puppet';
import type { ContactView, MemberView, MessageView, RoomView } from './views';

/** What a puppet remembers, without the promises and the time limit of a call; nothing where its memory is broken. */
export function cached<T>(look: () => T | undefined): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** A text, or an empty one where a puppet gave something else. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The texts in a list, or none where a puppet gave something else. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** Wechaty allows seconds and milliseconds; anything before September 2001 in ms can only be seconds. */
export function milliseconds(timestamp: unknown): number {
  const value = Number(timestamp);
  if (!Number.isFinite(value) || value <= 0) return Date.now();
  return Math.round(value < 1e12 ? value * 1000 : value);
}

/** The word for a number of one of Wechaty's enumerations, which know 0 as Unknown. */
function nameOf(enumeration: Readonly<Record<number, string>>, value: unknown): string {
  return (typeof value === 'number' ? enumeration[value] : undefined) ?? 'Unknown';
}

/** A view that is being made: what is absent stays out, so that JSON stays short. */
type Unfinished<View> = { -readonly [Field in keyof View]: View[Field] };

/**
 * The view of a contact's payload; `id` stands in where the payload is damaged. Field by field, as the other views
 * are, because this runs for every message and copying objects is several times as slow.
 */
export function contactView(id: string, payload?: Partial<PUPPET.payloads.Contact> | null): ContactView {
  const source = payload ?? {};
  const view: Unfinished<ContactView> = {
    id: text(source.id) || id,
    name: text(source.name),
    alias: text(source.alias),
    friend: source.friend === true,
    type: nameOf(PUPPET.types.Contact, source.type) as ContactView['type'],
    gender: nameOf(PUPPET.types.ContactGender, source.gender) as ContactView['gender'],
  };
  for (const field of optionalTexts) {
    const value = text(source[field]);
    if (value) view[field] = value;
  }
  const handle = text(source.handle) || text((source as { weixin?: unknown }).weixin);
  if (handle) view.handle = handle;
  if (typeof source.star === 'boolean') view.star = source.star;
  const phone = texts(source.phone);
  if (phone.length > 0) view.phone = phone;
  return view;
}

const optionalTexts = [
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
  const view: Unfinished<RoomView> = {
    id: text(source.id) || id,
    topic: text(source.topic),
    memberCount: Array.isArray(source.memberIdList) ? source.memberIdList.length : 0,
  };
  const ownerId = text(source.ownerId);
  if (ownerId) view.ownerId = ownerId;
  const adminIds = texts(source.adminIdList);
  if (adminIds.length > 0) view.adminIds = adminIds;
  const avatar = text(source.avatar);
  if (avatar) view.avatar = avatar;
  if (typeof source.external === 'boolean') view.external = source.external;
  return view;
}

/** The view of a room member's payload. */
export function memberView(id: string, payload?: Partial<PUPPET.payloads.RoomMember> | null): MemberView {
  const source = payload ?? {};
  const view: Unfinished<MemberView> = {
    id: text(source.id) || id,
    name: text(source.name),
    roomAlias: text(source.roomAlias),
  };
  const avatar = text(source.avatar);
  if (avatar) view.avatar = avatar;
  const inviterId = text(source.inviterId);
  if (inviterId) view.inviterId = inviterId;
  return view;
}

/** Who talks to whom in a message; empty where there is nobody. */
export interface MessageParties {
  readonly talkerId: string;
  readonly listenerId: string;
  readonly roomId: string;
}

/** The id of the room, or of the person the account talks with. */
export function conversationOf({ roomId, talkerId, listenerId }: MessageParties, selfId: string): string {
  return roomId || (talkerId === selfId ? listenerId : talkerId);
}

/** A message's payload as puppets really give it: old puppets still use the names of Wechaty 0.x. */
export type LooseMessage = Partial<
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
    | 'mentionIdList',
    unknown
  >
>;

/** The ids in a message's payload. */
export function messageParties(payload: LooseMessage): MessageParties {
  return {
    talkerId: text(payload.talkerId) || text(payload.fromId),
    listenerId: text(payload.listenerId) || text(payload.toId),
    roomId: text(payload.roomId),
  };
}

/** The view of a message's payload. */
export function messageView(id: string, payload: LooseMessage, selfId: string): MessageView {
  const mentionIds = texts(payload.mentionIdList);
  const view: Unfinished<MessageView> = {
    id: text(payload.id) || id,
    type: nameOf(PUPPET.types.Message, payload.type) as MessageView['type'],
    text: text(payload.text),
    timestamp: milliseconds(payload.timestamp),
    self: messageParties(payload).talkerId === selfId,
    mentionIds,
    mentionsSelf: mentionIds.includes(selfId),
  };
  const filename = text(payload.filename);
  if (filename) view.filename = filename;
  return view;
}
