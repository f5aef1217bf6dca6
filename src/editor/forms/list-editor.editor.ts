/** Texts one below the other, to add to and take away from. */
import type { Whereabouts } from './directory-search.editor';
import type { Translator } from '../ui/translate';
import { element } from '../ui/dom.editor';
import { suggestNames } from './name-field.editor';

/** What a list is of. */
export interface ListOptions {
  readonly row: { readonly name: string; readonly label: string; readonly where?: Whereabouts };
  readonly node: Translator;
  /** Told after every change. */
  readonly changed: () => void;
}

/** A list on the page. */
export interface ListRows {
  readonly root: HTMLElement;
  /** What it holds, empty lines included. */
  items(): string[];
}

/** Puts an editable list at the end of a form's row. */
export function listBelow(
  place: HTMLElement,
  saved: readonly string[],
  { row, node, changed }: ListOptions,
): ListRows {
  const lines = element('ol', { class: 'wechat-list-lines' });
  const add = element(
    'button',
    { type: 'button', class: 'red-ui-button red-ui-button-small' },
    element('i', { class: 'fa fa-plus', 'aria-hidden': 'true' }),
    ` ${node._('field.add')}`,
  );
  add.setAttribute('aria-label', `${row.label}: ${node._('field.add')}`);
  const root = element('div', { class: 'wechat-list', role: 'group', 'aria-label': row.label }, lines, add);
  const hint = place.querySelector('.wechat-hint');
  if (hint) hint.before(root);
  else place.append(root);

  const addLine = (text: string): HTMLInputElement => {
    const input = element('input', { type: 'text', class: 'wechat-list-text', 'aria-label': row.label });
    input.value = text;
    const remove = element(
      'button',
      { type: 'button', class: 'red-ui-button red-ui-button-small', 'aria-label': node._('field.remove') },
      element('i', { class: 'fa fa-remove', 'aria-hidden': 'true' }),
    );
    const line = element('li', {}, element('div', { class: 'wechat-list-line' }, input, remove));
    remove.addEventListener('click', () => {
      line.remove();
      add.focus();
      changed();
    });
    input.addEventListener('input', changed);
    $(input).on('change', changed);
    lines.append(line);
    if (row.where) suggestNames(input, { title: row.label, where: row.where, several: false }, node);
    input.addEventListener('keydown', (event) => {
      // Enter may have picked a suggestion.
      if (event.key !== 'Enter' || event.defaultPrevented) return;
      event.preventDefault();
      addLine('').focus();
    });
    return input;
  };

  for (const text of saved.length > 0 ? saved : ['']) addLine(text);
  add.addEventListener('click', () => {
    addLine('').focus();
  });
  return {
    root,
    items: () => [...lines.querySelectorAll('input')].map(({ value }) => value.trim()),
  };
}
