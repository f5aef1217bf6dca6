/** Defaults for nodes that were saved without some of their properties, by hand, by a program or by an older version. */

/** Sets the missing properties of a node to their defaults; to be called first in `oneditprepare`. */
export function applyDefaults<Properties extends object>(
  node: Partial<Properties>,
  defaults: Properties,
): void {
  for (const name of Object.keys(defaults) as (keyof Properties)[]) {
    if (node[name] === undefined) node[name] = structuredClone(defaults[name]);
  }
}
