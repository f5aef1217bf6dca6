/** Allow and deny lists of commands. */
import type { Command } from '../../commands/command';
import { findCommand } from '../../commands/run';

/** A list entry that matches all read-only commands. */
export const readOnlyPreset = 'read-only';

/** Lists of command names or aliases; `read-only` matches all read-only commands. */
export interface AllowDenyRules {
  /** Permitted commands; empty permits all. */
  readonly allow: readonly string[];
  /** Denied commands; takes precedence over `allow`. */
  readonly deny: readonly string[];
}

/** Creates the predicate that decides whether a command is permitted. */
export function createCommandFilter({ allow, deny }: AllowDenyRules): (command: Command) => boolean {
  const allowed = createMatcher(allow);
  const denied = createMatcher(deny);
  return (command) => (allow.length === 0 || allowed(command)) && !denied(command);
}

function createMatcher(rules: readonly string[]): (command: Command) => boolean {
  const names = new Set(rules.map((name) => findCommand(name)?.name ?? name));
  return (command) => names.has(command.name) || (names.has(readOnlyPreset) && command.readOnly);
}
