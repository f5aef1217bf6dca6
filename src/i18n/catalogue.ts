/**
 * Status and error texts. One catalogue per language, `en-US.json` and `zh-CN.json`, with `__name__` placeholders as
 * in Node-RED's i18n. The build merges them into the bot node's locale, so that `RED._` translates the same keys.
 */
import english from './en-US.json';

/** Keys of status texts. */
export type StatusKey = keyof typeof english.status;
/** Keys of error messages. */
export type ErrorKey = keyof typeof english.errors;
/** Values of the `__name__` placeholders of a text. */
export type TextValues = Readonly<Record<string, string | number>>;

function interpolate(template: string, values: TextValues): string {
  return template.replace(/__(\w+?)__/g, (placeholder, name: string) => String(values[name] ?? placeholder));
}

/** The English status text, for logs and programs. */
export function formatStatus(key: StatusKey, values: TextValues = {}): string {
  return interpolate(english.status[key], values);
}

/** The English error message, for logs and programs. */
export function formatError(key: ErrorKey, values: TextValues = {}): string {
  return interpolate(english.errors[key], values);
}
