/** The input for the content of a message: what it looks like depends on what is sent. */
import type { WidgetTypedInputType, WidgetTypedInputTypeDefinition } from '@node-red/editor-client';
import {
  type Field,
  type Fields,
  fieldsFrom,
  fixedObject,
  parseFields,
} from '../../nodes/shared/typed-inputs';
import { hasFields, isFile, rowsOf, sourcesOf } from './content-fields.editor';
import type { Translator } from '../ui/translate';
import { element } from '../ui/dom.editor';
import { type FieldRows, showFieldRows } from './object-editor.editor';
import { chosenBot, suggestTypedNames } from './name-field.editor';
import { typedField } from './typed-field.editor';
import { wrongContent } from './typed-validators.editor';

/** Which input, and what it needs. */
export interface ContentInputOptions {
  /** The id of the input. */
  readonly id: string;
  /** The selector of the input that keeps where the content comes from, where Node-RED saves that. */
  readonly typeField?: string;
  readonly source: string;
  readonly node: Translator;
  readonly changed?: () => void;
}

/** The input on the page. */
export interface ContentInput {
  /** Asks for content of this kind from now on; `chosen` when a person has just chosen it. */
  show(kind: string, chosen: boolean): void;
  /** What is in it. */
  read(): Field;
}

function typesFor(kind: string, node: Translator): (WidgetTypedInputType | WidgetTypedInputTypeDefinition)[] {
  return sourcesOf(kind).map((source) => {
    if (source === 'fields') {
      return { value: source, label: node._('field.fields'), icon: 'fa fa-list-alt', hasValue: false };
    }
    if (source !== 'str') return source;
    if (isFile(kind)) return { value: source, label: node._('field.path'), icon: 'fa fa-file-o' };
    if (kind === 'Contact') return { value: source, label: node._('field.contact'), icon: 'fa fa-user' };
    if (kind === 'Url') return { value: source, label: node._('field.url'), icon: 'fa fa-link' };
    return source;
  });
}

/** The fields that are saved, or those of a fixed object; none when it is neither. */
function fieldsOf({ type, value }: Field): Fields {
  try {
    if (type === 'fields') return parseFields(value);
    const parsed: unknown = type === 'json' ? JSON.parse(value) : undefined;
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? fieldsFrom(parsed) : {};
  } catch {
    return {};
  }
}

/** Brings the input with this id to life. */
export function contentInput({ id, typeField, source, node, changed }: ContentInputOptions): ContentInput {
  let kind = '';
  const typed = typedField(
    id,
    { default: source, types: [source as WidgetTypedInputType], ...(typeField ? { typeField } : {}) },
    node,
  );
  suggestTypedNames(
    typed,
    { title: node._('content.type.Contact'), where: { named: 'contact', bot: chosenBot }, several: false },
    node,
    () => kind === 'Contact',
  );
  const below = element('div', {
    class: 'wechat-fields',
    role: 'group',
    'aria-label': node._('field.fields'),
  });
  const problem = element('div', { class: 'wechat-wrong', role: 'status' });
  typed.field.closest('.form-row').after(below, problem);
  let rows: FieldRows | undefined;

  const read = (): Field => ({
    type: typed.field.typedInput('type') as Field['type'],
    value: typed.field.typedInput('value'),
  });
  let last = read();

  function tell(): void {
    const { type, value } = read();
    problem.textContent = (type === 'fields' ? wrongContent(kind, type, value, node) : undefined) ?? '';
    changed?.();
  }

  function showRows(fields: Fields): void {
    rows = showFieldRows(below, rowsOf(kind, node), {
      prefix: `${id}-field`,
      saved: fields,
      node,
      changed: keep,
    });
    keep();
  }

  function keep(): void {
    if (rows) typed.field.typedInput('value', JSON.stringify(rows.read()));
  }

  /** Follows a change of where the content comes from; what can be is carried over. */
  function follow(): void {
    const now = read();
    const before = last;
    last = now;
    if (now.type === 'fields' && before.type !== 'fields') showRows(fieldsOf(before));
    if (now.type !== 'fields' && before.type === 'fields') {
      rows = undefined;
      below.replaceChildren();
      const fixed = fixedObject(fieldsOf(before));
      if (now.type === 'json' && fixed) typed.field.typedInput('value', JSON.stringify(fixed));
    }
    tell();
  }

  typed.field.on('change keyup paste', follow);

  return {
    read,
    show(next, chosen) {
      const saved = read();
      kind = next;
      rows = undefined;
      below.replaceChildren();
      const isUntouched = saved.value === (saved.type === 'msg' ? 'payload' : '');
      const isLeft = saved.type === 'fields' && !hasFields(kind);
      last = saved;
      typed.field.typedInput('types', typesFor(kind, node));
      if (isLeft) {
        typed.field.typedInput('type', 'msg');
        typed.field.typedInput('value', 'payload');
      } else if (chosen && isUntouched && hasFields(kind)) typed.field.typedInput('type', 'fields');
      else if (saved.type === 'fields') showRows(fieldsOf(saved));
      typed.text.placeholder = isFile(kind) ? node._('placeholder.file') : '';
      tell();
    },
  };
}
