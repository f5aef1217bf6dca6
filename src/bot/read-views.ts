/**
 * Reads the views out of payloads. Puppets are programs of others, so nothing they hand over is trusted to have
 * the promised type.
 */
import * as PUPPET from 'wechaty-puppet';
import type { ContactView, MemberView, MessageView, RoomView } from './views';

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

/** Leaves out what is absent, so that JSON stays short. */
function present<T extends object>(fields: T): Partial<T> {
  const kept: Partial<T> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined || value === null || value === '') continue;
    if (!Array.isArray(value) || value.length > 0) kept[name] = value;
  }
  return kept;
}

/** The view of a contact's payload; `id` stands in where the payload is damaged. */
export function contactView(id: string, payload?: Partial<PUPPET.payloads.Contact> | null): ContactView {
  const source = payload ?? {};
  return {
    id: text(source.id) || id,
    name: text(source.name),
    alias: text(source.alias),
    friend: source.friend === true,
    type: nameOf(PUPPET.types.Contact, source.type) as ContactView['type'],
    gender: nameOf(PUPPET.types.ContactGender, source.gender) as ContactView['gender'],
    ...present({
      avatar: text(source.avatar),
      city: text(source.city),
      province: text(source.province),
      signature: text(source.signature),
      star: source.star,
      handle: text(source.handle) || text((source as { weixin?: unknown }).weixin),
      phone: texts(source.phone),
      corporation: text(source.corporation),
      title: text(source.title),
      description: text(source.description),
    }),
  };
}

/** The view of a room's payload. */
export function roomView(id: string, payload?: Partial<PUPPET.payloads.Room> | null): RoomView {
  const source = payload ?? {};
  return {
    id: text(source.id) || id,
    topic: text(source.topic),
    memberCount: Array.isArray(source.memberIdList) ? source.memberIdList.length : 0,
    ...present({
      ownerId: text(source.ownerId),
      adminIds: texts(source.adminIdList),
      avatar: text(source.avatar),
      external: source.external,
    }),
  };
}

/** The view of a room member's payload. */
export function memberView(id: string, payload?: Partial<PUPPET.payloads.RoomMember> | null): MemberView {
  const source = payload ?? {};
  return {
    id: text(source.id) || id,
    name: text(source.name),
    roomAlias: text(source.roomAlias),
    ...present({ avatar: text(source.avatar), inviterId: text(source.inviterId) }),
  };
}

/** Who talks to whom in a message; empty where there is nobody. */
export interface MessageParties {
  readonly talkerId: string;
  readonly listenerId: string;
  readonly roomId: string;
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
  const filename = text(payload.filename);
  return {
    id: text(payload.id) || id,
    type: nameOf(PUPPET.types.Message, payload.type) as MessageView['type'],
    text: text(payload.text),
    timestamp: milliseconds(payload.timestamp),
    self: messageParties(payload).talkerId === selfId,
    mentionIds,
    mentionsSelf: mentionIds.includes(selfId),
    ...(filename ? { filename } : {}),
  };
}
