/** The kinds of a command's parameters, as far as its schema does not define them. */
import { contentTypes } from '../../commands/content/content-types';
import type { JsonSchema } from '../../admin/api-types';

/** A command with the schema of its parameters. */
export interface CommandSchema {
  readonly name: string;
  readonly params: JsonSchema;
}

/** The kind of a parameter, which selects its input. */
export type ParameterKind =
  | 'text'
  | 'number'
  | 'switch'
  | 'choice'
  | 'list'
  | 'json'
  | 'file'
  | 'contact'
  | 'room'
  | 'conversation'
  | 'member'
  | 'contentType'
  | 'content';

/** A parameter of a command. */
export interface Parameter {
  readonly name: string;
  readonly kind: ParameterKind;
  readonly schema: JsonSchema;
  /** Whether it takes a list. */
  readonly multiple: boolean;
  readonly required: boolean;
  /** Whether an empty text is a value. */
  readonly allowsEmpty: boolean;
  /** Whether it is an alias of another parameter, for older clients. */
  readonly isAlias: boolean;
  /** The values of a choice. */
  readonly choices: readonly string[];
  /** The default of a switch. */
  readonly defaultOn: boolean;
}

/** Switches whose default is on. */
const defaultOnSwitches = ['read', 'like'];

/** The commands whose aliased parameter is optional. */
const commandsWithoutRequiredAlias = [
  'contactFindAll',
  'contactAvatarSet',
  'tagFindAll',
  'roomFindAll',
  'messageFind',
  'messageFindAll',
  'friendshipSearch',
  'postFindAll',
];

/** Lists that must not be empty. */
const requiredLists = ['contacts', 'rooms', 'toContacts'];

/** Commands whose lists are mentions, which are optional. */
const mentionCommands = ['roomSayAt', 'sendAt'];

/** The kinds of parameters by name, for all commands. */
const kindByName: Readonly<Record<string, ParameterKind>> = {
  messageType: 'contentType',
  messagePayload: 'content',
  avatar: 'file',
  contact: 'contact',
  contactId: 'contact',
  contacts: 'contact',
  contactList: 'contact',
  talker: 'contact',
  talkerId: 'contact',
  room: 'room',
  roomId: 'room',
  rooms: 'room',
  mentions: 'member',
};

/** Commands about members of a room. */
const roomMemberCommands = ['roomDel', 'roomAliasGet', 'roomHas', 'roomMemberGet', ...mentionCommands];

/** The kind of the parameter `id`, by the prefix of the command's name; other ids are texts from an event. */
const idKinds: readonly (readonly [prefix: RegExp, kind: ParameterKind])[] = [
  [/^(contact|tag|friendshipAdd|postFindAll)/, 'contact'],
  [/^room(?!Invitation)/, 'room'],
  [/^conversation/, 'conversation'],
];

function schemaKind({ type, enum: values, anyOf = [], items }: JsonSchema): ParameterKind {
  if (values) return 'choice';
  const [first] = anyOf.filter((option) => option.type !== 'null');
  if (anyOf.some((option) => option.type === 'array')) return 'list';
  if (first) return schemaKind(first);
  switch (type) {
    case 'string':
      return 'text';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'switch';
    case 'array':
      return items?.type === 'string' ? 'list' : 'json';
    default:
      return 'json';
  }
}

function kindOf(command: string, name: string, schema: JsonSchema): ParameterKind {
  const general = schemaKind(schema);
  if (name === 'id') return idKinds.find(([prefix]) => prefix.test(command))?.[1] ?? general;
  if (['toContacts', 'to'].includes(name) && ['send', 'messageForward'].includes(command))
    return 'conversation';
  if (name === 'toContacts') return 'member';
  const named = Object.hasOwn(kindByName, name) ? kindByName[name] : undefined;
  if (named === 'contact' && roomMemberCommands.includes(command)) return 'member';
  return named ?? general;
}

function isAliasSchema({ description = '' }: JsonSchema): boolean {
  return description.startsWith('the same');
}

/** The parameters of a command in the order of its schema. */
export function parametersOf({ name: command, params }: CommandSchema): Parameter[] {
  const { properties = {}, required = [] } = params;
  const entries = Object.entries(properties);
  return entries.map(([name, schema], index) => {
    const next = entries[index + 1]?.[1];
    const hasAlias =
      next !== undefined && isAliasSchema(next) && !commandsWithoutRequiredAlias.includes(command);
    const isRequiredList = requiredLists.includes(name) && !mentionCommands.includes(command);
    const isRequiredContent = name === 'messagePayload' && !('posts' in properties);
    const isAlias = isAliasSchema(schema);
    const multiple =
      schema.type === 'array' || (schema.anyOf?.some((option) => option.type === 'array') ?? false);
    const choices = schema.enum ?? (schema.anyOf ?? []).flatMap((option) => option.enum ?? []);
    return {
      name,
      kind: kindOf(command, name, schema),
      schema,
      multiple,
      required: !isAlias && (required.includes(name) || hasAlias || isRequiredList || isRequiredContent),
      allowsEmpty: required.includes(name) && (schema.minLength ?? 0) === 0 && name !== 'id',
      isAlias,
      choices: name === 'messageType' ? contentTypes : choices.map(String),
      defaultOn: defaultOnSwitches.includes(name),
    };
  });
}
