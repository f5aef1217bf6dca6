/** Parses saved properties; generated flows and `${ENV}` make them less strict than the forms. */
import type { FilePolicy } from '../../commands/command';
import { remoteFilePolicy } from '../../remotes/dispatch/file-policy';
import type { AllowDenyRules } from '../../remotes/dispatch/command-policy';
import type { SavedNumber } from '../shared/saved-number';
import { policyDefaults, type PolicyProperties } from '../shared/remote-policy';

/** A number of at least 0; `fallback` if it is missing or invalid. */
export function parseNumber(saved: SavedNumber | undefined, fallback: SavedNumber): number {
  const value = Number(saved);
  return saved === undefined || saved === '' || !(value >= 0) ? Number(fallback) : value;
}

/** A list of names; `${ENV}` gives a string with separators. */
export function parseNameList(saved: readonly string[] | string): string[] {
  const list = typeof saved === 'string' ? saved.split(/[\s,，;；]+/) : saved;
  return list.filter((name) => name !== '');
}

/** The command and file policy of a remote. */
export function parsePolicy(saved: PolicyProperties): { permissions: AllowDenyRules; files: FilePolicy } {
  return {
    permissions: { allow: parseNameList(saved.allow), deny: parseNameList(saved.deny) },
    files: remoteFilePolicy({
      filesFrom: saved.filesFrom,
      maxFileMb: parseNumber(saved.maxFileMb, policyDefaults.maxFileMb),
      fetchPrivate: saved.fetchPrivate,
    }),
  };
}
