/**
 * Editor of an object: a row per field, whose value is a literal or comes from the message, a context or an expression.
 * The values are saved as the `Fields` of `typed-inputs.ts`.
 */
import type { WidgetTypedInputType, WidgetTypedInputTypeDefinition } from '@node-red/editor-client';
import type { Field, Fields, FieldSource } from '../../nodes/shared/typed-inputs';
import type { SearchScope } from './directory-search.editor';
import type { Translator } from '../ui/translate.editor';
import { element } from '../ui/dom.editor';
import { listEditor } from './list-editor.editor';
import { attachTypedNameSuggestions } from './name-field.editor';
import { typedField, type TypedField } from './typed-field.editor';

/** The kind of a field. */
export type FieldKind =
  | { readonly kind: 'text' | 'number' | 'file' | 'json' }
  /** `defaultOn` is the state while nothing is saved. */
  | { readonly kind: 'switch'; readonly defaultOn: boolean }
  | {
      readonly kind: 'choice';
      readonly choices: readonly { readonly value: string; readonly label: string }[];
      /** The choice while nothing is saved, where there is one. */
      readonly defaultValue?: string;
    }
  | { readonly kind: 'name'; readonly scope: SearchScope }
  /** A list of texts or names. */
  | { readonly kind: 'list'; readonly scope?: SearchScope }
  /** A custom input, mounted after the label; `mount` returns the function that reads it. */
  | {
      readonly kind: 'custom';
      readonly mount: (id: string, saved: Field | undefined) => () => Field | undefined;
    };

/** One row. */
export type FieldRow = FieldKind & {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly required: boolean;
};

/** An object editor. */
export interface ObjectEditor {
  /** The values; empty fields that are not required are omitted. */
  read(): Fields;
  /** The typed input of a row. */
  typed(name: string): TypedField | undefined;
}

/** Options of an object editor. */
export interface ObjectEditorOptions {
  /** Prefix of the inputs' ids. */
  readonly prefix: string;
  readonly saved: Fields;
  readonly node: Translator;
  /** Called after every change. */
  readonly onChange: () => void;
}

const dynamicSources = ['msg', 'flow', 'global', 'env', 'jsonata'] as const;

/** The sources in which a list is written as JSON. */
const listType = 'list';

/** A check box in the place of the text field. */
function switchType(row: FieldRow & { kind: 'switch' }, node: Translator): WidgetTypedInputTypeDefinition {
  return {
    value: 'bool',
    label: node._('field.switch'),
    icon: 'red/images/typedInput/bool.svg',
    valueLabel(container, value) {
      const box = element('input', { type: 'checkbox', 'aria-label': row.label, class: 'wechat-yes-no' });
      box.checked = value === '' ? row.defaultOn : value === 'true';
      box.addEventListener('change', () => {
        this.value(String(box.checked));
        container.find('input').trigger('focus');
      });
      container.append(box);
    },
  };
}

/** A select box in the place of the text field. */
function choiceType(row: FieldRow & { kind: 'choice' }, node: Translator): WidgetTypedInputTypeDefinition {
  return {
    value: 'str',
    label: node._('field.choice'),
    icon: 'fa fa-list-ul',
    valueLabel(container, value) {
      const box = element('select', { 'aria-label': row.label, class: 'wechat-choice' });
      const known = row.choices.some((choice) => choice.value === value);
      const unknown = known || value === '' ? [] : [{ value, label: value }];
      const none =
        row.required || row.defaultValue !== undefined
          ? []
          : [{ value: '', label: node._('field.automatic') }];
      for (const choice of [...none, ...unknown, ...row.choices]) {
        box.append(element('option', { value: choice.value }, choice.label));
      }
      box.value = value === '' ? (row.defaultValue ?? '') : value;
      box.addEventListener('change', () => {
        this.value(box.value);
        container.find('select').trigger('focus');
      });
      container.append(box);
    },
  };
}

/** The definition of a saved source that is not offered. */
function savedType(type: string): WidgetTypedInputType | WidgetTypedInputTypeDefinition {
  const own = ['num', 'bool', 'json', 'bin', 'str'].includes(type);
  return own ? (type as WidgetTypedInputType) : { value: type, label: type };
}

/** The sources of a row, the default first. */
function typesOf(row: FieldRow, node: Translator): (WidgetTypedInputType | WidgetTypedInputTypeDefinition)[] {
  switch (row.kind) {
    case 'text':
    case 'name':
      return ['str', ...dynamicSources];
    case 'number':
      return ['num', ...dynamicSources];
    case 'file':
      return [{ value: 'str', label: node._('field.path'), icon: 'fa fa-file-o' }, 'bin', ...dynamicSources];
    case 'json':
      return ['json', ...dynamicSources];
    case 'switch':
      return [switchType(row, node), ...dynamicSources];
    case 'choice':
      return [choiceType(row, node), ...dynamicSources];
    case 'custom':
      return [];
    case 'list':
      return [
        { value: listType, label: node._('field.list'), icon: 'fa fa-list-ol', hasValue: false },
        ...dynamicSources,
      ];
  }
}

/** Parses a list saved as JSON; any other value is its only item. */
function parseItems({ type, value }: Field): string[] {
  if (type !== 'json') return value === '' ? [] : [value];
  try {
    const parsed: unknown = JSON.parse(value);
    return (Array.isArray(parsed) ? parsed : [parsed]).map((item) =>
      typeof item === 'string' ? item : JSON.stringify(item),
    );
  } catch {
    return [];
  }
}

/** A rendered row. */
interface RenderedRow {
  readonly name: string;
  readonly typed?: TypedField;
  readonly read: () => Field | undefined;
}

function listField(items: readonly string[]): Field | undefined {
  const filled = items.filter((item) => item !== '');
  return filled.length > 0 ? { type: 'json', value: JSON.stringify(filled) } : undefined;
}

function readField(row: FieldRow, typed: TypedField): Field | undefined {
  const type = typed.field.typedInput('type') as FieldSource;
  const value = typed.field.typedInput('value');
  if (row.kind === 'switch' && type === 'bool') {
    const on = value === '' ? row.defaultOn : value === 'true';
    return on === row.defaultOn && !row.required ? undefined : { type, value: String(on) };
  }
  return value === '' && !(row.required && type === 'str') ? undefined : { type, value };
}

function addRow(container: HTMLElement, row: FieldRow, options: ObjectEditorOptions): RenderedRow {
  const { prefix, saved, node, onChange } = options;
  const id = `${prefix}-${row.name}`;
  const field = Object.hasOwn(saved, row.name) ? saved[row.name] : undefined;
  const isList =
    row.kind === 'list' && (field === undefined || field.type === 'json' || field.type === 'str');
  const mark = row.required
    ? [element('span', { class: 'wechat-required', title: node._('field.required') }, '*')]
    : [];
  const rowElement = element(
    'div',
    { class: 'form-row wechat-field', 'data-field': row.name },
    element('label', { for: id }, row.label, ...mark),
    ' ',
    element('input', { type: 'text', id, style: 'width: 70%' }),
  );
  const input = rowElement.querySelector('input');
  if (input && field && !isList) input.value = field.value;
  if (row.hint) rowElement.append(element('div', { class: 'wechat-hint' }, row.hint));
  container.append(rowElement);
  if (row.kind === 'custom') return { name: row.name, read: row.mount(id, field) };
  const types = typesOf(row, node);
  const first = typeof types[0] === 'string' ? types[0] : types[0]?.value;
  const type = isList ? listType : (field?.type ?? first);
  // A source saved by a newer version or another program is kept.
  const known = types.some((offered) => (typeof offered === 'string' ? offered : offered.value) === type);
  const all = known || type === undefined ? types : [...types, savedType(type)];
  const typed = typedField(id, { types: all, ...(type === undefined ? {} : { default: type }) }, node);
  if (row.required) typed.text.setAttribute('aria-required', 'true');
  if (row.kind === 'name')
    attachTypedNameSuggestions(typed, { title: row.label, scope: row.scope, multiple: false }, node);
  let read = (): Field | undefined => readField(row, typed);
  if (row.kind === 'list') {
    const list = listEditor(rowElement, field && isList ? parseItems(field) : [], { row, node, onChange });
    const isShown = (): boolean => typed.field.typedInput('type') === listType;
    read = () => (isShown() ? listField(list.items()) : readField(row, typed));
    const show = (): void => {
      list.root.hidden = !isShown();
    };
    typed.field.on('change', show);
    show();
  }
  typed.field.on('change keyup paste', onChange);
  return { name: row.name, typed, read };
}

/** Replaces the content of `container` by the editor. */
export function showObjectEditor(
  container: HTMLElement,
  rows: readonly FieldRow[],
  options: ObjectEditorOptions,
): ObjectEditor {
  container.replaceChildren();
  const shown = rows.map((row) => addRow(container, row, options));
  return {
    read: () =>
      Object.fromEntries(
        shown.flatMap(({ name, read }) => {
          const field = read();
          return field ? [[name, field] as const] : [];
        }),
      ),
    typed: (name) => shown.find((row) => row.name === name)?.typed,
  };
}
