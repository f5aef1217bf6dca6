/** Nodes for flows, with everything that is saved of a new one. */
import { createRequire } from 'node:module';
import type { FlowNode } from '../support/node-red';

const load = createRequire(__filename);

/** A node of ours as the editor saves it, but for what is told here. */
export function newNode(node: FlowNode): FlowNode {
  const folder = node.type.replace('wechat-', '');
  const { defaults } = load(`../../src/nodes/${folder}/properties.ts`) as { defaults: object };
  return { ...defaults, ...node };
}
