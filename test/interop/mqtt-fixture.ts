/** A real Node-RED whose bots are mirrored to a broker. */
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults as remoteDefaults } from '../../src/nodes/mqtt-remote/properties';
import { flow, type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';

/** A bot on the simulated WeChat. Its name must not be its id, or Node-RED takes it for a reference to itself. */
export function aBot(id: string, options: object = {}): FlowNode {
  return {
    ...botDefaults,
    id,
    type: 'wechat-bot',
    name: `Bot ${id}`,
    minGap: '0',
    options: JSON.stringify(options),
  };
}

/** A remote of a bot, called the same as its clientId; what it handled reaches the sink `{id}-handled`. */
export function aRemote(id: string, bot: string, url: string, changes: object = {}): FlowNode[] {
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

/** Starts Node-RED with these nodes and resolves when all remotes among them are connected. */
export async function startMirror(...nodes: FlowNode[]): Promise<NodeRed> {
  const nodeRed = await startNodeRed({ flows: flow(...nodes) });
  await connected(nodeRed, nodes);
  return nodeRed;
}

/** Resolves when all remotes among these nodes are connected. */
export async function connected(nodeRed: NodeRed, nodes: readonly FlowNode[]): Promise<void> {
  const remotes = nodes.filter(({ type }) => type === 'wechat-mqtt-remote');
  await Promise.all(remotes.map(({ id }) => nodeRed.status(id, /^connected/)));
}
