/** For nodes that were saved without some of their properties: by hand, by a program or by an older version. */

/** Gives a node what it lacks, as it is at run time; to be called first in `oneditprepare`. */
export function fillIn<Properties extends object>(node: Partial<Properties>, defaults: Properties): void {
  for (const name of Object.keys(defaults) as (keyof Properties)[]) {
    if (node[name] === undefined) node[name] = structuredClone(defaults[name]);
  }
}
