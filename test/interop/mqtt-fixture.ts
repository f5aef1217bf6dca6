/** A real Node-RED with bots and MQTT remotes. */
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults as remoteDefaults } from '../../src/nodes/mqtt-remote/properties';
import { flow, type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';

/** A bot on the simulator. Its name must differ from its id, or Node-RED takes it for a reference to itself. */
export function botNode(id: string, options: object = {}): FlowNode {
  return {
    ...botDefaults,
    id,
    type: 'wechat-bot',
    name: `Bot ${id}`,
    minGap: '0',
    options: JSON.stringify(options),
  };
}

/** A remote whose clientId is its id, and the sink `{id}-handled` of its audit records. */
export function remoteNodes(id: string, bot: string, url: string, changes: object = {}): FlowNode[] {
  const sink = `${id}-handled`;
  return [
    {
      ...remoteDefaults,
      id,
      type: 'wechat-mqtt-remote',
      bot,
      url,
      clientId: id,
      wires: [[sink]],
      ...changes,
    },
    { id: sink, type: 'test-sink', wires: [] },
  ];
}

/** Starts Node-RED with these nodes; resolves when all remotes among them are connected. */
export async function startWithRemotes(...nodes: FlowNode[]): Promise<NodeRed> {
  const nodeRed = await startNodeRed({ flows: flow(...nodes) });
  await whenConnected(nodeRed, nodes);
  return nodeRed;
}

/** Resolves when all remotes among these nodes are connected. */
export async function whenConnected(nodeRed: NodeRed, nodes: readonly FlowNode[]): Promise<void> {
  const remotes = nodes.filter(({ type }) => type === 'wechat-mqtt-remote');
  await Promise.all(remotes.map(({ id }) => nodeRed.status(id, /^connected/)));
}
