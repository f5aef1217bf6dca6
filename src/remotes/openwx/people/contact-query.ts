/** Finds the people and groups a client means. Every attribute that is given must fit, as on a real server. */
import { WechatError } from '../../../bot/errors';
import type { ContactView, MemberView, RoomView } from '../../../bot/views';
import type { Given } from '../request-params';
import { friendJson, groupJson, having } from './people';

/** Executes a command of the table. @throws WechatError */
export type Ask = (command: string, params: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** A group with as much of its members as was asked for. */
export type Group = RoomView & {
  readonly memberIds?: readonly string[];
  readonly members?: readonly MemberView[];
};

/** By what a friend is named. */
export const friendKeys = ['id', 'account', 'displayname', 'markname'] as const;

/** By what a group is named. */
export const groupKeys = ['id', 'displayname'] as const;

/** Those of the given parameters that are filled in. */
export function filledIn(given: Given, names: readonly string[]): Given {
  const found = names.map((name) => [name, given.get(name) ?? ''] as const);
  return new Map(found.filter(([, value]) => value !== ''));
}

/** The contact with exactly this id. */
export async function contactById(ask: Ask, id: string): Promise<ContactView | undefined> {
  return exactly(id, ask('contactFind', { id }) as Promise<ContactView | null>);
}

/** The group with exactly this id. */
export async function groupById(ask: Ask, id: string, members?: 'ids'): Promise<Group | undefined> {
  return exactly(id, ask('roomFind', { id, ...(members ? { members } : {}) }) as Promise<Group | null>);
}

/** The friend a request names. @throws WechatError INVALID_PARAMS when it may be one of several. */
export async function friendNamed(ask: Ask, given: Given): Promise<ContactView | undefined> {
  const wanted = filledIn(given, friendKeys);
  return theOnly(await friendsHaving(ask, wanted), wanted, 'contactAmbiguous');
}

/** The group a request names. @throws WechatError INVALID_PARAMS when it may be one of several. */
export async function groupNamed(ask: Ask, given: Given): Promise<Group | undefined> {
  const wanted = filledIn(given, groupKeys);
  return theOnly(await groupsHaving(ask, wanted), wanted, 'roomAmbiguous');
}

/** All contacts of whom every attribute fits; nobody where none is given. */
export async function friendsHaving(ask: Ask, wanted: Given): Promise<ContactView[]> {
  if (wanted.size === 0) return [];
  const found = await candidates(wanted, ['displayname', 'markname', 'name'], {
    byId: (id) => contactById(ask, id),
    all: (query) => ask('contactFindAll', query) as Promise<ContactView[]>,
  });
  return fitting(found, friendJson, wanted);
}

/** All groups of which every attribute fits; none where none is given. */
export async function groupsHaving(ask: Ask, wanted: Given, members?: 'full'): Promise<Group[]> {
  if (wanted.size === 0) return [];
  const found = await candidates(wanted, ['displayname', 'name'], {
    byId: (id) => groupById(ask, id),
    all: (query) => ask('roomFindAll', query) as Promise<Group[]>,
  });
  const fit = fitting(found, groupJson, wanted);
  if (!members) return fit;
  return Promise.all(fit.map(({ id }) => ask('roomFind', { id, members }) as Promise<Group>));
}

interface Directory<View> {
  byId(id: string): Promise<View | undefined>;
  all(query: { readonly query?: string }): Promise<View[]>;
}

/** As few as can be had without a look at everybody. */
async function candidates<View>(
  wanted: Given,
  names: readonly string[],
  directory: Directory<View>,
): Promise<View[]> {
  const id = wanted.get('id');
  if (id !== undefined) return [await directory.byId(id)].filter((one) => one !== undefined);
  const name = names.map((key) => wanted.get(key)).find((value) => value !== undefined);
  // What begins with a slash would be taken for a pattern.
  return directory.all(name === undefined || name.startsWith('/') ? {} : { query: name });
}

function fitting<View>(found: readonly View[], json: (view: View) => object, wanted: Given): View[] {
  return found.filter((one) => having([json(one)], wanted).length > 0);
}

/** Commands look for names too, where this protocol means an id and nothing else. */
async function exactly<View extends { readonly id: string }>(
  id: string,
  asked: Promise<View | null>,
): Promise<View | undefined> {
  try {
    const found = await asked;
    return found?.id === id ? found : undefined;
  } catch (error) {
    if (error instanceof WechatError && error.code === 'INVALID_PARAMS') return undefined;
    throw error;
  }
}

function theOnly<View extends { readonly id: string }>(
  found: readonly View[],
  wanted: Given,
  key: 'contactAmbiguous' | 'roomAmbiguous',
): View | undefined {
  const [first, ...others] = found;
  if (others.length === 0) return first;
  const ids = found.map(({ id }) => id).slice(0, 20);
  const query = [...wanted.values()].join(', ');
  throw new WechatError('INVALID_PARAMS', key, {
    query,
    count: found.length,
    ids: ids.join(', '),
  });
}
