/**
 * The types of saved properties. A property may be given as `${ENV}`: Node-RED replaces it by the variable's value,
 * which is a string, or a number, boolean, object or list where the variable of a flow, group or subflow has a type.
 * A property type reads all of them. Used by runtime and editor: must not depend on the browser or Node.js.
 */
import type { ContentSource, FieldSource } from './typed-inputs';

/** A number as saved by forms: digits, or empty for the default. */
export type SavedNumber = number | string;

/** A list as saved by forms; a string where `${ENV}` stands for the whole list. */
export type SavedList<Name extends string = string> = Name[] | string;

/** A value of a typed input: text, or the list or object that a variable holds. */
export type TypedValue = string | object;

/** Why a value is not of a property's type: the key of an error message with its values. */
export interface PropertyProblem {
  readonly key:
    | 'propertyNotText'
    | 'propertyNotBoolean'
    | 'propertyNotNumber'
    | 'propertyNotChoice'
    | 'propertyNotList'
    | 'variableMissing';
  readonly values?: Readonly<Record<string, string | number>>;
}

/** The result of reading a property. */
export type PropertyResult<Value> = { readonly value: Value } | { readonly problem: PropertyProblem };

/** The type of a saved property. */
export interface PropertyType<Saved, Value> {
  readonly kind: 'text' | 'boolean' | 'number' | 'choice' | 'list' | 'json' | 'typed' | 'names';
  /** The saved value in a new node, and of a node saved without this property. */
  readonly initial: Saved;
  /** Converts a saved value, with `${ENV}` replaced, to a value for the runtime. */
  read(saved: unknown): PropertyResult<Value>;
}

/** A `${ENV}` that Node-RED did not replace, because there is no such variable. */
const unsetVariable = /^\$\{[^}]+\}$/;

/** Maximum length of a value in an error message. */
const maxShownLength = 40;

/** A value for an error message; lists and objects, which may contain secrets, by their type only. */
function show(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'string' && value.length > maxShownLength) {
    return JSON.stringify(`${value.slice(0, maxShownLength)}…`);
  }
  return typeof value === 'object' && value !== null ? 'object' : JSON.stringify(value);
}

function problem(
  key: PropertyProblem['key'],
  values: PropertyProblem['values'] = {},
): { problem: PropertyProblem } {
  return { problem: { key, values } };
}

function mismatch(key: PropertyProblem['key'], saved: unknown, expected: PropertyProblem['values'] = {}) {
  if (typeof saved === 'string' && unsetVariable.test(saved.trim())) return missing(saved);
  return problem(key, { ...expected, value: show(saved) });
}

function missing(saved: string): { problem: PropertyProblem } {
  return problem('variableMissing', { variable: saved.trim() });
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** A name that is only shown: unset variables are kept. */
export function label(): PropertyType<string, string> {
  return {
    kind: 'text',
    initial: '',
    read: (saved) => (isScalar(saved) ? { value: String(saved) } : mismatch('propertyNotText', saved)),
  };
}

/** A text; `${ENV}` must be set. */
export function text(initial = ''): PropertyType<string, string> {
  return {
    kind: 'text',
    initial,
    read: (saved) => {
      if (!isScalar(saved)) return mismatch('propertyNotText', saved);
      return unsetVariable.test(String(saved).trim()) ? missing(String(saved)) : { value: String(saved) };
    },
  };
}

/** The words for true and false in environment variables; an empty one is false. */
const booleanWords: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'yes', 'on'].map((word) => [word, true] as const),
  ...['false', '0', 'no', 'off', ''].map((word) => [word, false] as const),
]);

/** A boolean: `true`, `1`, `yes` and `on`, or `false`, `0`, `no`, `off` and empty, in any case. */
export function boolean(initial: boolean): PropertyType<boolean, boolean> {
  return {
    kind: 'boolean',
    initial,
    read: (saved) => {
      const value = isScalar(saved) ? booleanWords.get(String(saved).trim().toLowerCase()) : undefined;
      return value === undefined ? mismatch('propertyNotBoolean', saved) : { value };
    },
  };
}

/** The range of a number. */
interface NumberRange {
  readonly max?: number;
  /** Whether it must be whole. */
  readonly whole?: boolean;
}

function parseNumber(
  saved: unknown,
  { max = Infinity, whole = false }: NumberRange,
): PropertyResult<number | undefined> {
  const digits = typeof saved === 'number' ? String(saved) : saved;
  if (typeof digits === 'string' && digits.trim() === '') return { value: undefined };
  const value = typeof digits === 'string' ? Number(digits) : NaN;
  const isInRange =
    Number.isFinite(value) && value >= 0 && value <= max && (!whole || Number.isInteger(value));
  if (isInRange) return { value };
  return mismatch('propertyNotNumber', saved, { range: max === Infinity ? '≥ 0' : `0–${max}` });
}

/** A number of at least 0; empty: `initial`. */
export function number(initial: SavedNumber, range: NumberRange = {}): PropertyType<SavedNumber, number> {
  return {
    kind: 'number',
    initial,
    read: (saved) => {
      const result = parseNumber(saved, range);
      return 'value' in result ? { value: result.value ?? Number(initial) } : result;
    },
  };
}

/** A number of at least 0; empty: undefined, which stands for "automatic". */
export function optionalNumber(): PropertyType<SavedNumber, number | undefined> {
  return { kind: 'number', initial: '', read: (saved) => parseNumber(saved, {}) };
}

/** A port to listen on. */
export function port(initial: string): PropertyType<SavedNumber, number> {
  return number(initial, { max: 65_535, whole: true });
}

/** One of several words; empty: `initial`. */
export function choice<const Word extends string>(
  initial: Word,
  words: readonly Word[],
): PropertyType<Word, Word> {
  return {
    kind: 'choice',
    initial,
    read: (saved) => {
      if (saved === '') return { value: initial };
      const value = isScalar(saved) ? words.find((word) => word === String(saved).trim()) : undefined;
      return value === undefined
        ? mismatch('propertyNotChoice', saved, { choices: words.join(', ') })
        : { value };
    },
  };
}

/** Separates the names of commands and events in a variable; they contain none of these characters. */
const separators = /[\s,，;；]+/;

/** A list of names without separators; a variable holds a list or names with separators between them. */
export function list<Name extends string = string>(
  initial: readonly Name[] = [],
): PropertyType<SavedList<Name>, Name[]> {
  return {
    kind: 'list',
    initial: [...initial],
    read: (saved) => {
      const items: unknown[] = (Array.isArray(saved) ? saved : [saved]).flat();
      const names: string[] = [];
      for (const item of items) {
        if (typeof item !== 'string') return mismatch('propertyNotList', saved);
        if (unsetVariable.test(item.trim())) return missing(item);
        names.push(...item.split(separators).filter((name) => name !== ''));
      }
      return { value: names as Name[] };
    },
  };
}

/** Names of contacts or rooms: a text, which may name several or be a pattern, or a list, whose entries name one each. */
export type NameTexts = string | readonly string[];

/** Names of contacts or rooms; empty: all. */
export function names(): PropertyType<NameTexts, NameTexts> {
  return {
    kind: 'names',
    initial: '',
    read: (saved) => {
      if (isScalar(saved)) {
        return unsetVariable.test(String(saved).trim()) ? missing(String(saved)) : { value: String(saved) };
      }
      const items: unknown[] | undefined = Array.isArray(saved) ? saved.flat() : undefined;
      if (!items?.every(isScalar)) return mismatch('propertyNotList', saved);
      const unset = items.map(String).find((item) => unsetVariable.test(item.trim()));
      return unset === undefined ? { value: items.map(String) } : missing(unset);
    },
  };
}

/** JSON as text; the value of a variable may be the object itself. */
export function json(initial: string): PropertyType<string, string> {
  return {
    kind: 'json',
    initial,
    read: (saved) => ({ value: typeof saved === 'string' ? saved : JSON.stringify(saved) }),
  };
}

/** The names in a typed input: with the source `str`, a text or a list. */
export function typedNames(): PropertyType<NameTexts, TypedValue> {
  return typedValue('');
}

/** The value of a typed input, whose source is another property. */
export function typedValue(initial: string): PropertyType<string, TypedValue> {
  return {
    kind: 'typed',
    initial,
    read: (saved) => {
      if (typeof saved === 'object' && saved !== null) return { value: saved };
      return isScalar(saved) ? { value: String(saved) } : mismatch('propertyNotText', saved);
    },
  };
}

/** All sources that Node-RED and this package can evaluate. */
const sources: readonly (FieldSource | 'date' | 're')[] = [
  ...(['str', 'msg', 'flow', 'global', 'env', 'jsonata', 'json', 'bin', 'fields'] satisfies ContentSource[]),
  'num',
  'bool',
  'date',
  're',
];

/** The source of a typed input. */
export function source<Source extends FieldSource>(initial: Source): PropertyType<Source, Source> {
  // Flows written by programs may use sources that the form does not offer.
  return choice(initial, sources as readonly Source[]);
}
