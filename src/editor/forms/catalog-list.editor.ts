/** Check-box lists of events, commands and other names, as saved in a property. */
import type { CommandSummary, EventSummary } from '../../admin/api-types';
import type { SavedList } from '../../nodes/shared/property-types';
import { localize } from '../api/localize.editor';
import { formElement } from '../ui/dom.editor';
import { type Choice, showCheckboxList } from '../ui/checkbox-list.editor';
import type { Translator } from '../ui/translate.editor';
import { variableField } from './variable-field.editor';

/** Options of a list. */
export interface CatalogListOptions {
  /** The id of the element that is to contain the list. */
  readonly container: string;
  /** Accessible name of the list. */
  readonly title: string;
  readonly node: Translator;
  /** The saved list, or the variable that stands for it. */
  readonly saved: SavedList;
  /** Several choices per line, for short labels. */
  readonly compact?: boolean;
  /** Called after every change. */
  readonly onChange?: () => void;
}

/** A list, which has no input that Node-RED could save. */
export interface CatalogList<Name extends string> {
  /** Shows the choices, once they are known; saved names that are not among them are kept. */
  show(choices: readonly Choice[]): void;
  /** The list to be assigned to the node in `oneditsave`; unchanged if the user has not changed it. */
  read(): SavedList<Name>;
}

/** Converts the entries of a table to choices. */
export function toChoices(table: readonly (CommandSummary | EventSummary)[]): Choice[] {
  return table.map(({ name, summary }) => ({ value: name, label: name, summary: localize(summary) }));
}

/** Adds a list of check boxes to a form; a text field for a variable. */
export function catalogList<Name extends string>({
  container,
  title,
  node,
  saved,
  compact = false,
  onChange,
}: CatalogListOptions): CatalogList<Name> {
  const root = formElement(container);
  let current = saved;
  let choices: readonly Choice[] = [];
  const change = (value: SavedList): void => {
    current = value;
    onChange?.();
  };
  const show = (): void => {
    if (typeof current === 'string') {
      const field = { title, value: current, node, onChange: change };
      root.replaceChildren(
        variableField({
          ...field,
          onReplace: () => {
            change([]);
            show();
          },
        }),
      );
      return;
    }
    const known = new Set(choices.map(({ value }) => value));
    const unknown = current.filter((name) => !known.has(name)).map((name) => ({ value: name, label: name }));
    const selected = current;
    showCheckboxList(root, {
      choices: [...choices, ...unknown],
      selected,
      multiple: true,
      title,
      compact,
      onChange: change,
    });
  };
  show();
  return {
    show: (known) => {
      // The form was closed before the runtime answered.
      if (!root.isConnected) return;
      choices = known;
      if (typeof current !== 'string') show();
    },
    read: () => current as SavedList<Name>,
  };
}
