/** Short texts and initial values for a JSON Schema. */
import { descriptionOf } from '../api/localize.editor';
import { element } from '../ui/dom.editor';
import type { JsonSchema } from '../../admin/api-types';

/** The type of a schema, such as `string`, `string[]` or `"none" | "ids"`. */
export function typeText({ const: only, enum: values, anyOf, type, items }: JsonSchema): string {
  if (only !== undefined) return JSON.stringify(only);
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ');
  if (anyOf) return [...new Set(anyOf.map(typeText))].join(' | ');
  if (type === 'array') return items ? `${typeText(items)}[]` : 'array';
  return type ?? 'any';
}

/** An initial value for a schema. */
function initialValue(schema: JsonSchema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return schema.anyOf[0] ? initialValue(schema.anyOf[0]) : null;
  switch (schema.type) {
    case 'array':
      return schema.items?.type === 'string' ? [''] : [];
    case 'object':
      return skeletonOf(schema);
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return 0;
    case 'string':
    default:
      return '';
  }
}

/** An object with the required properties, to be filled in. */
export function skeletonOf({ properties = {}, required = [] }: JsonSchema): Record<string, unknown> {
  const entries = Object.entries(properties).filter(([name]) => required.includes(name));
  return Object.fromEntries(entries.map(([name, schema]) => [name, initialValue(schema)]));
}

/** Options of the lines. */
export interface ParameterLinesOptions {
  /** The word for optional parameters. */
  readonly optional: string;
  /** Tooltip of a parameter's name. */
  readonly title: string;
  /** Called with the name that was clicked and an initial value. */
  readonly onPick: (name: string, value: unknown) => void;
}

/** A line for each parameter; a click on its name picks it. */
export function parameterLines(
  { properties = {}, required = [] }: JsonSchema,
  lines: ParameterLinesOptions,
): HTMLElement[] {
  return Object.entries(properties).map(([name, schema]) => {
    const isRequired = required.includes(name);
    const button = element('button', { type: 'button', class: 'wechat-param', title: lines.title }, name);
    button.addEventListener('click', () => {
      lines.onPick(name, initialValue(schema));
    });
    const type =
      schema.default === undefined
        ? typeText(schema)
        : `${typeText(schema)} = ${JSON.stringify(schema.default)}`;
    const rest = [type, isRequired ? '' : lines.optional, descriptionOf(schema)].filter(Boolean).join(' · ');
    return element('div', isRequired ? {} : { class: 'wechat-optional' }, button, ` ${rest}`);
  });
}
