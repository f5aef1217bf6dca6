/** The form of a command's parameters, generated from its schema. */
import { type Field, type Fields, fixedObject, parseFields } from '../../nodes/shared/typed-inputs';
import type { CommandSummary, JsonSchema } from '../../admin/api-types';
import { descriptionOf } from '../api/localize.editor';
import { contentInput, type ContentInput } from './content-input.editor';
import type { SearchScope } from './directory-search.editor';
import type { Translator } from '../ui/translate.editor';
import { type FieldKind, type FieldRow, type ObjectEditor, showObjectEditor } from './object-editor.editor';
import { selectedBot } from './name-field.editor';
import { type Parameter, parametersOf } from './parameters.editor';
import { schemaError } from './schema-validation.editor';
import { contentError } from './typed-validators.editor';

/** Prefix of the inputs' ids; a hyphen and the parameter's name follow. */
const prefix = 'wechat-param';

const entityKinds = ['contact', 'room', 'conversation', 'member'] as const;

/** Options of the form. */
export interface ParameterFormOptions {
  readonly saved: Fields;
  readonly node: Translator;
  /** Called after every change. */
  readonly onChange: () => void;
}

/** The literal text of a field, or the first item of a literal list; otherwise empty. */
function literalText(field: Field | undefined): string {
  if (field?.type === 'str') return field.value;
  if (field?.type !== 'json') return '';
  const items: unknown = JSON.parse(field.value);
  return Array.isArray(items) && typeof items[0] === 'string' ? items[0] : '';
}

/** The default of a text or a choice; empty if there is none. */
function textDefault(schema: JsonSchema | undefined): string {
  return typeof schema?.default === 'string' ? schema.default : '';
}

/** The description and the default; switches and choices show their default themselves. */
function hintOf({ kind, schema }: Parameter, node: Translator): string {
  const isShown = schema.default !== undefined && (kind === 'number' || kind === 'text');
  const defaultText = isShown ? node._('field.default', { value: JSON.stringify(schema.default) }) : '';
  return [descriptionOf(schema), defaultText].filter(Boolean).join(' · ');
}

/** Rows for saved parameters that the command does not know. */
function unknownRows(known: readonly Parameter[], saved: Fields): FieldRow[] {
  return Object.keys(saved)
    .filter((name) => !known.some((parameter) => parameter.name === name))
    .map((name) => ({ name, label: name, kind: 'text', required: false }));
}

/** Replaces the content of `container` by the form of a command. */
export function showParameterForm(
  container: HTMLElement,
  command: CommandSummary,
  { saved, node, onChange }: ParameterFormOptions,
): ObjectEditor {
  const parameters = parametersOf(command);
  let rows: ObjectEditor | undefined = undefined as ObjectEditor | undefined;
  let content: ContentInput | undefined;
  let shownType: string | undefined;

  const room = (): string => {
    const fields = rows?.read() ?? saved;
    const names = parameters.filter(({ kind }) => kind === 'room').map(({ name }) => name);
    return literalText(names.map((name) => fields[name]).find((field) => field !== undefined));
  };
  const contentType = (): string => {
    const parameter = parameters.find(({ kind }) => kind === 'content-type');
    const field = parameter && (rows?.read() ?? saved)[parameter.name];
    return field === undefined ? textDefault(parameter?.schema) : literalText(field);
  };
  const followType = (): void => {
    const type = contentType();
    if (!content || type === shownType) return;
    const isChosen = shownType !== undefined;
    shownType = type;
    content.show(type, isChosen);
  };

  const showContent = (id: string, field: Field | undefined): (() => Field | undefined) => {
    const input = contentInput({ id, source: field?.type ?? 'str', node, onChange });
    content = input;
    return () => {
      const now = input.read();
      return now.value === '' ? undefined : now;
    };
  };

  const kindOf = ({ kind, multiple, choices, schema }: Parameter): FieldKind => {
    const entityKind = entityKinds.find((entity) => entity === kind);
    if (entityKind) {
      const scope: SearchScope = { kind: entityKind, bot: selectedBot, room };
      return { kind: multiple ? 'list' : 'name', scope };
    }
    switch (kind) {
      case 'content-type':
        return {
          kind: 'choice',
          defaultValue: textDefault(schema),
          choices: choices.map((value) => ({ value, label: node._(`content.type.${value}`) })),
        };
      case 'choice':
        return {
          kind,
          choices: choices.map((value) => ({ value, label: value })),
          ...(schema.default === undefined ? {} : { defaultValue: textDefault(schema) }),
        };
      case 'switch':
        return { kind, defaultOn: schema.default === true };
      case 'content':
        return { kind: 'custom', mount: showContent };
      case 'list':
      case 'number':
      case 'file':
      case 'json':
        return { kind };
      default:
        return { kind: 'text' };
    }
  };

  const shown = parameters
    .filter(({ isAlias, name }) => !isAlias || Object.hasOwn(saved, name))
    .map((parameter): FieldRow => ({
      ...kindOf(parameter),
      name: parameter.name,
      label: parameter.name,
      hint: hintOf(parameter, node),
      required: parameter.required,
    }));
  rows = showObjectEditor(container, [...shown, ...unknownRows(parameters, saved)], {
    prefix,
    saved,
    node,
    onChange: () => {
      followType();
      onChange();
    },
  });
  followType();
  return rows;
}

/** Validates one parameter. @returns the error message, or undefined */
function parameterError(
  { name, kind, required, allowsEmpty }: Parameter,
  command: CommandSummary,
  fields: Fields,
  node: Translator,
): string | undefined {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const hasAlias = parametersOf(command).some((other) => other.isAlias && Object.hasOwn(fields, other.name));
  if (!field || (field.value === '' && !allowsEmpty)) {
    return required && !hasAlias ? node._('validation.missing', { field: name }) : undefined;
  }
  if (kind === 'content') {
    const type = parametersOf(command).find((other) => other.kind === 'content-type');
    const typeField = type && fields[type.name];
    if (typeField && typeField.type !== 'str') return undefined;
    return contentError(literalText(typeField) || textDefault(type?.schema), field.type, field.value, node);
  }
  const fixed = fixedObject({ [name]: field });
  const schema = command.params.properties?.[name];
  const error = fixed && schema ? schemaError(fixed[name], schema, node) : undefined;
  return error === undefined ? undefined : `“${name}” ${error}`;
}

/** Validates the parameters of a command, saved as fields. @returns the error message, or undefined */
export function parametersError(
  value: string,
  command: CommandSummary,
  node: Translator,
): string | undefined {
  try {
    const fields = parseFields(value);
    return parametersOf(command)
      .map((parameter) => parameterError(parameter, command, fields, node))
      .find((error) => error !== undefined);
  } catch {
    return node._('validation.fields');
  }
}
