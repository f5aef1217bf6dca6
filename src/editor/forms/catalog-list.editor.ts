/** Check-box lists of events and commands. */
import type { CommandSummary, EventSummary } from '../../admin/api-types';
import { localize } from '../api/localize.editor';
import { formElement } from '../ui/dom.editor';
import { type Choice, showCheckboxList } from '../ui/checkbox-list.editor';

/** Options of a list. */
export interface CatalogListOptions {
  /** Accessible name of the list. */
  readonly title: string;
  readonly choices: readonly Choice[];
  /** Selected names; those that are not among the choices, because another version saved the flow, are kept. */
  readonly selected: readonly string[];
  /** Called with the selected names after every change. */
  readonly onChange: (selected: string[]) => void;
}

/** Converts the entries of a table to choices. */
export function toChoices(table: readonly (CommandSummary | EventSummary)[]): Choice[] {
  return table.map(({ name, summary }) => ({ value: name, label: name, summary: localize(summary) }));
}

/** Shows a list of check boxes in the element with this id. */
export function showCatalogList(
  container: string,
  { title, choices, selected, onChange }: CatalogListOptions,
): void {
  const known = new Set(choices.map(({ value }) => value));
  const unknown = selected.filter((name) => !known.has(name)).map((name) => ({ value: name, label: name }));
  showCheckboxList(formElement(container), {
    choices: [...choices, ...unknown],
    selected,
    multiple: true,
    title,
    onChange,
  });
}
