/** Resolves the contacts, rooms and members that parameters refer to. */
import type { payloads } from 'wechaty-puppet';
import type { Account } from '../bot/account';
import { WechatError } from '../bot/errors';
import { isPattern } from '../bot/pattern';
import type { MemberView } from '../bot/views';
import { splitNames } from '../util/name-list';
import { requireParam, toList } from './shared-schemas';

/** The contact that `contactRef` identifies. @throws WechatError INVALID_PARAMS, NOT_FOUND */
export function resolveContact(
  account: Account,
  { id, contactId }: { id?: string; contactId?: string },
): Promise<payloads.Contact> {
  return account.contacts.findOne(requireParam('id', id, contactId));
}

/** The room that `roomRef` identifies. @throws WechatError INVALID_PARAMS, NOT_FOUND */
export function resolveRoom(
  account: Account,
  { id, roomId, topic }: { id?: string; roomId?: string; topic?: string },
): Promise<payloads.Room> {
  return account.rooms.findOne(requireParam('id', id, roomId, topic));
}

/** The members of a room with this id, room alias or name, else those whose contact has this alias. */
export async function resolveMembers(account: Account, roomId: string, query: string): Promise<MemberView[]> {
  const found = await account.members.find(roomId, query);
  if (found.length > 0) return found;
  const contacts = await account.contacts.find(query);
  const ids = new Set(contacts.length > 0 ? await account.members.ids(roomId) : []);
  const known = contacts.filter(({ id }) => ids.has(id));
  return Promise.all(known.map(({ id }) => account.members.get(roomId, id)));
}

/** The only member that matches. @throws WechatError NOT_FOUND, or INVALID_PARAMS when there are several. */
export async function resolveMember(account: Account, roomId: string, query: string): Promise<MemberView> {
  const [first, ...others] = await resolveMembers(account, roomId, query);
  if (!first) throw new WechatError('NOT_FOUND', 'memberNotFound', { query, room: roomId });
  if (others.length === 0) return first;
  const ids = [first, ...others].map(({ id }) => id);
  throw new WechatError('INVALID_PARAMS', 'memberAmbiguous', {
    query,
    count: ids.length,
    ids: ids.join(', '),
  });
}

/** The ids of the contacts or, if there are none, rooms that match a query. @throws WechatError NOT_FOUND, INVALID_PARAMS */
export async function resolveRecipients(account: Account, query: string): Promise<string[]> {
  const { contacts, rooms } = account;
  const both = looksLikeRoom(query) ? ([rooms, contacts] as const) : ([contacts, rooms] as const);
  const found: string[] = [];
  for (const directory of both) {
    found.push(...((await orUndefined(directory.findEachId(query))) ?? []));
    if (found.length > 0 && !isPattern(query)) break;
  }
  if (found.length === 0) throw new WechatError('NOT_FOUND', 'recipientNotFound', { query });
  return found;
}

/** Room ids of WeChat and of its web version. Only decides which directory is searched first. */
function looksLikeRoom(query: string): boolean {
  return query.endsWith('chatroom') || query.startsWith('@@');
}

/** The payload of a puppet call; FAILED is read as not found, because puppets do not tell the two apart. */
export async function orNotFound<Found>(call: Promise<Found>, notFound: () => WechatError): Promise<Found> {
  try {
    return await call;
  } catch (error) {
    throw error instanceof WechatError && error.code === 'FAILED' ? notFound() : error;
  }
}

/** Names as parameters give them: a text, which may name several, or a list, whose entries name one each. */
export type Names = string | readonly string[] | undefined;

/** Whether parameters name anything. */
export function isNamed(parameters: readonly Names[]): boolean {
  return toList(...parameters).some((name) => name.trim() !== '');
}

/**
 * The single names in parameters. A text is one name, if there is one of exactly this name, or else the names between
 * its commas and semicolons: `Sales, East` is the room of this name, if there is one. Nothing may be done for some
 * parts only, so all of them must exist.
 * @param find resolves one name. @throws WechatError NOT_FOUND when there is none
 * @throws WechatError as `find` does, for a part of a text
 */
export async function singleNames(
  parameters: readonly Names[],
  find: (name: string) => Promise<unknown>,
): Promise<string[]> {
  const names = await Promise.all(
    parameters.map(async (parameter = []): Promise<readonly string[]> => {
      if (typeof parameter !== 'string') return parameter;
      const parts = splitNames(parameter);
      const [only] = parts;
      if (parts.length === 1 && only === parameter) return parts;
      if (parameter.trim() !== '' && (await orUndefined(find(parameter.trim()))) !== undefined) {
        return [parameter.trim()];
      }
      if (parts.length > 1) await Promise.all(parts.map(find));
      return parts;
    }),
  );
  return toList(...names);
}

/** Undefined where there is nothing of a name. */
async function orUndefined<Found>(search: Promise<Found>): Promise<Found | undefined> {
  try {
    return await search;
  } catch (error) {
    if (error instanceof WechatError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
