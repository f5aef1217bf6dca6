/** Suggests the real contacts, rooms and members of a bot. */
import {
  type ContactEntry,
  fetchContacts,
  fetchMembers,
  fetchRooms,
  type ListQuery,
  type MemberEntry,
  type Page,
  RequestError,
  type RoomEntry,
} from './admin.editor';
import type { Suggestion, Suggestions } from './combobox.editor';

/** Texts of a node's catalogue. */
export interface Translator {
  _(key: string, values?: Record<string, string>): string;
}

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

/** Why nothing can be suggested, in a plain word. */
export function reasonIn(error: unknown, node: Translator): string {
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
  const { id, name, alias, roomAlias, avatar } = person;
  const label = alias || name || id;
  const others = [roomAlias, name, id].filter((other) => other && other !== label);
  return {
    value: lastingName(person),
    label,
    detail: [...new Set(others)].join(' · '),
    ...(avatar === undefined ? {} : { picture: avatar }),
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
    ...(group === undefined ? {} : { group }),
  };
}

/** What a search found so far, and whether there is more. */
interface Found {
  readonly entries: readonly Suggestion[];
  readonly more: boolean;
}

function found<Entry>(page: Page<Entry>, entryOf: (entry: Entry) => Suggestion): Found {
  return { entries: page.items.map(entryOf), more: page.cursor !== null };
}

async function lookIn({ named, room }: Whereabouts, bot: string, query: ListQuery, node: Translator) {
  const contacts = async (group?: string): Promise<Found> =>
    found(await fetchContacts(bot, query), (entry) => personEntry(entry, group));
  const rooms = async (group?: string): Promise<Found> =>
    found(await fetchRooms(bot, query), (entry) => roomEntry(entry, node, group));
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
      const group = node._('pick.inRoom');
      // A room that is a pattern or gone has no members to offer.
      const members = fetchMembers(bot, chosen, query).then(
        (page) => found(page, (entry) => personEntry(entry, group)),
        (): Found => ({ entries: [], more: false }),
      );
      return Promise.all([members, contacts(node._('pick.others'))]);
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
    if (bot === '' || bot === '_ADD_') return { entries: [], notice: node._('pick.noBot') };
    try {
      const parts = await lookIn(where, bot, { query: query.trim(), limit: shown, signal }, node);
      const values = new Set<string>();
      const entries = parts
        .flatMap((part) => part.entries)
        .filter(({ value }) => !values.has(value) && values.add(value));
      if (entries.length === 0) {
        const notice = query.trim() === '' ? node._('pick.noneAtAll') : node._('pick.none', { query });
        return { entries, notice };
      }
      return parts.some(({ more }) => more) ? { entries, notice: node._('pick.more') } : { entries };
    } catch (error) {
      return { entries: [], notice: reasonIn(error, node) };
    }
  };
}
