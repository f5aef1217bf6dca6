/** A list to choose from: check boxes where several may be chosen, radio buttons where one; with a filter when long. */
import { element } from './dom.editor';

/** One thing to choose. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  /** A few words more. */
  readonly summary?: string;
}

/** What a list is like. */
export interface PickListOptions {
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  /** Whether more than one may be chosen. */
  readonly several: boolean;
  /** What the list is called, for those who cannot see it. */
  readonly title: string;
  /** Told after every change. */
  readonly changed: (chosen: string[]) => void;
  /** Puts a field to filter the list above it. */
  readonly filter?: { readonly placeholder: string; readonly none: string };
  /** Several choices in a line, where they are short. */
  readonly compact?: boolean;
}

let lists = 0;

function row(choice: Choice, name: string, { chosen, several }: PickListOptions): HTMLLabelElement {
  const input = element('input', {
    type: several ? 'checkbox' : 'radio',
    name,
    value: choice.value,
    checked: chosen.includes(choice.value),
  });
  const words = [element('span', { class: 'wechat-pick-name' }, choice.label)];
  if (choice.summary) words.push(element('span', { class: 'wechat-pick-summary' }, choice.summary));
  return element('label', {}, input, ...words);
}

/** Puts the list into `container`, in place of what was there. */
export function showPickList(container: HTMLElement, options: PickListOptions): void {
  const { choices, title, several, filter, compact = false } = options;
  lists += 1;
  const name = `wechat-pick-${lists}`;
  const rows = choices.map((choice) => ({ choice, row: row(choice, name, options) }));
  const list = element(
    'div',
    {
      class: compact ? 'wechat-pick wechat-pick-inline' : 'wechat-pick',
      role: several ? 'group' : 'radiogroup',
      'aria-label': title,
    },
    ...rows.map((each) => each.row),
  );
  list.addEventListener('change', () => {
    options.changed([...list.querySelectorAll<HTMLInputElement>('input:checked')].map(({ value }) => value));
  });
  container.replaceChildren(list);
  if (filter) {
    const none = element('div', { class: 'wechat-pick-none', hidden: true }, filter.none);
    const field = element('input', {
      type: 'search',
      class: 'wechat-pick-filter',
      placeholder: filter.placeholder,
      'aria-label': filter.placeholder,
    });
    field.addEventListener('input', () => {
      const wanted = field.value.trim().toLowerCase();
      for (const { choice, row: shown } of rows) {
        shown.hidden = !`${choice.label} ${choice.summary ?? ''}`.toLowerCase().includes(wanted);
      }
      none.hidden = rows.some(({ row: shown }) => !shown.hidden);
    });
    // The form's own key handling would deploy on Enter.
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') event.preventDefault();
    });
    list.append(none);
    container.prepend(field);
  }
  const first = list.querySelector<HTMLInputElement>('input:checked')?.parentElement;
  if (first) list.scrollTop = first.offsetTop - list.offsetTop;
}
