/** What is wrong with a value that does not fit its schema, in words. */
import type { TLocalizedValidationError } from 'typebox/error';
import { Locale } from 'typebox/system';

/** One way in which a value does not fit. */
export type Misfit = TLocalizedValidationError;

/** The languages texts exist in. */
export type Language = 'en-US' | 'zh-CN';

const inWords = { 'en-US': Locale.en_US, 'zh-CN': Locale.zh_Hans };

/** The misfit to tell of: the first that says something. */
export function worstOf(misfits: readonly Misfit[]): Misfit | undefined {
  return misfits.find(({ keyword }) => keyword !== 'boolean') ?? misfits[0];
}

/** Where and what: `from must be string`. */
export function problemIn(misfit: Misfit | undefined, language: Language = 'en-US'): string {
  if (!misfit) return '';
  const place = misfit.instancePath.replaceAll('/', '.').replace(/^\./, '');
  const named = namesIn(misfit);
  const names = named.length > 0 ? `(${named.join(', ')})` : '';
  return [place, inWords[language](misfit), names].filter(Boolean).join(' ');
}

/** What TypeBox's words leave out. */
function namesIn({ keyword, params }: Misfit): readonly unknown[] {
  if (keyword === 'enum') return params.allowedValues;
  return keyword === 'additionalProperties' ? params.additionalProperties : [];
}
