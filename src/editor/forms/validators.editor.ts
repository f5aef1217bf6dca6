/** Validators that say in words what is wrong. */

/** A node as validators see it. */
interface CheckedNode {
  _(key: string, values?: Record<string, string>): string;
}

/** Node-RED replaces this by the value of an environment variable. */
const variable = /^\$\{[^}]+\}$/;

/**
 * Makes a validator of a function that returns what is wrong, or undefined.
 * @param label the key of the field's name, with which the sentence begins.
 */
export function checked<N extends CheckedNode>(
  label: string,
  check: (value: string, node: N) => string | undefined,
): (this: N, value: string) => boolean {
  function validate(this: N, value: string): boolean | string {
    const wrong = check(value, this);
    return wrong === undefined ? true : `${this._(label)}: ${wrong}`;
  }
  // Node-RED shows the returned string only of validators with two parameters; its published types know only booleans.
  Object.defineProperty(validate, 'length', { value: 2 });
  return validate as (this: N, value: string) => boolean;
}

/** What is wrong with a number that must not be negative; empty is allowed. */
export function wrongNumber(value: string | number, node: CheckedNode): string | undefined {
  const text = String(value).trim();
  if (text === '' || variable.test(text) || Number(text) >= 0) return undefined;
  return node._('wrong.number');
}

/** What is wrong with a port to listen on. */
export function wrongPort(value: string | number, node: CheckedNode): string | undefined {
  const text = String(value).trim();
  const isFine = variable.test(text) || (/^\d+$/.test(text) && Number(text) <= 65_535);
  return isFine ? undefined : node._('wrong.port');
}

/** What is wrong with an http or https URL; empty is allowed. */
export function wrongWebAddress(value: string, node: CheckedNode): string | undefined {
  const text = value.trim();
  if (text === '' || variable.test(text)) return undefined;
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? undefined : node._('wrong.url');
}

/** What is wrong with a JSON object. */
export function wrongObject(value: string, node: CheckedNode): string | undefined {
  if (variable.test(value.trim())) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    const fine = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return fine ? undefined : node._('wrong.object');
  } catch (error) {
    return node._('wrong.json', { error: (error as Error).message });
  }
}

/** What is wrong with a regular expression, written bare or as `/pattern/flags`. */
export function wrongPattern(value: string, node: CheckedNode): string | undefined {
  const [, pattern = value, flags = ''] = /^\/(.+)\/([a-z]*)$/s.exec(value.trim()) ?? [];
  try {
    new RegExp(pattern, flags);
    return undefined;
  } catch (error) {
    return node._('wrong.pattern', { error: (error as Error).message });
  }
}

/** What is wrong with names separated by commas, or one `/pattern/`. */
export function wrongNames(value: string, node: CheckedNode): string | undefined {
  return value.trim().startsWith('/') ? wrongPattern(value, node) : undefined;
}

/** The value of another field: what the open form holds, or else what is saved. */
export function siblingValue(id: string, saved: string): string {
  return $<HTMLInputElement>(`#node-input-${id}`).val()?.toString() ?? saved;
}
