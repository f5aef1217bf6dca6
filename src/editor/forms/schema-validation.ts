/** Says in words how a value breaks a JSON Schema. Knows the words our schemas use; others it lets pass. */
import type { Schema } from './schema';
import type { Translator } from '../ui/translate';

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

function isOfType(value: unknown, type: string): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeOf(value) === type;
}

/** The kind of value wanted, in words. */
function wanted(schema: Schema, node: Translator): string {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(', ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const options = schema.anyOf ?? [];
  if (options.length > 0) {
    return [...new Set(options.map((option) => wanted(option, node)))].join(node._('wrong.or'));
  }
  return node._(`wrong.type.${schema.type ?? 'object'}`);
}

function wrongText(value: string, { minLength = 0, pattern }: Schema, node: Translator): string | undefined {
  if (value.length < minLength) return node._('wrong.empty');
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value))
    return node._('wrong.form', { pattern });
  return undefined;
}

function wrongSize(value: number, { minimum, maximum }: Schema, node: Translator): string | undefined {
  if (minimum !== undefined && value < minimum) return node._('wrong.least', { value: String(minimum) });
  if (maximum !== undefined && value > maximum) return node._('wrong.most', { value: String(maximum) });
  return undefined;
}

function wrongMembers(value: object, schema: Schema, node: Translator): string | undefined {
  const { properties = {}, required = [], additionalProperties } = schema;
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return node._('wrong.missing', { field: missing });
  for (const [name, member] of Object.entries(value)) {
    const rule = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const other = typeof additionalProperties === 'object' ? additionalProperties : undefined;
    const known = rule ?? other;
    if (known) {
      const wrong = wrongBySchema(member, known, node);
      if (wrong !== undefined) return `“${name}” ${wrong}`;
    } else if (additionalProperties === false) {
      const names = Object.keys(properties).join(', ');
      return node._('wrong.unknown', { field: name, names });
    }
  }
  return undefined;
}

/** What is wrong with a value, as the end of a sentence that begins with its name; undefined when nothing is. */
export function wrongBySchema(value: unknown, schema: Schema, node: Translator): string | undefined {
  const { anyOf, enum: choices, const: only, type, items } = schema;
  if (anyOf) {
    const found = anyOf.map((option) => wrongBySchema(value, option, node));
    if (found.includes(undefined)) return undefined;
    // Of the one that is of the right type, what is wrong inside it says more.
    const near = anyOf.findIndex((option) => option.type !== undefined && isOfType(value, option.type));
    return found[near] ?? node._('wrong.be', { wanted: wanted(schema, node) });
  }
  const isNone = (choices && !choices.includes(value)) ?? (only !== undefined && only !== value);
  if (isNone || (type !== undefined && !isOfType(value, type))) {
    return node._('wrong.be', { wanted: wanted(schema, node) });
  }
  if (typeof value === 'string') return wrongText(value, schema, node);
  if (typeof value === 'number') return wrongSize(value, schema, node);
  if (Array.isArray(value)) {
    const wrong =
      items && value.map((item) => wrongBySchema(item, items, node)).find((each) => each !== undefined);
    return wrong === undefined ? undefined : node._('wrong.item', { wrong });
  }
  return typeof value === 'object' && value !== null ? wrongMembers(value, schema, node) : undefined;
}
