/** A field to select a contact by part of a name. */
import { attachCombobox } from '../../ui/combobox.editor';
import { element } from '../../ui/dom.editor';
import { type ContactOption, contactSuggestions } from './contact-index.editor';

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
    class: 'wechat-contact',
    'aria-label': label,
    placeholder: label,
  });
  const root = element('div', { class: 'wechat-contact-field' }, field);
  let contact: ContactOption | undefined;

  function select(selected: ContactOption | undefined): void {
    contact = selected;
    onChange();
  }

  // Before the search of the combobox, which depends on it.
  field.addEventListener('input', () => select(undefined));
  const combobox = attachCombobox(field, {
    title: label,
    debounceMs: 0,
    autoSelect: true,
    queryOf: (text) => (contact ? '' : text),
    search: (query) => contactSuggestions(getOptions(), query),
    onSelect: (id) => {
      const selected = getOptions().find((option) => option.id === id);
      field.value = selected?.name ?? '';
      select(selected);
    },
  });
  return {
    root,
    selected: () => contact,
    clear() {
      field.value = '';
      combobox.close();
      select(undefined);
    },
  };
}
