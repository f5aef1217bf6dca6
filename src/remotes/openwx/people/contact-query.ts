/** Finds contacts and groups by the attributes of a request. All of them must match, as on a real server. */
import { WechatError } from '../../../bot/errors';
import type { ContactView } from '../../../bot/views';
import type { ResultOf, RunCommand } from '../../../commands/table';
import type { RequestParams } from '../request-params';
import { friendJson, groupJson, matching } from './people';

/** A group with the requested details of its members. */
export type RoomDetails = ResultOf<'roomFindAll'>[number];

/** The parameters that identify a friend. */
export const friendKeys = ['id', 'account', 'displayname', 'markname'] as const;

/** The parameters that identify a group. */
export const groupKeys = ['id', 'displayname'] as const;

/** Those of the named parameters that are not empty. */
export function nonEmptyParams(params: RequestParams, names: readonly string[]): RequestParams {
  const found = names.map((name) => [name, params.get(name) ?? ''] as const);
  return new Map(found.filter(([, value]) => value !== ''));
}

/** The contact with exactly this id. */
export async function contactById(query: RunCommand, id: string): Promise<ContactView | undefined> {
  return requireExactId(id, query('contactFind', { id }));
}

/** The group with exactly this id. */
export async function groupById(
  query: RunCommand,
  id: string,
  members?: 'ids',
): Promise<RoomDetails | undefined> {
  return requireExactId(id, query('roomFind', { id, ...(members ? { members } : {}) }));
}

/** The friend a request identifies. @throws WechatError INVALID_PARAMS when there are several. */
export async function findFriend(query: RunCommand, params: RequestParams): Promise<ContactView | undefined> {
  const attributes = nonEmptyParams(params, friendKeys);
  return requireUnique(await findFriends(query, attributes), attributes, 'contactAmbiguous');
}

/** The group a request identifies. @throws WechatError INVALID_PARAMS when there are several. */
export async function findGroup(query: RunCommand, params: RequestParams): Promise<RoomDetails | undefined> {
  const attributes = nonEmptyParams(params, groupKeys);
  return requireUnique(await findGroups(query, attributes), attributes, 'roomAmbiguous');
}

/** All contacts that match every attribute; none when there is no attribute. */
export async function findFriends(query: RunCommand, attributes: RequestParams): Promise<ContactView[]> {
  if (attributes.size === 0) return [];
  const found = await findCandidates(attributes, ['displayname', 'markname', 'name'], {
    byId: (id) => contactById(query, id),
    all: (search) => query('contactFindAll', search),
  });
  return filterByAttributes(found, friendJson, attributes);
}

/** All groups that match every attribute; none when there is no attribute. */
export async function findGroups(
  query: RunCommand,
  attributes: RequestParams,
  members?: 'full',
): Promise<RoomDetails[]> {
  if (attributes.size === 0) return [];
  const found = await findCandidates(attributes, ['displayname', 'name'], {
    byId: (id) => groupById(query, id),
    all: (search) => query('roomFindAll', search),
  });
  const matches = filterByAttributes(found, groupJson, attributes);
  if (!members) return matches;
  return Promise.all(
    matches.map(async (room) => (await query('roomFind', { id: room.id, members })) ?? room),
  );
}

interface Lookup<View> {
  byId(id: string): Promise<View | undefined>;
  all(search: { readonly query?: string }): Promise<View[]>;
}

/** The smallest set the commands can return that contains all matches. */
async function findCandidates<View>(
  attributes: RequestParams,
  names: readonly string[],
  lookup: Lookup<View>,
): Promise<View[]> {
  const id = attributes.get('id');
  if (id !== undefined) return [await lookup.byId(id)].filter((one) => one !== undefined);
  const name = names.map((key) => attributes.get(key)).find((value) => value !== undefined);
  // Commands take a leading slash for a pattern.
  return lookup.all(name === undefined || name.startsWith('/') ? {} : { query: name });
}

function filterByAttributes<View>(
  found: readonly View[],
  json: (view: View) => object,
  attributes: RequestParams,
): View[] {
  return found.filter((one) => matching([json(one)], attributes).length > 0);
}

/** Commands find contacts by name as well, where this protocol allows only the id. */
async function requireExactId<View extends { readonly id: string }>(
  id: string,
  lookup: Promise<View | null>,
): Promise<View | undefined> {
  try {
    const found = await lookup;
    return found?.id === id ? found : undefined;
  } catch (error) {
    if (error instanceof WechatError && error.code === 'INVALID_PARAMS') return undefined;
    throw error;
  }
}

function requireUnique<View extends { readonly id: string }>(
  found: readonly View[],
  attributes: RequestParams,
  key: 'contactAmbiguous' | 'roomAmbiguous',
): View | undefined {
  const [first, ...others] = found;
  if (others.length === 0) return first;
  const ids = found.map(({ id }) => id).slice(0, 20);
  const query = [...attributes.values()].join(', ');
  throw new WechatError('INVALID_PARAMS', key, {
    query,
    count: found.length,
    ids: ids.join(', '),
  });
}
