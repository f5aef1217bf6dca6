/** Typed inputs as saved in a flow. Read by editor and runtime: must not depend on the browser or Node.js. */

/** The source of a text value. */
export type TextSource = 'str' | 'msg' | 'flow' | 'global' | 'env' | 'jsonata';

/** The source of a value that may be a list; `json`: a list typed into the form. */
export type ListSource = TextSource | 'json';

/** The source of a message's content; `bin`: a Buffer typed into the form, `fields`: an object of typed fields. */
export type ContentSource = ListSource | 'bin' | 'fields';

/** The source of one field of an object. */
export type FieldSource = ContentSource | 'num' | 'bool';

/** One field of an object. */
export interface Field {
  /** The source of `value`. */
  readonly type: FieldSource;
  /** The value or its location. */
  readonly value: string;
}

/** An object of typed fields; saved as JSON. */
export type Fields = Readonly<Record<string, Field>>;

/** Converts a constant object to typed fields. */
export function fieldsFrom(fixed: object): Fields {
  const fieldOf = (value: unknown): Field => {
    if (typeof value === 'string') return { type: 'str', value };
    if (typeof value === 'number') return { type: 'num', value: String(value) };
    if (typeof value === 'boolean') return { type: 'bool', value: String(value) };
    return { type: 'json', value: JSON.stringify(value) };
  };
  return Object.fromEntries(Object.entries(fixed).map(([name, value]) => [name, fieldOf(value)]));
}

/** The constant object that typed fields give; undefined if any field depends on a message. */
export function fixedObject(fields: Fields): Record<string, unknown> | undefined {
  const object: Record<string, unknown> = {};
  for (const [name, { type, value }] of Object.entries(fields)) {
    if (type === 'str') object[name] = value;
    else if (type === 'num') object[name] = Number(value);
    else if (type === 'bool') object[name] = value === 'true';
    else if (type === 'json') object[name] = JSON.parse(value);
    else return undefined;
  }
  return object;
}

function isField(value: unknown): value is Field {
  if (typeof value !== 'object' || value === null) return false;
  const { type, value: fieldValue } = value as Partial<Record<keyof Field, unknown>>;
  return typeof type === 'string' && typeof fieldValue === 'string';
}

/** Parses saved typed fields. @throws SyntaxError if they are invalid. */
export function parseFields(saved: string): Fields {
  const parsed: unknown = JSON.parse(saved === '' ? '{}' : saved);
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  if (!isObject || !Object.values(parsed).every(isField)) {
    throw new SyntaxError('expected {"name": {"type": "str", "value": "…"}, …}');
  }
  return parsed as Fields;
}
