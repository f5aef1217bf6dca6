/** JSON Schema validation with translated messages. Supports the keywords of our schemas and ignores others. */
import type { JsonSchema } from '../../admin/api-types';
import type { Translator } from '../ui/translate.editor';

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

function isOfType(value: unknown, type: string): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeOf(value) === type;
}

/** The expected value, in words. */
function expectedText(schema: JsonSchema, node: Translator): string {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(', ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const options = schema.anyOf ?? [];
  if (options.length > 0) {
    return [...new Set(options.map((option) => expectedText(option, node)))].join(node._('validation.or'));
  }
  return node._(`validation.type.${schema.type ?? 'object'}`);
}

function textError(
  value: string,
  { minLength = 0, pattern }: JsonSchema,
  node: Translator,
): string | undefined {
  if (value.length < minLength) return node._('validation.empty');
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value))
    return node._('validation.form', { pattern });
  return undefined;
}

function rangeError(value: number, { minimum, maximum }: JsonSchema, node: Translator): string | undefined {
  if (minimum !== undefined && value < minimum) return node._('validation.least', { value: String(minimum) });
  if (maximum !== undefined && value > maximum) return node._('validation.most', { value: String(maximum) });
  return undefined;
}

function membersError(value: object, schema: JsonSchema, node: Translator): string | undefined {
  const { properties = {}, required = [], additionalProperties } = schema;
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return node._('validation.missing', { field: missing });
  for (const [name, member] of Object.entries(value)) {
    const rule = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const other = typeof additionalProperties === 'object' ? additionalProperties : undefined;
    const memberSchema = rule ?? other;
    if (memberSchema) {
      const error = schemaError(member, memberSchema, node);
      if (error !== undefined) return `“${name}” ${error}`;
    } else if (additionalProperties === false) {
      const names = Object.keys(properties).join(', ');
      return node._('validation.unknown', { field: name, names });
    }
  }
  return undefined;
}

/** Validates a value. @returns the end of a sentence that begins with the value's name, or undefined */
export function schemaError(value: unknown, schema: JsonSchema, node: Translator): string | undefined {
  const { allOf = [], anyOf, enum: choices, const: only, type, items } = schema;
  if (anyOf) {
    const errors = anyOf.map((option) => schemaError(value, option, node));
    if (errors.includes(undefined)) return undefined;
    // The error of the option with the right type is the most specific.
    const near = anyOf.findIndex((option) => option.type !== undefined && isOfType(value, option.type));
    const isGroup = anyOf.every((option) => option.required && !option.type);
    return errors[isGroup ? 0 : near] ?? node._('validation.be', { wanted: expectedText(schema, node) });
  }
  const isNone = (choices && !choices.includes(value)) ?? (only !== undefined && only !== value);
  if (isNone || (type !== undefined && !isOfType(value, type))) {
    return node._('validation.be', { wanted: expectedText(schema, node) });
  }
  if (typeof value === 'string') return textError(value, schema, node);
  if (typeof value === 'number') return rangeError(value, schema, node);
  if (Array.isArray(value)) {
    const error =
      items && value.map((item) => schemaError(item, items, node)).find((found) => found !== undefined);
    return error === undefined ? undefined : node._('validation.item', { wrong: error });
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const partErrors = allOf.map((part) => schemaError(value, part, node));
  return membersError(value, schema, node) ?? partErrors.find((error) => error !== undefined);
}
