/**
 * Combobox of the ARIA Authoring Practices: suggestions beside a text field that still accepts free text.
 *
 * Node-RED's own `autoComplete` is not used, because it moves the focus into its menu, lets Enter replace the typed text
 * by the first entry and cannot show a notice such as "not logged in".
 */
import { createAvatar, type AvatarOptions } from './avatar.editor';
import { element } from './dom.editor';

/** One suggestion. */
export interface Suggestion {
  /** Passed to `onSelect`. */
  readonly value: string;
  readonly label: string;
  /** Secondary text. */
  readonly detail?: string;
  /** The avatar of a contact or room. */
  readonly avatar?: AvatarOptions;
  /** The heading of its group. */
  readonly group?: string;
}

/** The result of a search. */
export interface Suggestions {
  readonly entries: readonly Suggestion[];
  /** A sentence below the entries, or in their place. */
  readonly notice?: string;
  /** A later search may find more. */
  readonly isPartial?: boolean;
}

/** Options of a combobox. */
export interface ComboboxOptions {
  /** Accessible name of the list. */
  readonly title: string;
  /** Finds suggestions; rejections are ignored, so failures belong into the notice. */
  readonly search: (query: string, signal: AbortSignal) => Suggestions | Promise<Suggestions>;
  /** Shown until the first result of an asynchronous search. */
  readonly loadingText?: string;
  /** Time without a keystroke after which a search begins, in ms; default: 150. */
  readonly debounceMs?: number;
  /** The part of the text to search for, or undefined where nothing can be suggested. */
  readonly queryOf?: (text: string) => string | undefined;
  /** Applies a selection to the field; default: the value replaces the text. */
  readonly onSelect?: (value: string) => void;
  /** Whether the first suggestion is active at once, so that Enter or Tab selects it. */
  readonly autoSelect?: boolean;
  /** The element beside which the list opens; default: the field. */
  readonly anchor?: HTMLElement;
}

/** The list of a field. */
export interface Combobox {
  close(): void;
}

/** Time after which a partial search is repeated, in ms. */
const refreshDelayMs = 1000;

/** Preferred height of the list, in px. */
const preferredHeight = 260;

let listCount = 0;

function createOption(entry: Suggestion, id: string): HTMLElement {
  const option = element('div', { role: 'option', id, class: 'wechat-option', 'aria-selected': 'false' });
  if (entry.avatar) option.append(createAvatar(entry.avatar));
  option.append(element('span', { class: 'wechat-option-label' }, entry.label));
  if (entry.detail) option.append(element('span', { class: 'wechat-option-detail' }, entry.detail));
  return option;
}

/**
 * Adds suggestions to a text field: an `input` becomes a combobox; a `textarea`, for which ARIA has no such role, stays
 * a text box. The list is inserted after the anchor and removed with it.
 */
export function attachCombobox(
  field: HTMLInputElement | HTMLTextAreaElement,
  {
    title,
    search,
    loadingText,
    debounceMs = 150,
    queryOf = (text) => text,
    onSelect = (value) => {
      field.value = value;
    },
    autoSelect = false,
    anchor = field,
  }: ComboboxOptions,
): Combobox {
  const isMultiline = field instanceof HTMLTextAreaElement;
  listCount += 1;
  const id = `wechat-list-${listCount}`;
  const list = element('div', { role: 'listbox', id, 'aria-label': title });
  const notice = element('div', { class: 'wechat-options-notice', role: 'status' });
  const popup = element('div', { class: 'wechat-options', hidden: true }, list, notice);
  anchor.after(popup);
  field.setAttribute('autocomplete', 'off');
  field.setAttribute('aria-autocomplete', 'list');
  field.setAttribute('aria-controls', id);
  if (!isMultiline) field.setAttribute('role', 'combobox');
  setExpanded(false);

  let entries: readonly Suggestion[] = [];
  let rows: HTMLElement[] = [];
  let active = -1;
  /** Whether the keyboard has moved through the entries since the last input. */
  let isNavigating = false;
  let timer: number | undefined;
  let pending: AbortController | undefined;

  function setExpanded(expanded: boolean): void {
    if (!isMultiline) field.setAttribute('aria-expanded', String(expanded));
  }

  function position(): void {
    const { left, top, bottom, width } = anchor.getBoundingClientRect();
    const below = window.innerHeight - bottom - 8;
    const upwards = below < preferredHeight && top > below;
    popup.style.left = popup.style.top = '0';
    popup.style.width = `${Math.max(width, 220)}px`;
    popup.style.maxHeight = `${Math.min(preferredHeight, upwards ? top - 8 : below)}px`;
    // An ancestor with a container query, and not the viewport, may be the origin of fixed positions.
    const origin = popup.getBoundingClientRect();
    popup.style.left = `${left - origin.left}px`;
    popup.style.top = `${(upwards ? top - origin.height - 2 : bottom + 2) - origin.top}px`;
  }

  function activate(index: number): void {
    rows[active]?.setAttribute('aria-selected', 'false');
    active = index;
    const option = rows[active];
    if (option) {
      option.setAttribute('aria-selected', 'true');
      option.scrollIntoView({ block: 'nearest' });
      field.setAttribute('aria-activedescendant', option.id);
    } else field.removeAttribute('aria-activedescendant');
  }

  function open(): void {
    popup.hidden = false;
    window.addEventListener('scroll', position, true);
    window.addEventListener('resize', position);
    position();
  }

  function close(): void {
    window.clearTimeout(timer);
    pending?.abort();
    pending = undefined;
    popup.hidden = true;
    window.removeEventListener('scroll', position, true);
    window.removeEventListener('resize', position);
    setExpanded(false);
    activate(-1);
    isNavigating = false;
  }

  function select(index: number): void {
    const entry = entries[index];
    if (!entry) return;
    close();
    onSelect(entry.value);
    field.focus();
    // Through jQuery, because Node-RED's own widgets listen there.
    $(field).trigger('change');
  }

  function show(result: Suggestions): void {
    if (result.entries.length === 0 && !result.notice) {
      close();
      return;
    }
    entries = result.entries;
    activate(-1);
    rows = entries.map((entry, index) => {
      const option = createOption(entry, `${id}-${index}`);
      option.addEventListener('click', () => {
        select(index);
      });
      return option;
    });
    const groups = new Map<string, HTMLElement[]>();
    rows.forEach((option, index) => {
      const group = entries[index]?.group ?? '';
      groups.set(group, [...(groups.get(group) ?? []), option]);
    });
    list.replaceChildren(
      ...[...groups].flatMap(([name, members]) =>
        name === ''
          ? members
          : element(
              'div',
              { role: 'group', 'aria-label': name },
              element('div', { class: 'wechat-options-group', 'aria-hidden': 'true' }, name),
              ...members,
            ),
      ),
    );
    notice.textContent = result.notice ?? '';
    setExpanded(rows.length > 0);
    open();
    if (autoSelect) activate(0);
  }

  function runSearch(): void {
    pending?.abort();
    const query = queryOf(field.value);
    if (query === undefined) {
      close();
      return;
    }
    const current = new AbortController();
    pending = current;
    const onResult = (result: Suggestions): void => {
      if (current.signal.aborted) return;
      // The entries stay while the keyboard is moving through them.
      if (!isNavigating) show(result);
      if (result.isPartial) timer = window.setTimeout(runSearch, refreshDelayMs);
    };
    const result = search(query, current.signal);
    if (result instanceof Promise) {
      if (popup.hidden && loadingText !== undefined) show({ entries: [], notice: loadingText });
      result.then(onResult, () => undefined);
    } else onResult(result);
  }

  function moveActive(by: number): void {
    if (popup.hidden) runSearch();
    else if (rows.length > 0) {
      isNavigating = true;
      const next = active === -1 && by < 0 ? rows.length - 1 : active + by;
      activate((next + rows.length) % rows.length);
    }
  }

  field.addEventListener('input', () => {
    isNavigating = false;
    window.clearTimeout(timer);
    if (debounceMs === 0) runSearch();
    else timer = window.setTimeout(runSearch, debounceMs);
  });
  field.addEventListener('click', () => {
    if (popup.hidden) runSearch();
  });
  field.addEventListener('blur', close);
  // A press on the list, or on its scroll bar, must not take the focus from the field.
  popup.addEventListener('pointerdown', (event) => {
    event.preventDefault();
  });
  popup.addEventListener('mousedown', (event) => {
    event.preventDefault();
  });
  // As HTMLElement, because the events of the union are untyped.
  (field as HTMLElement).addEventListener('keydown', (event) => {
    if (queryOf(field.value) === undefined || (isMultiline && popup.hidden)) return;
    const isSelection = event.key === 'Enter' || (event.key === 'Tab' && autoSelect);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      moveActive(event.key === 'ArrowDown' ? 1 : -1);
    } else if (isSelection && active !== -1) select(active);
    else if (event.key === 'Escape' && !popup.hidden) close();
    else return;
    // The default would move the caret, deploy or close the form.
    event.preventDefault();
    event.stopPropagation();
  });
  return { close };
}
