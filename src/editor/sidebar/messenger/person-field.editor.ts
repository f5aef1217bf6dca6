/** A field to select a contact by part of a name. */
import { element } from '../../ui/dom.editor';
import type { ContactOption } from './contact-index.editor';
import { suggestions } from './suggestions.editor';

/** The field. */
export interface ContactField {
  readonly root: HTMLElement;
  /** The selected contact, if any. */
  selected(): ContactOption | undefined;
  clear(): void;
}

/**
 * Creates the field.
 * @param getOptions the available contacts
 * @param onChange called after every change of the selection
 */
export function createContactField(
  label: string,
  getOptions: () => readonly ContactOption[],
  onChange: () => void,
): ContactField {
  const field = element('input', {
    type: 'text',
    role: 'combobox',
    class: 'wechat-person',
    'aria-label': label,
    'aria-expanded': 'false',
    placeholder: label,
    autocomplete: 'off',
  });
  let contact: ContactOption | undefined;
  const list = suggestions(field, label, (candidate) => {
    contact = candidate;
    field.value = candidate.name;
    onChange();
  });

  function suggest(): void {
    list.suggest(getOptions(), contact ? '' : field.value);
  }

  field.addEventListener('input', () => {
    contact = undefined;
    onChange();
    suggest();
  });
  field.addEventListener('focus', suggest);
  field.addEventListener('click', suggest);
  field.addEventListener('keydown', (event) => {
    if (list.takeKey(event)) return;
    if (event.key === 'ArrowDown') suggest();
  });
  return {
    root: element('div', { class: 'wechat-person-field' }, field, list.root),
    selected: () => contact,
    clear() {
      contact = undefined;
      field.value = '';
      list.hide();
      onChange();
    },
  };
}
