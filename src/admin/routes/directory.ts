/** Routes that search contacts, rooms and members of a bot. */
import type { Account } from '../../bot/account';
import { WechatError } from '../../bot/errors';
import { matchRank } from '../../bot/directory/search-index';
import type { ContactView, MemberView } from '../../bot/views';
import { loadModules } from '../../nodes/runtime/load-modules';
import type { ContactEntry, DirectoryPage, MemberEntry, RoomEntry } from '../api-types';
import { avatarPath } from './avatar';
import { requireBot, type RouteCall, queryParam, numericQueryParam, type Route } from '../route';

/** Entries per page: default and maximum. */
const pageSize = { default: 50, max: 200 };

interface SearchRequest {
  readonly account: Account;
  readonly query: string;
  readonly first: number;
  readonly count: number;
}

/** @throws WechatError NOT_FOUND, NOT_LOGGED_IN, INVALID_PARAMS */
function searchRequest(call: RouteCall): SearchRequest {
  const { bot } = requireBot(call);
  const cursor = queryParam(call, 'cursor') ?? '0';
  if (!/^\d{1,7}$/.test(cursor)) throw new WechatError('INVALID_PARAMS', 'badCursor', { name: 'cursor' });
  return {
    account: bot.account(),
    query: queryParam(call, 'query') ?? '',
    first: Number(cursor),
    count: numericQueryParam(call, 'limit', pageSize.default, pageSize.max),
  };
}

interface SearchResults<Entry> {
  readonly items: readonly Entry[];
  readonly total: number;
  /** Whether all entries have been loaded. */
  readonly isComplete?: boolean;
}

/** Creates a page; `loading` means that the directory is still being loaded. */
function toPage<Entry>(
  { items, total, isComplete = true }: SearchResults<Entry>,
  first: number,
): DirectoryPage<Entry> {
  const next = first + items.length;
  const hasMore = items.length > 0 && next < total;
  return { items, cursor: hasMore ? String(next) : null, ...(isComplete ? {} : { loading: true }) };
}

async function contacts(call: RouteCall): Promise<DirectoryPage<ContactEntry>> {
  const { account, query, first, count } = searchRequest(call);
  const { contactView } = loadModules();
  const { bot } = requireBot(call);
  const found = await account.contacts.search(query, first, count);
  const items = found.entries.map((payload) => {
    const { id, name, alias, friend, avatar } = contactView(payload.id, payload);
    return { id, name, alias, friend, ...avatarPath(bot, id, avatar) };
  });
  return toPage({ ...found, items }, first);
}

async function rooms(call: RouteCall): Promise<DirectoryPage<RoomEntry>> {
  const { account, query, first, count } = searchRequest(call);
  const { roomView } = loadModules();
  const found = await account.rooms.search(query, first, count);
  const items = found.entries.map((payload) => {
    const { id, topic, memberCount } = roomView(payload.id, payload);
    return { id, topic, memberCount };
  });
  return toPage({ ...found, items }, first);
}

async function members(call: RouteCall): Promise<DirectoryPage<MemberEntry>> {
  const { account, query, first, count } = searchRequest(call);
  const { bot } = requireBot(call);
  const room = await account.rooms.findOne(call.params.room ?? '');
  const text = query.trim().toLowerCase();
  const aliasOf = aliasLookup(account);
  const ranked = (await account.members.all(room.id))
    .map((member) => {
      const alias = aliasOf(member);
      const names = [member.name, alias, member.roomAlias, member.id].filter(Boolean);
      const rank = matchRank(
        names.map((name) => name.toLowerCase()),
        text,
      );
      return { member, alias, rank };
    })
    .filter(({ rank }) => rank !== undefined)
    .sort((one, other) => (text === '' ? 0 : (one.rank ?? 0) - (other.rank ?? 0)));
  const items = ranked.slice(first, first + count).map(({ member, alias }) => {
    const { id, name, roomAlias, avatar } = member;
    return { id, name, alias, ...(roomAlias ? { roomAlias } : {}), ...avatarPath(bot, id, avatar) };
  });
  return toPage({ items, total: ranked.length }, first);
}

/** Looks up aliases of members in the cache only: a room may have thousands of members that were never loaded. */
function aliasLookup(account: Account): (member: MemberView) => string {
  const { contactView } = loadModules();
  return ({ id }) => {
    const known = account.contacts.getCached(id) ?? account.puppet.contactPayloadCache(id);
    const { alias }: Pick<ContactView, 'alias'> = contactView(id, known);
    return alias;
  };
}

/** The routes of the directory. */
export function directoryRoutes(): Route[] {
  return [
    { method: 'GET', path: '/wechat/bots/:id/contacts', permission: 'read', handler: contacts },
    { method: 'GET', path: '/wechat/bots/:id/rooms', permission: 'read', handler: rooms },
    { method: 'GET', path: '/wechat/bots/:id/rooms/:room/members', permission: 'read', handler: members },
  ];
}
