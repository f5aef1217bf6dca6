/**
 * Regular expressions from flows and clients, tested on texts of strangers. Backtracking, as in V8, takes exponential
 * time with the wrong pair of both: see docs/decisions/0015-patterns-in-linear-time.md.
 */
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import type * as Re2 from 're2js';
import {
  expandedLength,
  maxPatternLength,
  splitPattern,
  toRe2Syntax,
  unsupportedConstruct,
} from '../util/pattern-syntax';
import { errorMessage, WechatError } from './errors';

const load = createRequire(__filename);

/** Maximum product of a pattern's instructions and the length of a text: some 0.3 s at the worst. */
const maxSteps = 5_000_000;

/** Maximum duration of all tests of one search, in ms. */
const maxSearchMs = 200;

/** A compiled pattern. */
export interface Pattern {
  /** The query that it was compiled from, cut, for error messages. */
  readonly query: string;
  /** Whether it matches somewhere in the text; of a text that is too long for the pattern, in its beginning. */
  test(text: string): boolean;
}

/** Whether a query has the form `/pattern/flags`. */
export function isPattern(query: string): boolean {
  return splitPattern(query) !== undefined;
}

/**
 * The pattern in a query of the form `/pattern/flags`; undefined for any other query.
 * @throws WechatError INVALID_PARAMS when the pattern is invalid.
 */
export function parsePattern(query: string): Pattern | undefined {
  const parts = splitPattern(query);
  return parts && compilePattern(parts.source, parts.flags, query);
}

/**
 * Compiles a pattern in the syntax of JavaScript, with the flags `i`, `m`, `s` and `u`.
 * @param shown the pattern as the user wrote it, for error messages.
 * @throws WechatError INVALID_PARAMS when it is invalid or too long, or cannot be matched in linear time.
 */
export function compilePattern(source: string, flags = '', shown = source): Pattern {
  const query = shown.length > 100 ? `${shown.slice(0, 100)}…` : shown;
  const length = expandedLength(source);
  if (length > maxPatternLength) {
    const values = { query, length, max: maxPatternLength };
    throw new WechatError('INVALID_PARAMS', 'patternTooLong', values);
  }
  const construct = unsupportedConstruct(source);
  if (construct !== undefined)
    throw new WechatError('INVALID_PARAMS', 'patternUnsupported', { query, construct });
  // Loaded with the first pattern, not with the palette.
  const { RE2JS } = load('re2js') as typeof Re2;
  let compiled: Re2.RE2JS;
  try {
    const translated = RE2JS.translateRegExp(toRe2Syntax(source, flags.includes('s')));
    compiled = RE2JS.compile(
      translated,
      (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
        (flags.includes('m') ? RE2JS.MULTILINE : 0) |
        (flags.includes('s') ? RE2JS.DOTALL : 0),
    );
  } catch (error) {
    const problem = errorMessage(error).replace(/^error parsing regexp: /, '');
    throw new WechatError('INVALID_PARAMS', 'badPattern', { query, error: problem });
  }
  const maxLength = Math.ceil(maxSteps / compiled.programSize());
  return { query, test: (text) => compiled.test(text.slice(0, maxLength)) };
}

/** One search with one pattern, of limited duration. */
export class PatternSearch {
  readonly #pattern: Pattern;
  #spentMs = 0;

  constructor(pattern: Pattern) {
    this.#pattern = pattern;
  }

  /** Whether one of the texts matches. @throws WechatError INVALID_PARAMS when the search takes too long. */
  matches(texts: readonly string[]): boolean {
    if (this.#spentMs > maxSearchMs)
      throw new WechatError('INVALID_PARAMS', 'patternTooSlow', { query: this.#pattern.query });
    const startedAt = performance.now();
    const isMatch = texts.some((text) => this.#pattern.test(text));
    this.#spentMs += performance.now() - startedAt;
    return isMatch;
  }
}
