/** Queries of the form `/pattern/flags`. They may come from untrusted clients, so matching runs with a timeout. */
import { createContext, Script } from 'node:vm';
import { errorMessage, WechatError } from '../errors';

/** Timeout of matching one pattern, in ms; usual patterns take a thousandth of it. */
const regexTimeoutMs = 200;

const matchScript = new Script('texts.map((some) => some.some((text) => pattern.test(text)))');

/**
 * The regular expression in a query of the form `/pattern/flags`; undefined for any other query.
 * @throws WechatError INVALID_PARAMS when the pattern is invalid.
 */
export function parsePattern(query: string): RegExp | undefined {
  const match = /^\/(.+)\/([imsu]*)$/s.exec(query);
  if (!match) return undefined;
  try {
    return new RegExp(match[1] ?? '', match[2]);
  } catch (error) {
    throw new WechatError('INVALID_PARAMS', 'badPattern', { query, error: errorMessage(error) });
  }
}

/**
 * The entries of which at least one text matches. Runs in a VM context, because only there can a catastrophic
 * pattern such as `(a+)+$` be interrupted.
 * @throws WechatError INVALID_PARAMS after the timeout.
 */
export function filterByPattern<Entry>(
  entries: readonly Entry[],
  pattern: RegExp,
  textsOf: (entry: Entry) => readonly string[],
): Entry[] {
  const texts = entries.map((entry) => textsOf(entry));
  let matches: boolean[];
  try {
    matches = matchScript.runInContext(createContext({ pattern, texts }), {
      timeout: regexTimeoutMs,
    }) as boolean[];
  } catch {
    throw new WechatError('INVALID_PARAMS', 'patternTooSlow', { query: String(pattern) });
  }
  return entries.filter((_entry, index) => matches[index]);
}
