/** Names in a text: ids, names or patterns, separated by commas or semicolons of either script, or by lines. */
import { splitPattern } from './pattern-syntax';

/** The characters between two names; a name may contain them as well. */
export const nameSeparators = /[,，;；\n]/;

/** The parts of a text between separators; a `/pattern/` is one part. */
export function splitNames(text: string): string[] {
  const trimmed = text.trim();
  if (splitPattern(trimmed)) return [trimmed];
  return trimmed
    .split(nameSeparators)
    .map((name) => name.trim())
    .filter(Boolean);
}
