/**
 * Suggestions under a text field: the combobox of the ARIA Authoring Practices. The field stays a text field; what is
 * typed counts, whether it was suggested or not.
 *
 * Node-RED's own `autoComplete` moves the focus into its menu, lets Enter replace what was typed by the first entry
 * and has no place for a word such as "not logged in", which is why it is not used here.
 */
import { avatar, type Face } from './avatar.editor';
import { element } from './dom.editor';

/** Something that can be picked. */
export interface Suggestion {
  /** What the pick writes into the field. */
  readonly value: string;
  readonly label: string;
  /** A few words more, paler. */
  readonly detail?: string;
  /** Whose it is, where it is somebody's. */
  readonly face?: Face;
  /** The heading it stands under. */
  readonly group?: string;
}

/** What a search found. */
export interface Suggestions {
  readonly entries: readonly Suggestion[];
  /** A sentence under the entries, or in their place. */
  readonly notice?: string;
  /** There may be more in a moment. */
  readonly unfinished?: boolean;
}

/** What a field suggests. */
export interface ComboboxOptions {
  /** What the list is called, for those who cannot see it. */
  readonly title: string;
  /** Shown until the first answer is there. */
  readonly searching: string;
  /** Finds suggestions; rejections are not shown, so it turns its failures into notices. */
  readonly search: (query: string, signal: AbortSignal) => Promise<Suggestions>;
  /** The part of the text that is searched for, or undefined where nothing can be suggested. */
  readonly queryOf?: (text: string) => string | undefined;
  /** The text after a pick. */
  readonly textAfter?: (picked: string, text: string) => string;
  /** The box under which the list stands; the field itself unless told. */
  readonly anchor?: HTMLElement;
}

/** Time without a key after which a search begins, in ms: less than a glance, more than a keystroke. */
const typingPause = 150;

/** Time after which a search that was unfinished is repeated, in ms. */
const nextLook = 1000;

/** The height the list wants, in px. */
const wantedHeight = 260;

let lists = 0;

function row(entry: Suggestion, id: string): HTMLElement {
  const option = element('div', { role: 'option', id, class: 'wechat-option', 'aria-selected': 'false' });
  if (entry.face) option.append(avatar(entry.face));
  option.append(element('span', { class: 'wechat-option-label' }, entry.label));
  if (entry.detail) option.append(element('span', { class: 'wechat-option-detail' }, entry.detail));
  return option;
}

/** Lets a field suggest. The list lives beside the field and goes away with it. */
export function suggest(field: HTMLInputElement, options: ComboboxOptions): void {
  const {
    title,
    searching,
    search,
    queryOf = (text: string) => text,
    textAfter = (picked: string) => picked,
  } = options;
  const anchor = options.anchor ?? field;
  lists += 1;
  const id = `wechat-list-${lists}`;
  const list = element('div', { role: 'listbox', id, 'aria-label': title });
  const notice = element('div', { class: 'wechat-options-notice', role: 'status' });
  const popup = element('div', { class: 'wechat-options', hidden: true }, list, notice);
  anchor.after(popup);
  field.setAttribute('autocomplete', 'off');
  field.setAttribute('role', 'combobox');
  field.setAttribute('aria-autocomplete', 'list');
  field.setAttribute('aria-controls', id);
  field.setAttribute('aria-expanded', 'false');

  let entries: readonly Suggestion[] = [];
  let rows: HTMLElement[] = [];
  let active = -1;
  let timer: number | undefined;
  let asking: AbortController | undefined;

  function place(): void {
    const { left, top, bottom, width } = anchor.getBoundingClientRect();
    const below = window.innerHeight - bottom - 8;
    const upwards = below < wantedHeight && top > below;
    popup.style.left = `${left}px`;
    popup.style.width = `${Math.max(width, 220)}px`;
    popup.style.maxHeight = `${Math.min(wantedHeight, upwards ? top - 8 : below)}px`;
    popup.style.top = upwards ? 'auto' : `${bottom + 2}px`;
    popup.style.bottom = upwards ? `${window.innerHeight - top + 2}px` : 'auto';
  }

  function activate(index: number): void {
    rows[active]?.setAttribute('aria-selected', 'false');
    active = index;
    const chosen = rows[active];
    if (chosen) {
      chosen.setAttribute('aria-selected', 'true');
      chosen.scrollIntoView({ block: 'nearest' });
      field.setAttribute('aria-activedescendant', chosen.id);
    } else field.removeAttribute('aria-activedescendant');
  }

  function open(): void {
    if (!popup.hidden) return;
    popup.hidden = false;
    window.addEventListener('scroll', place, true);
    window.addEventListener('resize', place);
    place();
  }

  function close(): void {
    window.clearTimeout(timer);
    asking?.abort();
    asking = undefined;
    popup.hidden = true;
    window.removeEventListener('scroll', place, true);
    window.removeEventListener('resize', place);
    field.setAttribute('aria-expanded', 'false');
    activate(-1);
  }

  function pick(index: number): void {
    const entry = entries[index];
    if (!entry) return;
    field.value = textAfter(entry.value, field.value);
    close();
    field.focus();
    // Through jQuery, as Node-RED's own widgets listen there.
    $(field).trigger('change');
  }

  function show(found: Suggestions): void {
    entries = found.entries;
    activate(-1);
    rows = entries.map((entry, index) => {
      const made = row(entry, `${id}-${index}`);
      made.addEventListener('click', () => {
        pick(index);
      });
      return made;
    });
    const groups = new Map<string, HTMLElement[]>();
    rows.forEach((made, index) => {
      const group = entries[index]?.group ?? '';
      groups.set(group, [...(groups.get(group) ?? []), made]);
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
    notice.textContent = found.notice ?? '';
    field.setAttribute('aria-expanded', String(rows.length > 0));
    open();
  }

  function look(): void {
    asking?.abort();
    const query = queryOf(field.value);
    if (query === undefined) {
      close();
      return;
    }
    const current = new AbortController();
    asking = current;
    if (popup.hidden) show({ entries: [], notice: searching });
    search(query, current.signal).then(
      (found) => {
        if (current.signal.aborted) return;
        // What somebody has begun to walk through does not change under the feet.
        if (active === -1) show(found);
        if (found.unfinished) timer = window.setTimeout(look, nextLook);
      },
      () => undefined,
    );
  }

  function step(by: number): void {
    if (popup.hidden) look();
    else if (rows.length > 0) {
      const next = active === -1 && by < 0 ? rows.length - 1 : active + by;
      activate((next + rows.length) % rows.length);
    }
  }

  field.addEventListener('input', () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, typingPause);
  });
  field.addEventListener('click', () => {
    if (popup.hidden) look();
  });
  field.addEventListener('blur', close);
  // A press on the list must not take the focus from the field, not even one on its scroll bar.
  popup.addEventListener('pointerdown', (event) => {
    event.preventDefault();
  });
  popup.addEventListener('mousedown', (event) => {
    event.preventDefault();
  });
  field.addEventListener('keydown', (event) => {
    if (queryOf(field.value) === undefined) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      step(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && active !== -1) pick(active);
    else if (event.key === 'Escape' && !popup.hidden) close();
    else return;
    // The form's own keys would move the caret, deploy or close the form.
    event.preventDefault();
    event.stopPropagation();
  });
}
