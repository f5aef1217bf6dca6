/** The input for the content of a message, which depends on the content type. */
import {
  type Field,
  type Fields,
  fieldsFrom,
  fixedObject,
  parseFields,
} from '../../nodes/shared/typed-inputs';
import { hasFields, isFileType, fieldsOf, sourcesOf } from './content-fields.editor';
import type { Translator } from '../ui/translate.editor';
import { element } from '../ui/dom.editor';
import { type ObjectEditor, showObjectEditor } from './object-editor.editor';
import { selectedBot, attachTypedNameSuggestions } from './name-field.editor';
import { type Sources, typedField, withSavedSource } from './typed-field.editor';
import { isVariable } from './variable-field.editor';
import { contentError } from './typed-validators.editor';

/** Options of a content input. */
export interface ContentInputOptions {
  /** The id of the input. */
  readonly id: string;
  /** Selector of the hidden input for the source, where Node-RED saves it. */
  readonly typeField?: string;
  readonly source: string;
  readonly node: Translator;
  readonly onChange?: () => void;
}

/** A content input. */
export interface ContentInput {
  /** Switches to a content type; `isUserChange` when the user has just selected it. */
  show(contentType: string, isUserChange: boolean): void;
  /** The current source and value. */
  read(): Field;
}

function typesFor(contentType: string, node: Translator): Sources {
  return sourcesOf(contentType).map((source) => {
    if (source === 'fields') {
      return { value: source, label: node._('field.fields'), icon: 'fa fa-list-alt', hasValue: false };
    }
    if (source !== 'str') return source;
    if (isFileType(contentType)) return { value: source, label: node._('field.path'), icon: 'fa fa-file-o' };
    if (contentType === 'Contact')
      return { value: source, label: node._('field.contact'), icon: 'fa fa-user' };
    if (contentType === 'Url') return { value: source, label: node._('field.url'), icon: 'fa fa-link' };
    return source;
  });
}

/** The saved fields, or those of a literal object; otherwise none. */
function savedFields({ type, value }: Field): Fields {
  try {
    if (type === 'fields') return parseFields(value);
    const parsed: unknown = type === 'json' ? JSON.parse(value) : undefined;
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? fieldsFrom(parsed) : {};
  } catch {
    return {};
  }
}

/** Turns the input with this id into a content input. */
export function contentInput({ id, typeField, source, node, onChange }: ContentInputOptions): ContentInput {
  let contentType = '';
  const typed = typedField(
    id,
    {
      default: source,
      types: isVariable(source) ? [] : [source],
      ...(typeField ? { typeField } : {}),
    },
    node,
  );
  attachTypedNameSuggestions(
    typed,
    { title: node._('content.type.Contact'), scope: { kind: 'contact', bot: selectedBot }, multiple: false },
    node,
    () => contentType === 'Contact',
  );
  const fieldContainer = element('div', {
    class: 'wechat-fields',
    role: 'group',
    'aria-label': node._('field.fields'),
  });
  const error = element('div', { class: 'wechat-wrong', role: 'status' });
  typed.field.closest('.form-row').after(fieldContainer, error);
  let rows: ObjectEditor | undefined;

  const read = (): Field => ({
    type: typed.field.typedInput('type') as Field['type'],
    value: typed.field.typedInput('value'),
  });
  let current = read();

  function validate(): void {
    const { type, value } = read();
    error.textContent = (type === 'fields' ? contentError(contentType, type, value, node) : undefined) ?? '';
    onChange?.();
  }

  function showRows(fields: Fields): void {
    // The fields that a variable holds are known at run time only.
    if (isVariable(read().value)) return;
    rows = showObjectEditor(fieldContainer, fieldsOf(contentType, node), {
      prefix: `${id}-field`,
      saved: fields,
      node,
      onChange: saveRows,
    });
    saveRows();
  }

  function saveRows(): void {
    if (rows) typed.field.typedInput('value', JSON.stringify(rows.read()));
  }

  /** Converts the value after a change of the source, where that is possible. */
  function onSourceChange(): void {
    const previous = current;
    current = read();
    if (current.type === 'fields' && previous.type !== 'fields') showRows(savedFields(previous));
    if (current.type !== 'fields' && previous.type === 'fields') {
      rows = undefined;
      fieldContainer.replaceChildren();
      const literal = fixedObject(savedFields(previous));
      if (current.type === 'json' && literal) typed.field.typedInput('value', JSON.stringify(literal));
    }
    validate();
  }

  typed.field.on('change keyup paste', onSourceChange);

  return {
    read,
    show(newType, isUserChange) {
      const saved = read();
      contentType = newType;
      rows = undefined;
      fieldContainer.replaceChildren();
      const isUntouched = saved.value === (saved.type === 'msg' ? 'payload' : '');
      const isObsolete = saved.type === 'fields' && !hasFields(contentType);
      current = saved;
      typed.field.typedInput('types', withSavedSource(typesFor(contentType, node), source));
      if (isObsolete) {
        typed.field.typedInput('type', 'msg');
        typed.field.typedInput('value', 'payload');
      } else if (isUserChange && isUntouched && hasFields(contentType))
        typed.field.typedInput('type', 'fields');
      else if (saved.type === 'fields') showRows(savedFields(saved));
      typed.text.placeholder = isFileType(contentType) ? node._('placeholder.file') : '';
      validate();
    },
  };
}
