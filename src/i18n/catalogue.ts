/**
 * The texts a person may read that are not a node's labels: statuses and errors. One catalogue per language,
 * `en-US.json` and `zh-CN.json`, with `__name__` placeholders as Node-RED's own i18n has them. The build also
 * puts them into the bot node's locale, so that the runtime can translate the same keys with `RED._`.
 */
import english from './en-US.json';

/** Keys of the statuses shown under nodes. */
export type StatusKey = keyof typeof english.status;
/** Keys of the errors a command, a node or a bot can end with. */
export type ErrorKey = keyof typeof english.errors;
/** What stands in for the `__name__` placeholders of a text. */
export type TextValues = Readonly<Record<string, string | number>>;

function fill(template: string, values: TextValues): string {
  return template.replace(/__(\w+?)__/g, (placeholder, name: string) => String(values[name] ?? placeholder));
}

/** The English status text, for logs and for programs. */
export function statusText(key: StatusKey, values: TextValues = {}): string {
  return fill(english.status[key], values);
}

/** The English sentence of an error, for logs and for programs. */
export function errorText(key: ErrorKey, values: TextValues = {}): string {
  return fill(english.errors[key], values);
}
