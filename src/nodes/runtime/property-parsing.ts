/** Reads saved properties, which programs that write flows and `${ENV}` make looser than forms do. */
import type { FilePolicy } from '../../commands/command';
import { remoteFilePolicy } from '../../remotes/dispatch/file-policy';
import type { PermitRules } from '../../remotes/dispatch/command-policy';
import type { SavedNumber } from '../bot/properties';
import { policyDefaults, type PolicyProperties } from '../shared/remote-policy';

/** A number of at least 0, or what stands for a missing or wrong one. */
export function numberOr(saved: SavedNumber | undefined, fallback: SavedNumber): number {
  const value = Number(saved);
  return saved === undefined || saved === '' || !(value >= 0) ? Number(fallback) : value;
}

/** The names in a list, which `${ENV}` makes a text. */
export function names(saved: readonly string[] | string): string[] {
  const list = typeof saved === 'string' ? saved.split(/[\s,，;；]+/) : saved;
  return list.filter((name) => name !== '');
}

/** What the owner of a remote allows. */
export function policyOf(saved: PolicyProperties): { permits: PermitRules; files: FilePolicy } {
  return {
    permits: { allow: names(saved.allow), deny: names(saved.deny) },
    files: remoteFilePolicy({
      filesFrom: saved.filesFrom,
      maxFileMb: numberOr(saved.maxFileMb, policyDefaults.maxFileMb),
      fetchPrivate: saved.fetchPrivate,
    }),
  };
}
