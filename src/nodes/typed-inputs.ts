/**
 * What the forms of several nodes let people choose, as it is saved in a flow. Read by the editor and by the
 * runtime, so nothing here may need a browser or Node.js.
 */

import type { ContentType } from '../commands/content-types';

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
export type FieldSource = ListSource | 'bin' | 'num' | 'bool';

/** One field of an object. */
export interface Field {
  /** How `value` is to be read. */
  readonly type: FieldSource;
  /** The value, or where it is found. */
  readonly value: string;
}

/** An object whose fields come from different places; saved as JSON. */
export type Fields = Readonly<Record<string, Field>>;

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
