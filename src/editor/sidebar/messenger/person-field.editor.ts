/** A field to pick one person from many by typing part of a name. */
import { element } from '../../ui/dom.editor';
import type { Candidate } from './contact-index.editor';
import { suggestions } from './suggestions.editor';

/** The field. */
export interface PersonField {
  readonly root: HTMLElement;
  /** Who is picked; undefined while nobody is. */
  picked(): Candidate | undefined;
  clear(): void;
}

/**
 * Makes the field.
 * @param candidates who can be picked now
 * @param changed told when somebody is picked, or nobody any more
 */
export function personField(
  label: string,
  candidates: () => readonly Candidate[],
  changed: () => void,
): PersonField {
  const field = element('input', {
    type: 'text',
    role: 'combobox',
    class: 'wechat-person',
    'aria-label': label,
    'aria-expanded': 'false',
    placeholder: label,
    autocomplete: 'off',
  });
  let person: Candidate | undefined;
  const list = suggestions(field, label, (candidate) => {
    person = candidate;
    field.value = candidate.name;
    changed();
  });

  function suggest(): void {
    list.suggest(candidates(), person ? '' : field.value);
  }

  field.addEventListener('input', () => {
    person = undefined;
    changed();
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
    picked: () => person,
    clear() {
      person = undefined;
      field.value = '';
      list.hide();
      changed();
    },
  };
}
