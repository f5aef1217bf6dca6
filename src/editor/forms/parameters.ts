/** What the parameters of a command ask for, as far as its schema does not say it. */
import { contentTypes } from '../../commands/content/content-types';
import type { Schema } from './schema';

/** A command, as far as its parameters go. */
export interface CommandSchema {
  readonly name: string;
  readonly params: Schema;
}

/** What a parameter is. */
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
  readonly schema: Schema;
  /** Whether a list is taken. */
  readonly several: boolean;
  readonly required: boolean;
  /** Whether an empty text means something. */
  readonly mayBeEmpty: boolean;
  /** Whether it is another name of a parameter, for older clients. */
  readonly spare: boolean;
  /** Of a choice. */
  readonly choices: readonly string[];
  /** Of a switch, whether it counts as on when it is left out. */
  readonly on: boolean;
}

/** Switches that count as on when they are left out. */
const usuallyOn = ['read', 'like'];

/** The commands that can do without what their schema has another name for. */
const undemanding = [
  'contactFindAll',
  'contactAvatarSet',
  'tagFindAll',
  'roomFindAll',
  'messageFind',
  'messageFindAll',
  'friendshipSearch',
  'postFindAll',
];

/** Lists without which there is nothing to do. */
const neededLists = ['contacts', 'rooms', 'toContacts'];

/** Commands whose lists are mentions, which a text can do without. */
const mentioning = ['roomSayAt', 'sendAt'];

/** The kinds of parameters whose name says it, whatever the command. */
const byName: Readonly<Record<string, ParameterKind>> = {
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

/** Commands about people in a room. */
const inRoom = ['roomDel', 'roomAliasGet', 'roomHas', 'roomMemberGet', ...mentioning];

/** What the `id` of a command is, by how the command's name begins; other ids are texts from an event. */
const idsOf: readonly (readonly [prefix: RegExp, kind: ParameterKind])[] = [
  [/^(contact|tag|friendshipAdd|postFindAll)/, 'contact'],
  [/^room(?!Invitation)/, 'room'],
  [/^conversation/, 'conversation'],
];

function schemaKind({ type, enum: values, anyOf = [], items }: Schema): ParameterKind {
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

function kindOf(command: string, name: string, schema: Schema): ParameterKind {
  const general = schemaKind(schema);
  if (name === 'id') return idsOf.find(([prefix]) => prefix.test(command))?.[1] ?? general;
  if (['toContacts', 'to'].includes(name) && ['send', 'messageForward'].includes(command))
    return 'conversation';
  if (name === 'toContacts') return 'member';
  const named = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (named === 'contact' && inRoom.includes(command)) return 'member';
  return named ?? general;
}

function isSpare({ description = '' }: Schema): boolean {
  return description.startsWith('the same');
}

/** The parameters of a command in the order of its schema. */
export function parametersOf({ name: command, params }: CommandSchema): Parameter[] {
  const { properties = {}, required = [] } = params;
  const entries = Object.entries(properties);
  return entries.map(([name, schema], index) => {
    const next = entries[index + 1]?.[1];
    const hasSpare = next !== undefined && isSpare(next) && !undemanding.includes(command);
    const isNeededList = neededLists.includes(name) && !mentioning.includes(command);
    const isNeededContent = name === 'messagePayload' && !('posts' in properties);
    const spare = isSpare(schema);
    const several =
      schema.type === 'array' || (schema.anyOf?.some((option) => option.type === 'array') ?? false);
    const choices = schema.enum ?? (schema.anyOf ?? []).flatMap((option) => option.enum ?? []);
    return {
      name,
      kind: kindOf(command, name, schema),
      schema,
      several,
      required: !spare && (required.includes(name) || hasSpare || isNeededList || isNeededContent),
      mayBeEmpty: required.includes(name) && (schema.minLength ?? 0) === 0 && name !== 'id',
      spare,
      choices: name === 'messageType' ? contentTypes : choices.map(String),
      on: usuallyOn.includes(name),
    };
  });
}
