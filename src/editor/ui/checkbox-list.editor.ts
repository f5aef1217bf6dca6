/** A list of check boxes, or of radio buttons where only one choice is allowed. */
import { element } from './dom.editor';

/** One choice. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  /** A short description. */
  readonly summary?: string;
}

/** Options of a list. */
export interface CheckboxListOptions {
  readonly choices: readonly Choice[];
  readonly selected: readonly string[];
  /** Whether more than one choice may be selected. */
  readonly multiple: boolean;
  /** Accessible name of the list. */
  readonly title: string;
  /** Called with the selected values after every change. */
  readonly onChange: (selected: string[]) => void;
  /** Several choices per line, for short labels. */
  readonly compact?: boolean;
}

let listCount = 0;

function createRow(
  choice: Choice,
  name: string,
  { selected, multiple }: CheckboxListOptions,
): HTMLLabelElement {
  const input = element('input', {
    type: multiple ? 'checkbox' : 'radio',
    name,
    value: choice.value,
    checked: selected.includes(choice.value),
  });
  const texts = [element('span', { class: 'wechat-pick-name' }, choice.label)];
  if (choice.summary) texts.push(element('span', { class: 'wechat-pick-summary' }, choice.summary));
  return element('label', {}, input, ...texts);
}

/** Replaces the content of `container` by the list. */
export function showCheckboxList(container: HTMLElement, options: CheckboxListOptions): void {
  const { choices, title, multiple, compact = false } = options;
  listCount += 1;
  const name = `wechat-pick-${listCount}`;
  const list = element(
    'div',
    {
      class: compact ? 'wechat-pick wechat-pick-inline' : 'wechat-pick',
      role: multiple ? 'group' : 'radiogroup',
      'aria-label': title,
    },
    ...choices.map((choice) => createRow(choice, name, options)),
  );
  list.addEventListener('change', () => {
    options.onChange([...list.querySelectorAll<HTMLInputElement>('input:checked')].map(({ value }) => value));
  });
  container.replaceChildren(list);
  const first = list.querySelector<HTMLInputElement>('input:checked')?.parentElement;
  if (first) list.scrollTop = first.offsetTop - list.offsetTop;
}
