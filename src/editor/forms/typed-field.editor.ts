/** Node-RED's typed inputs, with names for those who cannot see them. */
import type { WidgetTypedInputOptions, WidgetTypedInputTypeDefinition } from '@node-red/editor-client';
import type { Translator } from '../ui/translate';

/** A type of a typed input that is not one of Node-RED's own, with what its published types leave out. */
export interface OwnType extends WidgetTypedInputTypeDefinition {
  /** Shows something of ours in place of the text field; called anew after each change of the value. */
  valueLabel?(container: JQuery, value: string): void;
}

/** A typed input and its text field. */
export interface TypedField {
  readonly field: JQuery;
  /** What is typed into; it has the id of the field with `-value` after it. */
  readonly text: HTMLInputElement;
  /** All of it, as seen. */
  readonly box: HTMLElement;
}

/**
 * Makes the input with this id a typed one. Its label leads to what is typed into, and its buttons have names.
 * @throws Error when the form has no such input.
 */
export function typedField(id: string, options: WidgetTypedInputOptions, node: Translator): TypedField {
  const field = $(`#${id}`);
  field.typedInput(options);
  const box = field.next('.red-ui-typedInput-container')[0];
  const text = box?.querySelector<HTMLInputElement>('.red-ui-typedInput-input');
  if (!box || !text) throw new Error(`the form has no typed input #${id}`);
  text.id = `${id}-value`;
  const label = document.querySelector<HTMLLabelElement>(`label[for="${id}"]`);
  if (label) {
    label.htmlFor = text.id;
    label.id = `${id}-label`;
    for (const [part, key] of [
      ['type-select', 'field.source'],
      ['option-trigger', 'field.options'],
      ['option-expand', 'field.expand'],
    ] as const) {
      const button = box.querySelector(`.red-ui-typedInput-${part}`);
      button?.setAttribute('aria-label', `${label.textContent.trim()}: ${node._(key)}`);
    }
  }
  describe(text);
  return { field, text, box };
}

/** Ties the hint in a field's row to the field. */
export function describe(text: HTMLElement): void {
  const hints = [...(text.closest('.form-row')?.querySelectorAll('.wechat-hint') ?? [])];
  hints.forEach((hint, index) => {
    hint.id ||= `${text.id}-hint-${index}`;
  });
  if (hints.length > 0) text.setAttribute('aria-describedby', hints.map((hint) => hint.id).join(' '));
}
