/**
 * Prepares the form of a node for all values that may be saved: those of an older version, of a program or written by
 * hand, and environment variables.
 */
import type { Declaration } from '../../nodes/shared/declaration';
import { completeProperties, type Versioned } from '../../nodes/shared/migrations';
import type { PropertyType } from '../../nodes/shared/property-types';
import { element } from '../ui/dom.editor';
import type { Translator } from '../ui/translate.editor';
import { isVariable, variableField } from './variable-field.editor';

/** A node of the editor, of which Node-RED's published types lack the definition. */
interface FormNode extends Translator {
  readonly _def?: { readonly category?: string };
}

/** The input of a property. The form of a bot opens above that of a node, which may have inputs of the same names. */
function inputOf({ _def }: FormNode, name: string): JQuery {
  return $(`#${_def?.category === 'config' ? 'node-config-input' : 'node-input'}-${name}`);
}

/** Shows a value in an input, which Node-RED has filled only where it has an equal choice. */
function showValue(input: JQuery, value: unknown): void {
  if (input.is(':checkbox')) input.prop('checked', value === true);
  else if (!Array.isArray(value)) input.val(String(value));
}

/** Keeps a value that is none of a list's choices. */
function addChoice(select: JQuery, value: string): void {
  const known = select.find('option').toArray();
  if (known.some((option) => option.value === value)) return;
  select.append(element('option', { value }, value));
  select.val(value);
}

/** Replaces a check box by a field with the variable, until the user chooses to have the check box. */
function showVariable(input: JQuery, title: string, value: string, node: Translator): void {
  const [box] = input.toArray();
  if (!box) return;
  const { id } = box;
  const field = variableField({
    id,
    title,
    value,
    node,
    onReplace: () => {
      field.remove();
      box.id = id;
      input.show().trigger('change');
      box.focus();
    },
  });
  box.removeAttribute('id');
  input.hide().prop('checked', false).after(field);
}

/**
 * Migrates the properties of a node, sets the missing ones, and shows those that the inputs of the form cannot hold;
 * must be called first in `oneditprepare`.
 */
export function prepareForm<Saved extends object, Values extends object>(
  node: Partial<Saved & Versioned> & FormNode,
  { types, defaults, migrations }: Declaration<Saved, Values>,
): void {
  const complete = completeProperties(node, defaults, migrations);
  for (const name of Object.keys(defaults) as (keyof Saved & string)[]) {
    if (node[name] === complete[name]) continue;
    Object.assign(node, { [name]: structuredClone(complete[name]) });
    showValue(inputOf(node, name), complete[name]);
  }
  for (const [name, { kind }] of Object.entries<PropertyType<unknown, unknown>>(types)) {
    const input = inputOf(node, name);
    const value: unknown = complete[name as keyof typeof complete];
    if (input.is('select') && value !== '') addChoice(input, String(value));
    if (kind === 'boolean' && isVariable(value)) showVariable(input, node._(`label.${name}`), value, node);
  }
}
