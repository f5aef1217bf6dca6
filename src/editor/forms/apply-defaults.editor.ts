/** Completes nodes that were saved by an older version, by a program or by hand. */
import { completeProperties, type Migrations, type Versioned } from '../../nodes/shared/migrations';

/** Shows a value in the input of a property, which Node-RED has filled with the saved value. */
function showValue(name: string, value: unknown): void {
  const input = $(`#node-input-${name}, #node-config-input-${name}`);
  if (input.is(':checkbox')) input.prop('checked', value === true);
  else if (!Array.isArray(value)) input.val(String(value));
}

/** Migrates the properties of a node and sets the missing ones; must be called first in `oneditprepare`. */
export function applyDefaults<Properties extends Versioned>(
  node: Partial<Properties>,
  defaults: Properties,
  migrations: Migrations,
): void {
  const complete: Properties = completeProperties(node, defaults, migrations);
  for (const name of Object.keys(defaults) as (keyof Properties & string)[]) {
    if (node[name] === complete[name]) continue;
    node[name] = structuredClone(complete[name]);
    showValue(name, complete[name]);
  }
}
