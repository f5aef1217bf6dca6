/** Suggests the real contacts, rooms and members of a bot. */
import type { DirectoryPage, BotSummary, ContactEntry, MemberEntry, RoomEntry } from '../../admin/api-types';
import {
  fetchBots,
  fetchContacts,
  fetchFile,
  fetchMembers,
  fetchRooms,
  type ListQuery,
  RequestError,
} from '../api/admin-client.editor';
import type { Suggestion, Suggestions } from '../ui/combobox.editor';
import type { Translator } from '../ui/translate.editor';

/** The kind of entity that a field names. */
export type EntityKind = 'contact' | 'room' | 'conversation' | 'member';

/** What a field searches. */
export interface SearchScope {
  readonly kind: EntityKind;
  /** The id of the bot selected in the form; empty or `_ADD_` for none. */
  readonly bot: () => string;
  /** For members: the room entered in the form, if it is a literal. */
  readonly room?: () => string;
}

/** Maximum suggestions per search. */
const maxResults = 20;

/** Time for which the list of bots is cached, in ms: a form searches in bursts. */
const botCacheMs = 2000;

let cachedBots: { readonly at: number; readonly bots: Promise<readonly BotSummary[]> } | undefined;

/** The reason why a bot cannot be searched now; undefined when it can. @throws RequestError */
export async function unavailableReason(bot: string, node: Translator): Promise<string | undefined> {
  if (bot === '' || bot === '_ADD_') return node._('pick.noBot');
  if (!cachedBots || performance.now() - cachedBots.at > botCacheMs)
    cachedBots = { at: performance.now(), bots: fetchBots() };
  const deployed = (await cachedBots.bots).find(({ id }) => id === bot);
  if (!deployed) return node._('pick.notDeployed');
  return ['logged-in', 'ready'].includes(deployed.state) ? undefined : node._('pick.notLoggedIn');
}

/** The message for a failed search. */
function failureReason(error: unknown, node: Translator): string {
  if (!(error instanceof RequestError)) return node._('pick.problem', { error: String(error) });
  switch (error.status) {
    case 401:
    case 403:
      return node._('pick.mayNot');
    case 404:
      return node._('pick.notDeployed');
    case 409:
      return node._('pick.notLoggedIn');
    default:
      return node._('pick.problem', { error: error.message });
  }
}

/**
 * The id, because names are neither unique nor constant. Ids of web WeChat (`@…`) change with every login, so that only
 * the name is stable there.
 */
function stableReference({ id, alias, name }: ContactEntry): string {
  const isTemporary = id.startsWith('@');
  return isTemporary ? alias || name || id : id;
}

function contactSuggestion(contact: MemberEntry, group?: string): Suggestion {
  const { id, name, alias, roomAlias, avatar } = contact;
  const label = alias || name || id;
  const others = [roomAlias, name, id].filter((other) => other && other !== label);
  return {
    value: stableReference(contact),
    label,
    detail: [...new Set(others)].join(' · '),
    avatar: { id, name: label, ...(avatar === undefined ? {} : { loadImage: () => fetchFile(avatar) }) },
    ...(group === undefined ? {} : { group }),
  };
}

function roomSuggestion({ id, topic, memberCount }: RoomEntry, node: Translator, group?: string): Suggestion {
  const label = topic || id;
  const size = node._('pick.members', { count: String(memberCount) });
  return {
    value: id.startsWith('@') ? label : id,
    label,
    detail: [size, id].filter((other) => other !== label).join(' · '),
    avatar: { id, name: label, isRoom: true },
    ...(group === undefined ? {} : { group }),
  };
}

/** The result of one search. */
interface SearchResult {
  readonly entries: readonly Suggestion[];
  readonly more: boolean;
  readonly isPartial: boolean;
}

function toResult<Entry>(page: DirectoryPage<Entry>, entryOf: (entry: Entry) => Suggestion): SearchResult {
  return { entries: page.items.map(entryOf), more: page.cursor !== null, isPartial: page.loading ?? false };
}

async function searchScope({ kind, room }: SearchScope, bot: string, query: ListQuery, node: Translator) {
  const contacts = async (group?: string): Promise<SearchResult> =>
    toResult(await fetchContacts(bot, query), (entry) => contactSuggestion(entry, group));
  const rooms = async (group?: string): Promise<SearchResult> =>
    toResult(await fetchRooms(bot, query), (entry) => roomSuggestion(entry, node, group));
  // Only a name that resolves to exactly one room has members to suggest.
  const members = async (name: string, group: string): Promise<SearchResult> => {
    const { items } = await fetchRooms(bot, { ...query, query: name, limit: 5 });
    const matches = items.filter(({ id, topic }) => id === name || topic === name);
    const [only] = matches;
    if (!only || matches.length > 1) return { entries: [], more: false, isPartial: false };
    return toResult(await fetchMembers(bot, only.id, query), (entry) => contactSuggestion(entry, group));
  };
  switch (kind) {
    case 'contact':
      return [await contacts()];
    case 'room':
      return [await rooms()];
    case 'conversation':
      return Promise.all([contacts(node._('pick.contacts')), rooms(node._('pick.rooms'))]);
    case 'member': {
      const roomName = room?.() ?? '';
      if (roomName === '') return [await contacts()];
      return Promise.all([members(roomName, node._('pick.inRoom')), contacts(node._('pick.others'))]);
    }
  }
}

/** Creates a server-side search that never rejects: failures become notices. */
export function directorySearch(
  scope: SearchScope,
  node: Translator,
): (query: string, signal: AbortSignal) => Promise<Suggestions> {
  return async (query, signal) => {
    const bot = scope.bot();
    try {
      const reason = await unavailableReason(bot, node);
      if (reason !== undefined) return { entries: [], notice: reason };
      const parts = await searchScope(scope, bot, { query: query.trim(), limit: maxResults, signal }, node);
      const values = new Set<string>();
      const entries = parts
        .flatMap((part) => part.entries)
        .filter(({ value }) => !values.has(value) && values.add(value));
      if (entries.length === 0) {
        const notice = query.trim() === '' ? node._('pick.noneAtAll') : node._('pick.none', { query });
        return { entries, notice };
      }
      if (parts.some(({ isPartial }) => isPartial)) {
        return { entries, notice: node._('pick.loading'), isPartial: true };
      }
      return parts.some(({ more }) => more) ? { entries, notice: node._('pick.more') } : { entries };
    } catch (error) {
      return { entries: [], notice: failureReason(error, node) };
    }
  };
}
