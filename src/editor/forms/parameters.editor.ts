/** The parameters of a command and their inputs, derived from its schema. */
import type { JsonSchema } from '../../admin/api-types';

/** A command with the schema of its parameters. */
export interface CommandSchema {
  readonly name: string;
  readonly params: JsonSchema;
}

/** The kind of an input: a kind of reference or content (`x-kind`), else by the type of the schema. */
export type InputKind =
  | 'text'
  | 'number'
  | 'switch'
  | 'choice'
  | 'list'
  | 'json'
  | 'contact'
  | 'room'
  | 'conversation'
  | 'member'
  | 'file'
  | 'content-type'
  | 'content';

/** A parameter of a command. */
export interface Parameter {
  readonly name: string;
  readonly kind: InputKind;
  readonly schema: JsonSchema;
  /** Whether it takes a list. */
  readonly multiple: boolean;
  /** Whether it, or one of its aliases, is required. */
  readonly required: boolean;
  /** Whether an empty text is a value. */
  readonly allowsEmpty: boolean;
  /** Whether it is an alias of another parameter, for older clients. */
  readonly isAlias: boolean;
  /** The values of a choice. */
  readonly choices: readonly string[];
}

/** The values of `x-kind` with an input of their own; the others, such as ids of messages, are texts. */
const referenceKinds = [
  'contact',
  'room',
  'conversation',
  'member',
  'file',
  'content-type',
  'content',
] as const satisfies InputKind[];

function typeKind({ type, enum: values, anyOf = [], items }: JsonSchema): InputKind {
  if (values) return 'choice';
  if (anyOf.some((option) => option.type === 'array')) return 'list';
  const [first] = anyOf.filter((option) => option.type !== 'null');
  if (first) return typeKind(first);
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

/** The groups of which at least one parameter is required. */
function requiredGroups({ allOf = [] }: JsonSchema): string[][] {
  return allOf.map(({ anyOf = [] }) => anyOf.flatMap(({ required = [] }) => required));
}

/** The parameters of a command in the order of its schema. */
export function parametersOf({ params }: CommandSchema): Parameter[] {
  const { properties = {}, required = [] } = params;
  const isSelfOrAlias = (other: string, name: string): boolean =>
    other === name || properties[other]?.['x-alias-of'] === name;
  const isRequired = (name: string): boolean =>
    required.includes(name) ||
    requiredGroups(params).some((group) => group.every((other) => isSelfOrAlias(other, name)));
  return Object.entries(properties).map(([name, schema]) => {
    const kind = referenceKinds.find((reference) => reference === schema['x-kind']) ?? typeKind(schema);
    const options = [schema, ...(schema.anyOf ?? [])];
    return {
      name,
      kind,
      schema,
      multiple: options.some(({ type }) => type === 'array'),
      required: isRequired(name),
      allowsEmpty: kind === 'text' && required.includes(name) && (schema.minLength ?? 0) === 0,
      isAlias: schema['x-alias-of'] !== undefined,
      choices: (schema.examples ?? options.flatMap((option) => option.enum ?? [])).map(String),
    };
  });
}
