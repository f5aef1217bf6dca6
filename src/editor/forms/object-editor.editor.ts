/**
 * A form within the form: rows for the fields of an object, each of which may be typed in or come from the message,
 * a context or an expression. What they hold is saved as the `Fields` of `typed-inputs.ts`.
 */
import type { WidgetTypedInputType } from '@node-red/editor-client';
import type { Field, Fields, FieldSource } from '../../nodes/shared/typed-inputs';
import type { Whereabouts } from './directory-search.editor';
import type { Translator } from '../ui/translate';
import { element } from '../ui/dom.editor';
import { listBelow } from './list-editor.editor';
import { suggestTypedNames } from './name-field.editor';
import { type OwnType, typedField, type TypedField } from './typed-field.editor';

/** What a field asks for. */
export type FieldKind =
  | { readonly kind: 'text' | 'number' | 'file' | 'json' }
  /** `on` is whether it counts as on while nothing is saved. */
  | { readonly kind: 'switch'; readonly on: boolean }
  | {
      readonly kind: 'choice';
      readonly choices: readonly { readonly value: string; readonly label: string }[];
      /** What counts while nothing is saved, where one of the choices does. */
      readonly usual?: string;
    }
  | { readonly kind: 'name'; readonly where: Whereabouts }
  /** Several texts, or several names. */
  | { readonly kind: 'list'; readonly where?: Whereabouts }
  /** Something that shows itself after its label; `read` is what is in it. */
  | {
      readonly kind: 'own';
      readonly show: (id: string, saved: Field | undefined) => () => Field | undefined;
    };

/** One row. */
export type FieldRow = FieldKind & {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly required: boolean;
};

/** Rows that are shown. */
export interface FieldRows {
  /** What they hold; what is empty and not required is left out. */
  read(): Fields;
  /** The typed input of a row. */
  typed(name: string): TypedField | undefined;
}

/** What rows need besides themselves. */
export interface FieldRowsOptions {
  /** Ids of the inputs begin with this. */
  readonly prefix: string;
  readonly saved: Fields;
  readonly node: Translator;
  /** Told after every change. */
  readonly changed: () => void;
}

const elsewhere = ['msg', 'flow', 'global', 'env', 'jsonata'] as const;

/** The sources in which a list is written as JSON. */
const listType = 'list';

/** A check box in the place of the text field. */
function switchType(row: FieldRow & { kind: 'switch' }, node: Translator): OwnType {
  return {
    value: 'bool',
    label: node._('field.switch'),
    icon: 'red/images/typedInput/bool.svg',
    valueLabel(this: { value(value: string): void }, container, value) {
      const box = element('input', { type: 'checkbox', 'aria-label': row.label, class: 'wechat-yes-no' });
      box.checked = value === '' ? row.on : value === 'true';
      box.addEventListener('change', () => {
        this.value(String(box.checked));
        container.find('input').trigger('focus');
      });
      container.append(box);
    },
  };
}

/** A select box in the place of the text field. */
function choiceType(row: FieldRow & { kind: 'choice' }, node: Translator): OwnType {
  return {
    value: 'str',
    label: node._('field.choice'),
    icon: 'fa fa-list-ul',
    valueLabel(this: { value(value: string): void }, container, value) {
      const box = element('select', { 'aria-label': row.label, class: 'wechat-choice' });
      const known = row.choices.some((choice) => choice.value === value);
      const unknown = known || value === '' ? [] : [{ value, label: value }];
      const none =
        row.required || row.usual !== undefined ? [] : [{ value: '', label: node._('field.automatic') }];
      for (const choice of [...none, ...unknown, ...row.choices]) {
        box.append(element('option', { value: choice.value }, choice.label));
      }
      box.value = value === '' ? (row.usual ?? '') : value;
      box.addEventListener('change', () => {
        this.value(box.value);
        container.find('select').trigger('focus');
      });
      container.append(box);
    },
  };
}

/** A source that is saved but not offered. */
function foreign(type: string): WidgetTypedInputType | OwnType {
  const own = ['num', 'bool', 'json', 'bin', 'str'].includes(type);
  return own ? (type as WidgetTypedInputType) : { value: type, label: type };
}

/** What can be chosen for a row, what it means first. */
function typesOf(row: FieldRow, node: Translator): (WidgetTypedInputType | OwnType)[] {
  switch (row.kind) {
    case 'text':
    case 'name':
      return ['str', ...elsewhere];
    case 'number':
      return ['num', ...elsewhere];
    case 'file':
      return [{ value: 'str', label: node._('field.path'), icon: 'fa fa-file-o' }, 'bin', ...elsewhere];
    case 'json':
      return ['json', ...elsewhere];
    case 'switch':
      return [switchType(row, node), ...elsewhere];
    case 'choice':
      return [choiceType(row, node), ...elsewhere];
    case 'own':
      return [];
    case 'list':
      return [
        { value: listType, label: node._('field.list'), icon: 'fa fa-list-ol', hasValue: false },
        ...elsewhere,
      ];
  }
}

/** The items of a list written as JSON, or as its only item. */
function itemsIn({ type, value }: Field): string[] {
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

/** A row on the page. */
interface ShownRow {
  readonly name: string;
  readonly typed?: TypedField;
  readonly read: () => Field | undefined;
}

function listed(items: readonly string[]): Field | undefined {
  const filled = items.filter((item) => item !== '');
  return filled.length > 0 ? { type: 'json', value: JSON.stringify(filled) } : undefined;
}

function fieldIn(row: FieldRow, typed: TypedField): Field | undefined {
  const type = typed.field.typedInput('type') as FieldSource;
  const value = typed.field.typedInput('value');
  if (row.kind === 'switch' && type === 'bool') {
    const on = value === '' ? row.on : value === 'true';
    return on === row.on && !row.required ? undefined : { type, value: String(on) };
  }
  return value === '' && !(row.required && type === 'str') ? undefined : { type, value };
}

function addRow(container: HTMLElement, row: FieldRow, options: FieldRowsOptions): ShownRow {
  const { prefix, saved, node, changed } = options;
  const id = `${prefix}-${row.name}`;
  const field = Object.hasOwn(saved, row.name) ? saved[row.name] : undefined;
  const isList =
    row.kind === 'list' && (field === undefined || field.type === 'json' || field.type === 'str');
  const mark = row.required
    ? [element('span', { class: 'wechat-required', title: node._('field.required') }, '*')]
    : [];
  const made = element(
    'div',
    { class: 'form-row wechat-field', 'data-field': row.name },
    element('label', { for: id }, row.label, ...mark),
    ' ',
    element('input', { type: 'text', id, style: 'width: 70%' }),
  );
  const input = made.querySelector('input');
  if (input && field && !isList) input.value = field.value;
  if (row.hint) made.append(element('div', { class: 'wechat-hint' }, row.hint));
  container.append(made);
  if (row.kind === 'own') return { name: row.name, read: row.show(id, field) };
  const types = typesOf(row, node);
  const first = typeof types[0] === 'string' ? types[0] : types[0]?.value;
  const type = isList ? listType : (field?.type ?? first);
  // What a newer version or another program saved stays what it is.
  const known = types.some((offered) => (typeof offered === 'string' ? offered : offered.value) === type);
  const all = known || type === undefined ? types : [...types, foreign(type)];
  const typed = typedField(id, { types: all, ...(type === undefined ? {} : { default: type }) }, node);
  if (row.required) typed.text.setAttribute('aria-required', 'true');
  if (row.kind === 'name')
    suggestTypedNames(typed, { title: row.label, where: row.where, several: false }, node);
  let read = (): Field | undefined => fieldIn(row, typed);
  if (row.kind === 'list') {
    const list = listBelow(made, field && isList ? itemsIn(field) : [], { row, node, changed });
    const isShown = (): boolean => typed.field.typedInput('type') === listType;
    read = () => (isShown() ? listed(list.items()) : fieldIn(row, typed));
    const show = (): void => {
      list.root.hidden = !isShown();
    };
    typed.field.on('change', show);
    show();
  }
  typed.field.on('change keyup paste', changed);
  return { name: row.name, typed, read };
}

/** Puts rows into `container`, in place of what was there. */
export function showFieldRows(
  container: HTMLElement,
  rows: readonly FieldRow[],
  options: FieldRowsOptions,
): FieldRows {
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
