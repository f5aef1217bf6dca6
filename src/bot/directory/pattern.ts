/** Queries of the form `/pattern/flags`: they may come from strangers, so neither may they hold everybody up. */
import { createContext, Script } from 'node:vm';
import { errorMessage, WechatError } from '../errors';

/** Time for one search, in ms; honest patterns take a thousandth of it. */
const patience = 200;

const search = new Script('texts.map((some) => some.some((text) => pattern.test(text)))');

/**
 * The regular expression in a query of the form `/pattern/flags`; undefined for any other query.
 * @throws WechatError INVALID_PARAMS when the pattern is not one.
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
 * Those of which at least one text fits. The search is ended from outside when it takes too long, since a pattern
 * such as `(a+)+$` can keep a regular expression busy for years.
 * @throws WechatError INVALID_PARAMS when it took too long.
 */
export function fitting<Entry>(
  entries: readonly Entry[],
  pattern: RegExp,
  textsOf: (entry: Entry) => readonly string[],
): Entry[] {
  const texts = entries.map((entry) => textsOf(entry));
  let fits: boolean[];
  try {
    fits = search.runInContext(createContext({ pattern, texts }), { timeout: patience }) as boolean[];
  } catch {
    throw new WechatError('INVALID_PARAMS', 'patternTooSlow', { query: String(pattern) });
  }
  return entries.filter((_entry, index) => fits[index]);
}
