/** Lists of events and commands to choose from. */
import { type CommandSummary, type EventSummary, inEditorLanguage } from '../api/admin-client.editor';
import { formElement } from '../ui/dom.editor';
import { type Choice, showPickList } from '../ui/checkbox-list.editor';

/** What a list of names is like. */
export interface NameListOptions {
  /** What the list is called, for those who cannot see it. */
  readonly title: string;
  readonly choices: readonly Choice[];
  /** Names that are chosen; those that are no choice, because another version made the flow, stay. */
  readonly chosen: readonly string[];
  /** Told after every change. */
  readonly changed: (chosen: string[]) => void;
}

/** The entries of a table as choices. */
export function choicesOf(table: readonly (CommandSummary | EventSummary)[]): Choice[] {
  return table.map(({ name, summary }) => ({ value: name, label: name, summary: inEditorLanguage(summary) }));
}

/** Puts a list of which several may be chosen into the element with this id. */
export function showNames(container: string, { title, choices, chosen, changed }: NameListOptions): void {
  const known = new Set(choices.map(({ value }) => value));
  const others = chosen.filter((name) => !known.has(name)).map((name) => ({ value: name, label: name }));
  showPickList(formElement(container), {
    choices: [...choices, ...others],
    chosen,
    several: true,
    title,
    changed,
  });
}
