/** Fields that name contacts, rooms or members: suggested from the bot's real ones, or typed freely. */
import { fetchContacts, fetchRooms, type ListQuery } from '../api/admin-client.editor';
import { suggest, type Suggestions } from '../ui/combobox.editor';
import { directorySearch, type Whereabouts, whyNot } from './directory-search.editor';
import { element } from '../ui/dom.editor';
import type { Translator } from '../ui/translate';
import { describe, type TypedField } from './typed-field.editor';

/** What separates names, as the nodes read them. */
const separators = /[,，;；\n]/;

/** Names looked up for the line that says who is meant. */
const mostNames = 6;

/** Time without a change after which that line is made anew, in ms: changes come in bursts. */
const changePause = 200;

/** A field that names somebody or something. */
export interface NameField {
  readonly title: string;
  readonly where: Whereabouts;
  /** Whether several may be named, separated by commas. */
  readonly several: boolean;
}

/** The bot chosen in the form of a node. */
export function chosenBot(): string {
  return $('#node-input-bot').val()?.toString() ?? '';
}

/** The names in a text; none where it is a pattern or an environment variable. */
function namesIn(text: string, several: boolean): string[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('/') || trimmed.startsWith('${')) return [];
  return (several ? trimmed.split(separators) : [trimmed]).map((name) => name.trim()).filter(Boolean);
}

/** Splits off the last of several names, which is the one being typed. */
function lastOf(text: string): { before: string; last: string } {
  const parts = text.split(separators);
  const last = parts.at(-1) ?? '';
  return { before: text.slice(0, text.length - last.length), last };
}

/** An entry by all its names. */
interface Known {
  readonly id: string;
  readonly names: readonly string[];
}

async function entriesLike({ named }: Whereabouts, bot: string, query: ListQuery): Promise<Known[]> {
  const contacts = async (): Promise<Known[]> =>
    (await fetchContacts(bot, query)).items.map(({ id, alias, name }) => ({ id, names: [alias, name] }));
  const rooms = async (): Promise<Known[]> =>
    (await fetchRooms(bot, query)).items.map(({ id, topic }) => ({ id, names: [topic] }));
  if (named === 'room') return rooms();
  if (named === 'contact' || named === 'member') return contacts();
  return [...(await contacts()), ...(await rooms())];
}

/** Says what the bot knows of a name, where that is worth saying. */
async function remark(where: Whereabouts, name: string, node: Translator): Promise<string | undefined> {
  const found = await entriesLike(where, where.bot(), { query: name, limit: 5 });
  const byId = found.find(({ id }) => id === name);
  if (byId) {
    const called = byId.names.find(Boolean);
    return called && called !== name ? node._('pick.is', { value: name, name: called }) : undefined;
  }
  const byName = found.filter(({ names }) => names.includes(name));
  if (byName.length > 1) return node._('pick.several', { value: name });
  // A member may go by a name of the room alone, which is not searched here.
  if (byName.length === 1 || where.named === 'member') return undefined;
  return node._(where.named === 'room' ? 'pick.unknownRoom' : 'pick.unknown', { value: name });
}

/** @throws RequestError */
async function remarksOn(
  where: Whereabouts,
  names: readonly string[],
  node: Translator,
): Promise<(string | undefined)[]> {
  if (names.length === 0 || (await whyNot(where.bot(), node)) !== undefined) return [];
  return Promise.all(names.map((name) => remark(where, name, node)));
}

/** Shows under a field who is meant by what is typed; nothing while the bot cannot tell. */
function explain(
  text: HTMLInputElement,
  isNaming: () => boolean,
  { where, several }: NameField,
  node: Translator,
) {
  const line = element('div', { class: 'wechat-hint wechat-who', 'aria-live': 'polite' });
  text.closest('li, .form-row')?.append(line);
  describe(text);
  let timer: number | undefined;
  let latest = 0;
  const show = async (): Promise<void> => {
    latest += 1;
    const current = latest;
    const names = isNaming() ? namesIn(text.value, several) : [];
    const asked = names.slice(0, mostNames).filter((name) => name.toLowerCase() !== '@all');
    const remarks = await remarksOn(where, asked, node).catch(() => []);
    if (current === latest) line.textContent = remarks.filter(Boolean).join(' · ');
  };
  const soon = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (text.isConnected) void show();
    }, changePause);
  };
  // Half a name is nobody's: what is being typed is looked up when it is complete.
  text.addEventListener('input', () => {
    window.clearTimeout(timer);
    latest += 1;
    line.textContent = '';
  });
  $(text).on('change', soon);
  $('#node-input-bot').on('change', soon);
  void show();
}

/** Lets a text field name contacts, rooms or members; `isNaming` tells whether it does so now. */
export function suggestNames(
  text: HTMLInputElement,
  naming: NameField,
  node: Translator,
  { anchor = text, isNaming = () => true }: { anchor?: HTMLElement; isNaming?: () => boolean } = {},
): void {
  const { title, where, several } = naming;
  const search = directorySearch(where, node);
  /** The text as it was when its last name was complete: the next pick is one more, or another one. */
  let complete = text.value;
  $(text).on('change', () => {
    complete = text.value;
  });
  suggest(text, {
    title,
    anchor,
    searching: node._('pick.searching'),
    search: (query, signal): Promise<Suggestions> => search(query, signal),
    queryOf: (typed) => {
      if (!isNaming() || typed.trim().startsWith('/')) return undefined;
      if (typed === complete) return '';
      return several ? lastOf(typed).last.trim() : typed;
    },
    textAfter: (picked, typed) => {
      if (!several || typed.trim() === '') return picked;
      if (typed === complete) return `${typed.replace(/[,，;；\s]+$/, '')}, ${picked}`;
      const { before } = lastOf(typed);
      return before === '' ? picked : `${before.trimEnd()} ${picked}`;
    },
  });
  explain(text, isNaming, naming, node);
}

/** The same for a typed input, which names somebody only while it holds a text (and `isNaming` says so). */
export function suggestTypedNames(
  typed: TypedField,
  naming: NameField,
  node: Translator,
  isNaming: () => boolean = () => true,
): void {
  suggestNames(typed.text, naming, node, {
    anchor: typed.box,
    isNaming: () => typed.field.typedInput('type') === 'str' && isNaming(),
  });
}
