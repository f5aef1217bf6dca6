/** People to pick from while typing: a list below or above a field, moved through with the field's own keys. */
import { avatar } from '../../ui/avatar.editor';
import { element } from '../../ui/dom.editor';
import type { Candidate } from './contact-index.editor';

/** The list of a field. */
export interface Suggestions {
  readonly root: HTMLElement;
  /** Shows who fits what was typed; nobody hides the list. */
  suggest(candidates: readonly Candidate[], typed: string): void;
  hide(): void;
  /** Whether the key was for the list. */
  takeKey(event: KeyboardEvent): boolean;
}

/** Nobody reads more than that; typing on narrows it down. */
const most = 30;

let lists = 0;

function fitting(candidates: readonly Candidate[], typed: string): Candidate[] {
  const wanted = typed.trim().toLowerCase();
  const found: Candidate[] = [];
  for (const candidate of candidates) {
    const { id, name, alias } = candidate;
    if (`${name}\n${alias ?? ''}\n${id}`.toLowerCase().includes(wanted)) found.push(candidate);
    if (found.length === most) break;
  }
  return found;
}

/** Makes the list for `field`; `picked` is told who was picked. */
export function suggestions(
  field: HTMLInputElement | HTMLTextAreaElement,
  label: string,
  picked: (candidate: Candidate) => void,
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
  let shown: readonly Candidate[] = [];
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

  function pick(candidate: Candidate): void {
    hide();
    picked(candidate);
  }

  function optionOf(candidate: Candidate, index: number): HTMLElement {
    const { name, alias } = candidate;
    const option = element(
      'div',
      { role: 'option', id: `${id}-${index}`, class: 'wechat-suggestion' },
      avatar({ id: candidate.id, name }),
      element('span', { class: 'wechat-suggestion-name' }, name),
      ...(alias ? [element('span', { class: 'wechat-suggestion-alias' }, alias)] : []),
    );
    option.addEventListener('click', () => pick(candidate));
    return option;
  }

  hide();
  // The focus stays in the field, whatever is clicked here.
  root.addEventListener('mousedown', (event) => event.preventDefault());
  field.addEventListener('blur', hide);
  return {
    root,
    hide,
    suggest(candidates, typed) {
      shown = fitting(candidates, typed);
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
