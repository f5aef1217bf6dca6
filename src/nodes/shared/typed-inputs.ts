/**
 * What the forms of several nodes let people choose, as it is saved in a flow. Read by the editor and by the
 * runtime, so nothing here may need a browser or Node.js.
 */

import type { ContentType } from '../../commands/content/content-types';

/** Where the value of a text-like field comes from. */
export type TextSource = 'str' | 'msg' | 'flow' | 'global' | 'env' | 'jsonata';

/** Where the value of a field that may be a list comes from; `json` is a list typed into the form. */
export type ListSource = TextSource | 'json';

/**
 * Where the content of a message comes from; `bin` is a Buffer typed into the form, `fields` an object whose fields
 * come from different places.
 */
export type ContentSource = ListSource | 'bin' | 'fields';

/** Where one of the fields of an object comes from. */
export type FieldSource = ContentSource | 'num' | 'bool';

/** One field of an object. */
export interface Field {
  /** How `value` is to be read. */
  readonly type: FieldSource;
  /** The value, or where it is found. */
  readonly value: string;
}

/** An object whose fields come from different places; saved as JSON. */
export type Fields = Readonly<Record<string, Field>>;

/** The fields with which a fixed object can be changed in a form. */
export function fieldsFrom(fixed: object): Fields {
  const fieldOf = (value: unknown): Field => {
    if (typeof value === 'string') return { type: 'str', value };
    if (typeof value === 'number') return { type: 'num', value: String(value) };
    if (typeof value === 'boolean') return { type: 'bool', value: String(value) };
    return { type: 'json', value: JSON.stringify(value) };
  };
  return Object.fromEntries(Object.entries(fixed).map(([name, value]) => [name, fieldOf(value)]));
}

/** The object that fields make without any message; undefined when some of them need one. */
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
  const { type, value: held } = value as Partial<Record<keyof Field, unknown>>;
  return typeof type === 'string' && typeof held === 'string';
}

/** Reads fields from what a flow keeps. @throws SyntaxError when it keeps something else. */
export function parseFields(saved: string): Fields {
  const parsed: unknown = JSON.parse(saved === '' ? '{}' : saved);
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  if (!isObject || !Object.values(parsed).every(isField)) {
    throw new SyntaxError('expected {"name": {"type": "str", "value": "…"}, …}');
  }
  return parsed as Fields;
}

/** The properties of every node that sends something. */
export interface ContentProperties {
  /** The value, or where it is found (`payload` for `msg.payload`). */
  content: string;
  /** What it is. `msg.contentType` overrides it. */
  contentType: ContentType;
  /** How `content` is to be read. */
  contentValueType: ContentSource;
}

/** A new sending node sends `msg.payload` as text. */
export const contentDefaults: ContentProperties = {
  content: 'payload',
  contentType: 'Text',
  contentValueType: 'msg',
};
