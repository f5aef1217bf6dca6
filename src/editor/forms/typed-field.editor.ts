/** Node-RED's typed inputs, with accessible names. */
import type { WidgetTypedInputType, WidgetTypedInputTypeDefinition } from '@node-red/editor-client';
import type { Translator } from '../ui/translate.editor';

/** The sources that a typed input offers. */
export type Sources = (WidgetTypedInputType | WidgetTypedInputTypeDefinition)[];

/** Options of a typed input. */
export interface TypedFieldOptions {
  readonly default?: string;
  readonly types: Sources;
  /** Selector of the hidden input for the source, where Node-RED saves it. */
  readonly typeField?: string;
}

/** A typed input and its text field. */
export interface TypedField {
  readonly field: JQuery;
  /** The visible text field; its id is that of the field with the suffix `-value`. */
  readonly text: HTMLInputElement;
  /** The whole widget. */
  readonly box: HTMLElement;
}

/** A source that is none of Node-RED's, such as a variable: it is kept. */
function customSource(value: string): WidgetTypedInputTypeDefinition {
  return { value, label: value };
}

/** The sources of a typed input, with the saved one if it is none of them. */
export function withSavedSource(sources: Sources, saved: string): Sources {
  const isKnown = sources.some((one) => (typeof one === 'string' ? one : one.value) === saved);
  return isKnown || saved === '' ? sources : [...sources, customSource(saved)];
}

/**
 * Turns the input with this id into a typed input, labels its text field and names its buttons.
 * @throws Error when the form has no such input.
 */
export function typedField(
  id: string,
  { types, typeField, ...options }: TypedFieldOptions,
  node: Translator,
): TypedField {
  const field = $(`#${id}`);
  const saved = typeField === undefined ? '' : ($(typeField).val()?.toString() ?? '');
  field.typedInput({
    ...options,
    types: withSavedSource(types, saved),
    ...(typeField === undefined ? {} : { typeField }),
  });
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
  linkHints(text);
  return { field, text, box };
}

/** Links the hints in a field's row to the field (`aria-describedby`). */
export function linkHints(text: HTMLElement): void {
  const hints = [...(text.closest('.form-row')?.querySelectorAll('.wechat-hint') ?? [])];
  hints.forEach((hint, index) => {
    hint.id ||= `${text.id}-hint-${index}`;
  });
  if (hints.length > 0) text.setAttribute('aria-describedby', hints.map((hint) => hint.id).join(' '));
}
