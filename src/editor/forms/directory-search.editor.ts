/** Suggests the real contacts, rooms and members of a bot. */
import {
  type BotSummary,
  type ContactEntry,
  fetchBots,
  fetchContacts,
  fetchMembers,
  fetchRooms,
  type ListQuery,
  type MemberEntry,
  type Page,
  RequestError,
  type RoomEntry,
} from '../api/admin-client.editor';
import type { Suggestion, Suggestions } from '../ui/combobox.editor';
import type { Translator } from '../ui/translate';

/** What a field names. */
export type Named = 'contact' | 'room' | 'conversation' | 'member';

/** Where to look. */
export interface Whereabouts {
  readonly named: Named;
  /** The id of the bot chosen in the form; empty or `_ADD_` for none. */
  readonly bot: () => string;
  /** Of members: the room chosen in the form, if it is one that is known now. */
  readonly room?: () => string;
}

/** As many as one reads before typing on. */
const shown = 20;

/** Time for which a look at the bots counts, in ms: long enough for a burst of questions of one form. */
const lookLasts = 2000;

let look: { readonly at: number; readonly bots: Promise<readonly BotSummary[]> } | undefined;

/** Why a bot has nobody to suggest now, in a plain word; undefined when it has. @throws RequestError */
export async function whyNot(bot: string, node: Translator): Promise<string | undefined> {
  if (bot === '' || bot === '_ADD_') return node._('pick.noBot');
  if (!look || Date.now() - look.at > lookLasts) look = { at: Date.now(), bots: fetchBots() };
  const found = (await look.bots).find(({ id }) => id === bot);
  if (!found) return node._('pick.notDeployed');
  return ['logged-in', 'ready'].includes(found.state) ? undefined : node._('pick.notLoggedIn');
}

/** Why nothing can be suggested, in a plain word. */
function reasonIn(error: unknown, node: Translator): string {
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
 * Ids, as they cannot be given to anybody else by a change of name. Those of web WeChat end with the login, so
 * that there the name is all that lasts.
 */
function lastingName({ id, alias, name }: ContactEntry): string {
  const passing = id.startsWith('@');
  return passing ? alias || name || id : id;
}

function personEntry(person: MemberEntry, group?: string): Suggestion {
  const { id, name, alias, roomAlias, avatar: picture } = person;
  const label = alias || name || id;
  const others = [roomAlias, name, id].filter((other) => other && other !== label);
  return {
    value: lastingName(person),
    label,
    detail: [...new Set(others)].join(' · '),
    face: { id, name: label, ...(picture === undefined ? {} : { picture }) },
    ...(group === undefined ? {} : { group }),
  };
}

function roomEntry({ id, topic, memberCount }: RoomEntry, node: Translator, group?: string): Suggestion {
  const label = topic || id;
  const size = node._('pick.members', { count: String(memberCount) });
  return {
    value: id.startsWith('@') ? label : id,
    label,
    detail: [size, id].filter((other) => other !== label).join(' · '),
    face: { id, name: label, room: true },
    ...(group === undefined ? {} : { group }),
  };
}

/** What a search found so far, and whether there is more. */
interface Found {
  readonly entries: readonly Suggestion[];
  readonly more: boolean;
  readonly unfinished: boolean;
}

function found<Entry>(page: Page<Entry>, entryOf: (entry: Entry) => Suggestion): Found {
  return { entries: page.items.map(entryOf), more: page.cursor !== null, unfinished: page.loading ?? false };
}

async function lookIn({ named, room }: Whereabouts, bot: string, query: ListQuery, node: Translator) {
  const contacts = async (group?: string): Promise<Found> =>
    found(await fetchContacts(bot, query), (entry) => personEntry(entry, group));
  const rooms = async (group?: string): Promise<Found> =>
    found(await fetchRooms(bot, query), (entry) => roomEntry(entry, node, group));
  // A room that is a pattern, several or gone has no members to offer.
  const members = async (name: string, group: string): Promise<Found> => {
    const { items } = await fetchRooms(bot, { ...query, query: name, limit: 5 });
    const fitting = items.filter(({ id, topic }) => id === name || topic === name);
    const [only] = fitting;
    if (!only || fitting.length > 1) return { entries: [], more: false, unfinished: false };
    return found(await fetchMembers(bot, only.id, query), (entry) => personEntry(entry, group));
  };
  switch (named) {
    case 'contact':
      return [await contacts()];
    case 'room':
      return [await rooms()];
    case 'conversation':
      return Promise.all([contacts(node._('pick.contacts')), rooms(node._('pick.rooms'))]);
    case 'member': {
      const chosen = room?.() ?? '';
      if (chosen === '') return [await contacts()];
      return Promise.all([members(chosen, node._('pick.inRoom')), contacts(node._('pick.others'))]);
    }
  }
}

/** Searches on the server, among as many as there are, and never fails: what went wrong is the notice. */
export function directorySearch(
  where: Whereabouts,
  node: Translator,
): (query: string, signal: AbortSignal) => Promise<Suggestions> {
  return async (query, signal) => {
    const bot = where.bot();
    try {
      const why = await whyNot(bot, node);
      if (why !== undefined) return { entries: [], notice: why };
      const parts = await lookIn(where, bot, { query: query.trim(), limit: shown, signal }, node);
      const values = new Set<string>();
      const entries = parts
        .flatMap((part) => part.entries)
        .filter(({ value }) => !values.has(value) && values.add(value));
      if (entries.length === 0) {
        const notice = query.trim() === '' ? node._('pick.noneAtAll') : node._('pick.none', { query });
        return { entries, notice };
      }
      if (parts.some(({ unfinished }) => unfinished)) {
        return { entries, notice: node._('pick.loading'), unfinished: true };
      }
      return parts.some(({ more }) => more) ? { entries, notice: node._('pick.more') } : { entries };
    } catch (error) {
      return { entries: [], notice: reasonIn(error, node) };
    }
  };
}
