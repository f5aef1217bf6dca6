/** The form of a command's parameters, made from its schema. */
import { type Field, type Fields, fixedObject, parseFields } from '../../nodes/shared/typed-inputs';
import { type CommandSummary, descriptionOf } from '../api/admin-client.editor';
import { contentInput, type ContentInput } from './content-input.editor';
import type { Whereabouts } from './directory-search.editor';
import type { Translator } from '../ui/translate';
import { type FieldKind, type FieldRow, type FieldRows, showFieldRows } from './object-editor.editor';
import { chosenBot } from './name-field.editor';
import { type Parameter, parametersOf } from './parameters';
import { wrongBySchema } from './schema-validation';
import { wrongContent } from './typed-validators.editor';

/** Ids of the inputs begin with this; the parameter's name follows after a hyphen. */
const prefix = 'wechat-param';

const named = ['contact', 'room', 'conversation', 'member'] as const;

/** What the form needs besides the command. */
export interface ParameterFormOptions {
  readonly saved: Fields;
  readonly node: Translator;
  /** Told after every change. */
  readonly changed: () => void;
}

/** The text in a field, when it is typed in. */
function textIn(field: Field | undefined): string {
  if (field?.type === 'str') return field.value;
  if (field?.type !== 'json') return '';
  const items: unknown = JSON.parse(field.value);
  return Array.isArray(items) && typeof items[0] === 'string' ? items[0] : '';
}

/** The fields that stand for saved parameters the command does not know. */
function unknownRows(known: readonly Parameter[], saved: Fields): FieldRow[] {
  return Object.keys(saved)
    .filter((name) => !known.some((parameter) => parameter.name === name))
    .map((name) => ({ name, label: name, kind: 'text', required: false }));
}

/** Puts the form of a command into `container`, in place of what was there. */
export function showParameters(
  container: HTMLElement,
  command: CommandSummary,
  { saved, node, changed }: ParameterFormOptions,
): FieldRows {
  const parameters = parametersOf(command);
  let rows: FieldRows | undefined = undefined as FieldRows | undefined;
  let content: ContentInput | undefined;
  let shownType: string | undefined;

  const room = (): string => {
    const fields = rows?.read() ?? saved;
    return textIn(fields.room ?? fields.rooms ?? fields.id ?? fields.roomId);
  };
  const contentType = (): string => {
    const field = (rows?.read() ?? saved).messageType;
    return field === undefined ? 'Text' : textIn(field);
  };
  const followType = (): void => {
    const type = contentType();
    if (!content || type === shownType) return;
    const isChosen = shownType !== undefined;
    shownType = type;
    content.show(type, isChosen);
  };

  const showContent = (id: string, field: Field | undefined): (() => Field | undefined) => {
    const input = contentInput({ id, source: field?.type ?? 'str', node, changed });
    content = input;
    return () => {
      const now = input.read();
      return now.value === '' ? undefined : now;
    };
  };

  const kindOf = ({ kind, several, choices, on }: Parameter): FieldKind => {
    const who = named.find((each) => each === kind);
    if (who) {
      const where: Whereabouts = { named: who, bot: chosenBot, room };
      return several ? { kind: 'list', where } : { kind: 'name', where };
    }
    switch (kind) {
      case 'contentType':
        return {
          kind: 'choice',
          usual: 'Text',
          choices: choices.map((value) => ({ value, label: node._(`content.type.${value}`) })),
        };
      case 'choice':
        return { kind, choices: choices.map((value) => ({ value, label: value })) };
      case 'switch':
        return { kind, on };
      case 'content':
        return { kind: 'own', show: showContent };
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
    .filter(({ spare, name }) => !spare || Object.hasOwn(saved, name))
    .map((parameter): FieldRow => ({
      ...kindOf(parameter),
      name: parameter.name,
      label: parameter.name,
      hint: descriptionOf(parameter.schema),
      required: parameter.required,
    }));
  rows = showFieldRows(container, [...shown, ...unknownRows(parameters, saved)], {
    prefix,
    saved,
    node,
    changed: () => {
      followType();
      changed();
    },
  });
  followType();
  return rows;
}

/** What is wrong with one parameter of a command. */
function wrongParameter(
  { name, kind, required, mayBeEmpty }: Parameter,
  command: CommandSummary,
  fields: Fields,
  node: Translator,
): string | undefined {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const spare = parametersOf(command).some((other) => other.spare && Object.hasOwn(fields, other.name));
  if (!field || (field.value === '' && !mayBeEmpty)) {
    return required && !spare ? node._('wrong.missing', { field: name }) : undefined;
  }
  if (kind === 'content') {
    const wrong = wrongContent(textIn(fields.messageType) || 'Text', field.type, field.value, node);
    return fields.messageType && fields.messageType.type !== 'str' ? undefined : wrong;
  }
  const fixed = fixedObject({ [name]: field });
  const schema = command.params.properties?.[name];
  const wrong = fixed && schema ? wrongBySchema(fixed[name], schema, node) : undefined;
  return wrong === undefined ? undefined : `“${name}” ${wrong}`;
}

/** What is wrong with the parameters of a command, saved as fields. */
export function wrongParameters(
  value: string,
  command: CommandSummary,
  node: Translator,
): string | undefined {
  try {
    const fields = parseFields(value);
    return parametersOf(command)
      .map((parameter) => wrongParameter(parameter, command, fields, node))
      .find((wrong) => wrong !== undefined);
  } catch {
    return node._('wrong.fields');
  }
}
