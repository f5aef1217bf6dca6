/** Fields for environment variables that stand for a value, or for a whole list, which the form's input cannot hold. */
import { element } from '../ui/dom.editor';
import type { Translator } from '../ui/translate.editor';

/** Whether Node-RED replaces a saved value by that of an environment variable. */
export function isVariable(saved: unknown): saved is string {
  return typeof saved === 'string' && /^\$\{[^}]+\}$/.test(saved.trim());
}

/** Options of a variable field. */
export interface VariableFieldOptions {
  /** The id of the text field; under that of a property, Node-RED saves the text. */
  readonly id?: string;
  /** Accessible name. */
  readonly title: string;
  readonly value: string;
  readonly node: Translator;
  /** Called with the text after every change. */
  readonly onChange?: (value: string) => void;
  /** Called when the user wants the usual input instead. */
  readonly onReplace: () => void;
}

/** A text field with the variable and a button that replaces it by the usual input. */
export function variableField({
  id,
  title,
  value,
  node,
  onChange,
  onReplace,
}: VariableFieldOptions): HTMLElement {
  const input = element('input', { type: 'text', 'aria-label': title, ...(id === undefined ? {} : { id }) });
  input.value = value;
  input.addEventListener('input', () => onChange?.(input.value));
  const replace = element(
    'button',
    {
      type: 'button',
      class: 'red-ui-button red-ui-button-small',
      'aria-label': `${title}: ${node._('field.replaceVariable')}`,
    },
    node._('field.replaceVariable'),
  );
  replace.addEventListener('click', onReplace);
  return element('span', { class: 'wechat-variable' }, input, ' ', replace);
}
