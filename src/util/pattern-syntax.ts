/**
 * The syntax of patterns: that of JavaScript, without what no engine can match in linear time. Translated to the syntax
 * of RE2, whose `\s` and `.` have other meanings.
 */

/** Maximum length of a pattern, with its counted repetitions written out: compiling a longer one could block Node-RED. */
export const maxPatternLength = 2_000;

/** Splits a query of the form `/pattern/flags`; undefined for any other query. */
export function splitPattern(query: string): { source: string; flags: string } | undefined {
  // By indexes: an expression with a lazy group takes quadratic time on a long query.
  const end = query.lastIndexOf('/');
  if (!query.startsWith('/') || end < 2) return undefined;
  const flags = query.slice(end + 1);
  return /^[imsu]{0,4}$/.test(flags) ? { source: query.slice(1, end), flags } : undefined;
}

/** The first lookahead, lookbehind or backreference in a pattern, such as `(?=` or `\1`. */
export function unsupportedConstruct(source: string): string | undefined {
  let found: string | undefined;
  forEachToken(source, (token, isInClass) => {
    if (!isInClass && /^(?:\(\?|\\k|\\[1-9])/.test(token)) found ??= token;
    return token;
  });
  return found;
}

/** The length of a pattern with its counted repetitions written out: that of `(ab){3}` is 6. */
export function expandedLength(source: string): number {
  if (source.length > maxPatternLength) return source.length;
  const groups = [0];
  let atom = 0;
  const add = (length: number): void => {
    groups.push((groups.pop() ?? 0) + length);
  };
  forEachToken(source, (token, isInClass) => {
    const count = isInClass ? null : /^\{(\d+)(?:,(\d*))?\}$/.exec(token);
    if (count) {
      const times = Math.max(1, Number(count[1]), Number(count[2] ?? 0));
      add(atom * (times - 1));
      atom *= times;
    } else if (token === '(' && !isInClass) groups.push(0);
    else if (token === ')' && !isInClass && groups.length > 1) {
      atom = groups.pop() ?? 0;
      add(atom);
    } else if (!isInClass) {
      atom = 1;
      add(atom);
    }
    return token;
  });
  return groups.reduce((sum, length) => sum + length, 0);
}

const spaces =
  '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
const otherThanSpaces =
  '\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}' +
  '\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}';

/** Letters that have a meaning after a backslash in JavaScript; the others stand for themselves. */
const escapeLetters = /^\\[bBdDwWfnrtvcxupP]/;

/**
 * Translates a pattern that has no `unsupportedConstruct`.
 * @param dotAll whether `.` matches line ends too, the flag `s`.
 */
export function toRe2Syntax(source: string, dotAll: boolean): string {
  return forEachToken(source, (token, isInClass) => {
    if (token === '\\s') return isInClass ? spaces : `[${spaces}]`;
    if (token === '\\S') return isInClass ? otherThanSpaces : `[^${spaces}]`;
    if (token === '\\b' && isInClass) return '\\x08';
    if (token === '.' && !isInClass && !dotAll) return '[^\\n\\r\\x{2028}\\x{2029}]';
    if (token.startsWith('[') && isInClass) return `\\${token}`;
    if (token === '[]') return '[^\\x{0}-\\x{10ffff}]';
    if (token === '[^]') return '[\\x{0}-\\x{10ffff}]';
    const property = /^\\([pP])\{(?:Script|sc|Script_Extensions|scx|General_Category|gc)=(.*)\}$/.exec(token);
    if (property) return `\\${property[1] ?? ''}{${property[2] ?? ''}}`;
    if (/^\\[a-zA-Z]$/.test(token) && !escapeLetters.test(token)) return token.slice(1);
    return token;
  });
}

const tokens = /\(\?<?[=!]|\[\^?\]?|\\[pP]\{[^}]*\}|\{\d+(?:,\d*)?\}|\\?[^]/gu;

/** Replaces each token of a pattern. @param replace called with each, and whether it is inside of `[...]`. */
function forEachToken(source: string, replace: (token: string, isInClass: boolean) => string): string {
  let isInClass = false;
  return source.replace(tokens, (token) => {
    const replaced = replace(token, isInClass);
    if (token.startsWith('[')) isInClass = !token.endsWith(']');
    else if (token === ']') isInClass = false;
    return replaced;
  });
}
