/** Validators with translated messages. */
import {
  expandedLength,
  maxPatternLength,
  splitPattern,
  unsupportedConstruct,
} from '../../util/pattern-syntax';
import type { Translator } from '../ui/translate.editor';

/** Node-RED replaces this by the value of an environment variable. */
const variable = /^\$\{[^}]+\}$/;

/**
 * Creates a Node-RED validator from a function that returns an error message, or undefined.
 * @param label the key of the field's label, with which the message begins.
 */
export function validator<N extends Translator>(
  label: string,
  check: (value: string, node: N) => string | undefined,
): (this: N, value: string) => boolean {
  function validate(this: N, value: string | undefined): boolean | string {
    // A flow from before the property existed runs with its default.
    const error = value === undefined ? undefined : check(value, this);
    return error === undefined ? true : `${this._(label)}: ${error}`;
  }
  // Node-RED shows the returned message only for validators with two parameters; its published types know only booleans.
  Object.defineProperty(validate, 'length', { value: 2 });
  return validate as (this: N, value: string) => boolean;
}

/** Validates a number that must not be negative; empty is allowed. @returns the error message, or undefined */
export function numberError(value: string | number, node: Translator): string | undefined {
  const text = String(value).trim();
  if (text === '' || variable.test(text) || Number(text) >= 0) return undefined;
  return node._('validation.number');
}

/** Validates a port to listen on. @returns the error message, or undefined */
export function portError(value: string | number, node: Translator): string | undefined {
  const text = String(value).trim();
  const isFine = variable.test(text) || (/^\d+$/.test(text) && Number(text) <= 65_535);
  return isFine ? undefined : node._('validation.port');
}

/** Validates an HTTP or HTTPS URL; empty is allowed. @returns the error message, or undefined */
export function urlError(value: string, node: Translator): string | undefined {
  const text = value.trim();
  if (text === '' || variable.test(text)) return undefined;
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? undefined : node._('validation.url');
}

/** Validates a JSON object. @returns the error message, or undefined */
export function objectError(value: string, node: Translator): string | undefined {
  if (variable.test(value.trim())) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    const fine = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return fine ? undefined : node._('validation.object');
  } catch (error) {
    return node._('validation.json', { error: (error as Error).message });
  }
}

/** Validates a regular expression, bare or as `/pattern/flags`. @returns the error message, or undefined */
export function patternError(value: string, node: Translator): string | undefined {
  const { source, flags } = splitPattern(value.trim()) ?? { source: value, flags: '' };
  if (expandedLength(source) > maxPatternLength) return node._('validation.patternTooLong');
  const construct = unsupportedConstruct(source);
  if (construct !== undefined) return node._('validation.patternUnsupported', { construct });
  try {
    new RegExp(source, flags);
    return undefined;
  } catch (error) {
    return node._('validation.pattern', { error: (error as Error).message });
  }
}

/** Validates names separated by commas, one `/pattern/` or a list. @returns the error message, or undefined */
export function namesError(value: string | readonly string[], node: Translator): string | undefined {
  if (typeof value !== 'string') return undefined;
  return splitPattern(value.trim()) ? patternError(value, node) : undefined;
}

/** The value of another field: that of the open form, or else the saved one. */
export function siblingValue(id: string, saved: string): string {
  return $<HTMLInputElement>(`#node-input-${id}`).val()?.toString() ?? saved;
}
