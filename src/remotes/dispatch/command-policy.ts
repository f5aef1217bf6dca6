/** Which commands a remote may call. */
import type { Command } from '../../commands/command';
import { findCommand } from '../../commands/run';

/** Stands for all commands that change nothing. */
export const readOnlyPreset = 'read-only';

/** Lists of commands' names or aliases; `read-only` stands for all that change nothing. */
export interface PermitRules {
  /** What may be called; empty for everything. */
  readonly allow: readonly string[];
  /** What may not be called even so. */
  readonly deny: readonly string[];
}

/** Makes the check whether a command may be called. */
export function permits({ allow, deny }: PermitRules): (command: Command) => boolean {
  const allowed = matcher(allow);
  const denied = matcher(deny);
  return (command) => (allow.length === 0 || allowed(command)) && !denied(command);
}

function matcher(rules: readonly string[]): (command: Command) => boolean {
  const names = new Set(rules.map((name) => findCommand(name)?.name ?? name));
  return (command) => names.has(command.name) || (names.has(readOnlyPreset) && command.readOnly);
}
