/** Suggested contacts while typing: a list box controlled by the keys of its field. */
import { createAvatar } from '../../ui/avatar.editor';
import { element } from '../../ui/dom.editor';
import type { ContactOption } from './contact-index.editor';

/** The suggestions of a field. */
export interface Suggestions {
  readonly root: HTMLElement;
  /** Shows the contacts that match the text; hides the list when there are none. */
  suggest(candidates: readonly ContactOption[], typed: string): void;
  hide(): void;
  /** Handles a key. @returns whether the list used it */
  takeKey(event: KeyboardEvent): boolean;
}

/** Maximum suggestions shown. */
const maxShown = 30;

let lists = 0;

function matching(candidates: readonly ContactOption[], typed: string): ContactOption[] {
  const query = typed.trim().toLowerCase();
  const found: ContactOption[] = [];
  for (const candidate of candidates) {
    const { id, name, alias } = candidate;
    if (`${name}\n${alias ?? ''}\n${id}`.toLowerCase().includes(query)) found.push(candidate);
    if (found.length === maxShown) break;
  }
  return found;
}

/** Creates the list of a field; `onSelect` is called with the selected contact. */
export function suggestions(
  field: HTMLInputElement | HTMLTextAreaElement,
  label: string,
  onSelect: (candidate: ContactOption) => void,
): Suggestions {
  lists += 1;
  const id = `wechat-suggestions-${lists}`;
  const root = element('div', {
    id,
    class: 'wechat-suggestions',
    role: 'listbox',
    'aria-label': label,
    hidden: true,
    tabindex: 0,
  });
  const isCombobox = field.getAttribute('role') === 'combobox';
  let shown: readonly ContactOption[] = [];
  let active = 0;

  field.setAttribute('aria-controls', id);
  field.setAttribute('aria-autocomplete', 'list');

  function hide(): void {
    shown = [];
    root.hidden = true;
    root.replaceChildren();
    field.removeAttribute('aria-activedescendant');
    if (isCombobox) field.setAttribute('aria-expanded', 'false');
  }

  function point(): void {
    for (const [index, option] of [...root.children].entries()) {
      option.setAttribute('aria-selected', String(index === active));
      if (index === active) option.scrollIntoView({ block: 'nearest' });
    }
    field.setAttribute('aria-activedescendant', `${id}-${active}`);
  }

  function pick(candidate: ContactOption): void {
    hide();
    onSelect(candidate);
  }

  function optionOf(candidate: ContactOption, index: number): HTMLElement {
    const { name, alias } = candidate;
    const option = element(
      'div',
      { role: 'option', id: `${id}-${index}`, class: 'wechat-suggestion' },
      createAvatar({ id: candidate.id, name }),
      element('span', { class: 'wechat-suggestion-name' }, name),
      ...(alias ? [element('span', { class: 'wechat-suggestion-alias' }, alias)] : []),
    );
    option.addEventListener('click', () => pick(candidate));
    return option;
  }

  hide();
  // A click on the list must not take the focus from the field.
  root.addEventListener('mousedown', (event) => event.preventDefault());
  field.addEventListener('blur', hide);
  return {
    root,
    hide,
    suggest(candidates, typed) {
      shown = matching(candidates, typed);
      if (shown.length === 0) {
        hide();
        return;
      }
      active = 0;
      root.replaceChildren(...shown.map(optionOf));
      root.hidden = false;
      if (isCombobox) field.setAttribute('aria-expanded', 'true');
      point();
    },
    takeKey(event) {
      if (shown.length === 0) return false;
      const candidate = shown[active];
      if (event.key === 'ArrowDown') active = (active + 1) % shown.length;
      else if (event.key === 'ArrowUp') active = (active + shown.length - 1) % shown.length;
      else if (event.key === 'Escape') hide();
      else if ((event.key === 'Enter' || event.key === 'Tab') && candidate) pick(candidate);
      else return false;
      if (shown.length > 0) point();
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}
