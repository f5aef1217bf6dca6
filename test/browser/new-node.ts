/** Test nodes with the default properties of a new node. */
import { createRequire } from 'node:module';
import type { FlowNode } from '../support/node-red';

const load = createRequire(__filename);

/** A node of this module as the editor saves it: the defaults of its type, overridden by `node`. */
export function newNode(node: FlowNode): FlowNode {
  const folder = node.type.replace('wechat-', '');
  const { defaults } = load(`../../src/nodes/${folder}/properties.ts`) as { defaults: object };
  return { ...defaults, ...node };
}
