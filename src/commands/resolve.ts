/** Finds what the parameters of a command name. */
import type { payloads } from 'wechaty-puppet';
import type { Account } from '../bot/account';
import { WechatError } from '../bot/errors';
import { parsePattern } from '../bot/directory/pattern';
import type { MemberView } from '../bot/views';
import { needed } from './shared-schemas';

/** The contact a command is about. @throws WechatError INVALID_PARAMS, NOT_FOUND */
export function contactIn(
  account: Account,
  { id, contactId }: { id?: string; contactId?: string },
): Promise<payloads.Contact> {
  return account.contacts.one(needed('id', id, contactId));
}

/** The room a command is about. @throws WechatError INVALID_PARAMS, NOT_FOUND */
export function roomIn(
  account: Account,
  { id, roomId, topic }: { id?: string; roomId?: string; topic?: string },
): Promise<payloads.Room> {
  return account.rooms.one(needed('id', id, roomId, topic));
}

/** The members of a room with this id, room alias, name or, last, alias; none when there is none. */
export async function membersNamed(account: Account, roomId: string, query: string): Promise<MemberView[]> {
  const found = await account.members.find(roomId, query);
  if (found.length > 0) return found;
  const contacts = await account.contacts.find(query);
  const ids = new Set(contacts.length > 0 ? await account.members.ids(roomId) : []);
  const known = contacts.filter(({ id }) => ids.has(id));
  return Promise.all(known.map(({ id }) => account.members.one(roomId, id)));
}

/** The one member meant. @throws WechatError NOT_FOUND, or INVALID_PARAMS when there are several. */
export async function memberNamed(account: Account, roomId: string, query: string): Promise<MemberView> {
  const [first, ...others] = await membersNamed(account, roomId, query);
  if (!first) throw new WechatError('NOT_FOUND', 'memberNotFound', { query, room: roomId });
  if (others.length === 0) return first;
  const ids = [first, ...others].map(({ id }) => id);
  throw new WechatError('INVALID_PARAMS', 'memberAmbiguous', {
    query,
    count: ids.length,
    ids: ids.join(', '),
  });
}

/** The ids of the contacts and rooms meant by a query that may mean either. @throws WechatError NOT_FOUND, INVALID_PARAMS */
export async function recipientsNamed(account: Account, query: string): Promise<string[]> {
  const { contacts, rooms } = account;
  const both = looksLikeRoom(query) ? ([rooms, contacts] as const) : ([contacts, rooms] as const);
  const found: string[] = [];
  for (const directory of both) {
    const entries = await orNone<{ readonly id: string }>(directory.each(query));
    found.push(...entries.map(({ id }) => id));
    if (found.length > 0 && !parsePattern(query)) break;
  }
  if (found.length === 0) throw new WechatError('NOT_FOUND', 'recipientNotFound', { query });
  return found;
}

/** Ids of rooms as WeChat and its web version make them. Only decides where to look first. */
function looksLikeRoom(query: string): boolean {
  return query.endsWith('chatroom') || query.startsWith('@@');
}

async function orNone<Found>(search: Promise<Found[]>): Promise<Found[]> {
  try {
    return await search;
  } catch (error) {
    if (error instanceof WechatError && error.code === 'NOT_FOUND') return [];
    throw error;
  }
}

/** What was asked for; a puppet that just fails to give it is taken to say that there is none. */
export async function existing<Found>(asked: Promise<Found>, none: () => WechatError): Promise<Found> {
  try {
    return await asked;
  } catch (error) {
    throw error instanceof WechatError && error.code === 'FAILED' ? none() : error;
  }
}
