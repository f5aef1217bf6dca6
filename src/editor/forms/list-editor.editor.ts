/** An editable list of texts. */
import type { SearchScope } from './directory-search.editor';
import type { Translator } from '../ui/translate.editor';
import { element } from '../ui/dom.editor';
import { attachNameSuggestions } from './name-field.editor';

/** Options of a list editor. */
export interface ListEditorOptions {
  readonly row: { readonly name: string; readonly label: string; readonly scope?: SearchScope };
  readonly node: Translator;
  /** Called after every change. */
  readonly onChange: () => void;
}

/** A list editor. */
export interface ListEditor {
  readonly root: HTMLElement;
  /** The texts, empty ones included. */
  items(): string[];
}

/** Adds a list editor to a form row. */
export function listEditor(
  formRow: HTMLElement,
  saved: readonly string[],
  { row, node, onChange }: ListEditorOptions,
): ListEditor {
  const lines = element('ol', { class: 'wechat-list-lines' });
  const add = element(
    'button',
    { type: 'button', class: 'red-ui-button red-ui-button-small' },
    element('i', { class: 'fa fa-plus', 'aria-hidden': 'true' }),
    ` ${node._('field.add')}`,
  );
  add.setAttribute('aria-label', `${row.label}: ${node._('field.add')}`);
  const root = element('div', { class: 'wechat-list', role: 'group', 'aria-label': row.label }, lines, add);
  const hint = formRow.querySelector('.wechat-hint');
  if (hint) hint.before(root);
  else formRow.append(root);

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
      onChange();
    });
    input.addEventListener('input', onChange);
    $(input).on('change', onChange);
    lines.append(line);
    if (row.scope)
      attachNameSuggestions(input, { title: row.label, scope: row.scope, multiple: false }, node);
    input.addEventListener('keydown', (event) => {
      // Enter may have selected a suggestion.
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
