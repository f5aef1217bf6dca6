/** Fields that name contacts, rooms or members, with suggestions from the bot's directory. */
import type { NameTexts } from '../../nodes/shared/property-types';
import { nameSeparators, splitNames } from '../../util/name-list';
import { fetchContacts, fetchRooms, type ListQuery } from '../api/admin-client.editor';
import { attachCombobox, type Suggestions } from '../ui/combobox.editor';
import { directorySearch, type SearchScope, unavailableReason } from './directory-search.editor';
import { element } from '../ui/dom.editor';
import type { Translator } from '../ui/translate.editor';
import { linkHints, type TypedField } from './typed-field.editor';

/** Maximum names looked up for the remarks below a field. */
const maxNames = 6;

/** Time without a change after which the remarks are updated, in ms. */
const debounceMs = 200;

/** Options of a name field. */
export interface NameFieldOptions {
  readonly title: string;
  readonly scope: SearchScope;
  /** Whether it takes several names, separated by commas. */
  readonly multiple: boolean;
  /** The saved names, where they may be a list. */
  readonly saved?: unknown;
}

/** A field that names contacts, rooms or members. */
export interface NameField {
  /** The names: a list once some were chosen, because a name may contain a comma; otherwise the text. */
  read(): NameTexts;
  /** Assigns a list to a property of the node, which has no input for it; to be called in `oneditsave`. */
  save(node: object, property: string): void;
}

/** The text that shows a list. */
export function joinNames(names: unknown): string {
  return Array.isArray(names) ? names.join(', ') : String(names);
}

/** The id of the bot selected in the form of a node. */
export function selectedBot(): string {
  return $('#node-input-bot').val()?.toString() ?? '';
}

/** The names in a text; none where it is a pattern or an environment variable. */
function namesIn(text: string, multiple: boolean): string[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('/') || trimmed.startsWith('${')) return [];
  return multiple ? splitNames(trimmed) : [trimmed].filter(Boolean);
}

/** Splits off the last name, which is the one being typed. */
function lastOf(text: string): { before: string; last: string } {
  const parts = text.split(nameSeparators);
  const last = parts.at(-1) ?? '';
  return { before: text.slice(0, text.length - last.length), last };
}

/** Adds a name to a complete text, or replaces the name that is being typed. */
function appendName(text: string, name: string, isComplete: boolean): string {
  if (text.trim() === '') return name;
  if (isComplete) return `${text.replace(/[,，;；\s]+$/, '')}, ${name}`;
  const { before } = lastOf(text);
  return before === '' ? name : `${before.trimEnd()} ${name}`;
}

/** A contact or room with all its names. */
interface KnownEntry {
  readonly id: string;
  readonly names: readonly string[];
}

async function findEntries({ kind }: SearchScope, bot: string, query: ListQuery): Promise<KnownEntry[]> {
  const contacts = async (): Promise<KnownEntry[]> =>
    (await fetchContacts(bot, query)).items.map(({ id, alias, name }) => ({ id, names: [alias, name] }));
  const rooms = async (): Promise<KnownEntry[]> =>
    (await fetchRooms(bot, query)).items.map(({ id, topic }) => ({ id, names: [topic] }));
  if (kind === 'room') return rooms();
  if (kind === 'contact' || kind === 'member') return contacts();
  return [...(await contacts()), ...(await rooms())];
}

/** A remark on what a name resolves to; undefined where that is obvious. @throws RequestError */
async function nameRemark(scope: SearchScope, name: string, node: Translator): Promise<string | undefined> {
  const found = await findEntries(scope, scope.bot(), { query: name, limit: 5 });
  const byId = found.find(({ id }) => id === name);
  if (byId) {
    const knownName = byId.names.find(Boolean);
    return knownName && knownName !== name ? node._('pick.is', { value: name, name: knownName }) : undefined;
  }
  const byName = found.filter(({ names }) => names.includes(name));
  if (byName.length > 1) return node._('pick.several', { value: name });
  // A member may have a name in the room only, which is not searched here.
  if (byName.length === 1 || scope.kind === 'member') return undefined;
  return node._(scope.kind === 'room' ? 'pick.unknownRoom' : 'pick.unknown', { value: name });
}

/** @throws RequestError */
async function nameRemarks(
  scope: SearchScope,
  names: readonly string[],
  node: Translator,
): Promise<(string | undefined)[]> {
  if (names.length === 0 || (await unavailableReason(scope.bot(), node)) !== undefined) return [];
  return Promise.all(names.map((name) => nameRemark(scope, name, node)));
}

/** Shows below a field whom its names resolve to; nothing while the bot is not available. */
function showNameRemarks(
  text: HTMLInputElement,
  isNaming: () => boolean,
  read: () => NameTexts,
  { scope, multiple }: NameFieldOptions,
  node: Translator,
) {
  const line = element('div', { class: 'wechat-hint wechat-who', 'aria-live': 'polite' });
  text.closest('li, .form-row')?.append(line);
  linkHints(text);
  let timer: number | undefined;
  let latest = 0;
  /** As at run time: a text is one name, if there is one of exactly this name. */
  const currentNames = async (): Promise<readonly string[]> => {
    const value = read();
    if (typeof value !== 'string') return value;
    const parts = namesIn(value, multiple);
    const whole = value.trim();
    if (parts.length < 2 || (await unavailableReason(scope.bot(), node)) !== undefined) return parts;
    const found = await findEntries(scope, scope.bot(), { query: whole, limit: 5 });
    return found.some(({ names: known }) => known.includes(whole)) ? [whole] : parts;
  };
  const show = async (): Promise<void> => {
    latest += 1;
    const current = latest;
    const names = isNaming() ? await currentNames().catch(() => []) : [];
    const lookedUp = names.slice(0, maxNames).filter((name) => name.toLowerCase() !== '@all');
    const remarks = await nameRemarks(scope, lookedUp, node).catch(() => []);
    if (current === latest) line.textContent = remarks.filter(Boolean).join(' · ');
  };
  const scheduleUpdate = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (text.isConnected) void show();
    }, debounceMs);
  };
  // While a name is incomplete it cannot be resolved; the change event triggers the lookup.
  text.addEventListener('input', () => {
    window.clearTimeout(timer);
    latest += 1;
    line.textContent = '';
  });
  $(text).on('change', scheduleUpdate);
  $('#node-input-bot').on('change', scheduleUpdate);
  void show();
}

/** Adds suggestions and remarks to a text field; `isNaming` returns whether it holds names now. */
export function attachNameSuggestions(
  text: HTMLInputElement,
  naming: NameFieldOptions,
  node: Translator,
  {
    anchor = text,
    isNaming = () => true,
    input = text,
  }: {
    anchor?: HTMLElement;
    isNaming?: () => boolean;
    /** The input that Node-RED saves, if it is another one. */
    input?: HTMLElement;
  } = {},
): NameField {
  const { title, scope, multiple, saved } = naming;
  const search = directorySearch(scope, node);
  /** The chosen names, as long as the text shows them. */
  let chosen: readonly string[] = Array.isArray(saved) ? saved.map(String) : [];
  if (chosen.length > 0) {
    text.value = joinNames(chosen);
    $(input).val(text.value);
  }
  const read = (): NameTexts => {
    const needsList =
      chosen.length > 1 || chosen.some((name) => nameSeparators.test(name)) || Array.isArray(saved);
    const isShown = chosen.length > 0 && text.value === joinNames(chosen);
    return isNaming() && isShown && needsList ? chosen : text.value;
  };
  /** The text after the last change event: its names are complete, so that the next selection adds one. */
  let committed = text.value;
  $(text).on('change', () => {
    committed = text.value;
  });
  attachCombobox(text, {
    title,
    anchor,
    loadingText: node._('pick.searching'),
    search: (query, signal): Promise<Suggestions> => search(query, signal),
    queryOf: (typed) => {
      if (!isNaming() || typed.trim().startsWith('/')) return undefined;
      if (typed === committed) return '';
      return multiple ? lastOf(typed).last.trim() : typed;
    },
    onSelect: (name) => {
      if (!multiple) {
        text.value = name;
        return;
      }
      const isList = chosen.length > 0 && text.value === joinNames(chosen);
      const isComplete = text.value === committed;
      // What was typed by hand may be one name with commas: it stays a text.
      const before = isList ? chosen : namesIn(isComplete ? text.value : lastOf(text.value).before, true);
      const isText = !isList && before.length > 1;
      chosen = isText ? [] : [...before, name];
      text.value = isText ? appendName(text.value, name, isComplete) : joinNames(chosen);
    },
  });
  showNameRemarks(text, isNaming, read, naming, node);
  return {
    read,
    save: (saving, property) => {
      const names = read();
      if (typeof names === 'string') return;
      Object.assign(saving, { [property]: [...names] });
      // Node-RED would save the text of the input.
      input.removeAttribute('id');
    },
  };
}

/** The same for a typed input, which holds names only while its type is `str`. */
export function attachTypedNameSuggestions(
  typed: TypedField,
  naming: NameFieldOptions,
  node: Translator,
  isNaming: () => boolean = () => true,
): NameField {
  const [input = typed.text] = typed.field.toArray();
  return attachNameSuggestions(typed.text, naming, node, {
    anchor: typed.box,
    input,
    isNaming: () => typed.field.typedInput('type') === 'str' && isNaming(),
  });
}
