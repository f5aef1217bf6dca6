/** The contacts, rooms and members of a bot, found while somebody types. */
import type { Account } from '../../bot/account';
import { WechatError } from '../../bot/errors';
import { rankOf } from '../../bot/directory/search-index';
import type { ContactView, MemberView } from '../../bot/views';
import { loadEngine } from '../../nodes/runtime/load-modules';
import { avatarPath } from './avatar';
import { botOf, type Call, queried, queriedNumber, type Route } from '../route';

/** Entries told at once, unless asked for fewer or more, and at most. */
const page = { usual: 50, most: 200 };

interface Wanted {
  readonly account: Account;
  readonly query: string;
  readonly first: number;
  readonly count: number;
}

/** @throws WechatError NOT_FOUND, NOT_LOGGED_IN, INVALID_PARAMS */
function wanted(call: Call): Wanted {
  const { bot } = botOf(call);
  const cursor = queried(call, 'cursor') ?? '0';
  if (!/^\d{1,7}$/.test(cursor)) throw new WechatError('INVALID_PARAMS', 'badCursor', { name: 'cursor' });
  return {
    account: bot.account(),
    query: queried(call, 'query') ?? '',
    first: Number(cursor),
    count: queriedNumber(call, 'limit', page.usual, page.most),
  };
}

interface Answered {
  readonly items: readonly object[];
  readonly total: number;
  /** Whether all entries were read by now. */
  readonly isComplete?: boolean;
}

/** A page; `loading` says that there may be more in a moment. */
function answer({ items, total, isComplete = true }: Answered, first: number): object {
  const next = first + items.length;
  const hasMore = items.length > 0 && next < total;
  return { items, cursor: hasMore ? String(next) : null, ...(isComplete ? {} : { loading: true }) };
}

async function contacts(call: Call): Promise<object> {
  const { account, query, first, count } = wanted(call);
  const { contactView } = loadEngine();
  const { bot } = botOf(call);
  const found = await account.contacts.search(query, first, count);
  const items = found.entries.map((payload) => {
    const { id, name, alias, friend, avatar } = contactView(payload.id, payload);
    return { id, name, alias, friend, ...avatarPath(bot, id, avatar) };
  });
  return answer({ ...found, items }, first);
}

async function rooms(call: Call): Promise<object> {
  const { account, query, first, count } = wanted(call);
  const { roomView } = loadEngine();
  const found = await account.rooms.search(query, first, count);
  const items = found.entries.map((payload) => {
    const { id, topic, memberCount } = roomView(payload.id, payload);
    return { id, topic, memberCount };
  });
  return answer({ ...found, items }, first);
}

async function members(call: Call): Promise<object> {
  const { account, query, first, count } = wanted(call);
  const { bot } = botOf(call);
  const room = await account.rooms.one(call.params.room ?? '');
  const text = query.trim().toLowerCase();
  const aliasOf = aliases(account);
  const ranked = (await account.members.all(room.id))
    .map((member) => {
      const alias = aliasOf(member);
      const names = [member.name, alias, member.roomAlias, member.id].filter(Boolean);
      const rank = rankOf(
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
  return answer({ items, total: ranked.length }, first);
}

/** What the bot calls members, as far as it was read already: a room may have members nobody asked about. */
function aliases(account: Account): (member: MemberView) => string {
  const { contactView } = loadEngine();
  return ({ id }) => {
    const known = account.contacts.known(id) ?? account.puppet.contactPayloadCache(id);
    const { alias }: Pick<ContactView, 'alias'> = contactView(id, known);
    return alias;
  };
}

/** Lists and finds. */
export function peopleRoutes(): Route[] {
  return [
    { method: 'GET', path: '/wechat/bots/:id/contacts', permission: 'read', answer: contacts },
    { method: 'GET', path: '/wechat/bots/:id/rooms', permission: 'read', answer: rooms },
    { method: 'GET', path: '/wechat/bots/:id/rooms/:room/members', permission: 'read', answer: members },
  ];
}
