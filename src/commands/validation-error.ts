/** Formats schema validation errors for people. */
import type { TLocalizedValidationError } from 'typebox/error';
import { Locale } from 'typebox/system';

/** One violation of a schema. */
export type ValidationIssue = TLocalizedValidationError;

/** The languages that messages exist in. */
export type Language = 'en-US' | 'zh-CN';

const localizers = { 'en-US': Locale.en_US, 'zh-CN': Locale.zh_Hans };

/** The issue to report: `boolean` (a `false` schema) only if there is nothing else. */
export function firstMeaningful(issues: readonly ValidationIssue[]): ValidationIssue | undefined {
  return issues.find(({ keyword }) => keyword !== 'boolean') ?? issues[0];
}

/** Path and message: `from must be string`. */
export function formatIssue(issue: ValidationIssue | undefined, language: Language = 'en-US'): string {
  if (!issue) return '';
  const path = issue.instancePath.replaceAll('/', '.').replace(/^\./, '');
  const details = detailsOf(issue);
  const suffix = details.length > 0 ? `(${details.join(', ')})` : '';
  return [path, localizers[language](issue), suffix].filter(Boolean).join(' ');
}

/** What TypeBox's messages leave out: the allowed values, the unknown properties. */
function detailsOf({ keyword, params }: ValidationIssue): readonly unknown[] {
  if (keyword === 'enum') return params.allowedValues;
  return keyword === 'additionalProperties' ? params.additionalProperties : [];
}
