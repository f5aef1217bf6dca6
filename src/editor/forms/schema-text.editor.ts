/** Says in a few words what a JSON Schema asks for. */
import { descriptionOf } from '../api/admin-client.editor';
import { element } from '../ui/dom.editor';
import type { Schema } from './schema';

/** The kind of value, such as `string`, `string[]` or `"none" | "ids"`. */
export function kindOf({ const: only, enum: values, anyOf, type, items }: Schema): string {
  if (only !== undefined) return JSON.stringify(only);
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ');
  if (anyOf) return [...new Set(anyOf.map(kindOf))].join(' | ');
  if (type === 'array') return items ? `${kindOf(items)}[]` : 'array';
  return type ?? 'any';
}

/** A value to begin with. */
function beginningOf(schema: Schema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return schema.anyOf[0] ? beginningOf(schema.anyOf[0]) : null;
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

/** An object with all that is required, to be filled in. */
export function skeletonOf({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  const wanted = Object.entries(properties).filter(([name]) => required.includes(name));
  return Object.fromEntries(wanted.map(([name, schema]) => [name, beginningOf(schema)]));
}

/** What the lines of a command's parameters need. */
export interface ParameterLines {
  /** The word for parameters that may be left out. */
  readonly optional: string;
  /** What pressing a parameter's name does, for those who wonder. */
  readonly title: string;
  /** Told the name that was pressed and a value to begin with. */
  readonly picked: (name: string, beginning: unknown) => void;
}

/** A line for each parameter, the optional ones paler; pressing a name picks it. */
export function parameterLines(
  { properties = {}, required = [] }: Schema,
  lines: ParameterLines,
): HTMLElement[] {
  return Object.entries(properties).map(([name, schema]) => {
    const needed = required.includes(name);
    const button = element('button', { type: 'button', class: 'wechat-param', title: lines.title }, name);
    button.addEventListener('click', () => {
      lines.picked(name, beginningOf(schema));
    });
    const rest = [kindOf(schema), needed ? '' : lines.optional, descriptionOf(schema)]
      .filter(Boolean)
      .join(' · ');
    return element('div', needed ? {} : { class: 'wechat-optional' }, button, ` ${rest}`);
  });
}
