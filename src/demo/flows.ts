/** The flows of the demo: all examples with their shared bot. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

/** The webhook in the same Node-RED that example 7 posts to. */
const webhook: readonly FlowNode[] = [
  { id: 'demo-webhook', type: 'tab', label: 'A webhook', disabled: false, info: 'Example 7 posts to this.' },
  {
    id: 'demo-webhook-in',
    type: 'http in',
    z: 'demo-webhook',
    name: '',
    url: '/wechat-webhook',
    method: 'post',
    upload: false,
    x: 180,
    y: 80,
    wires: [['demo-webhook-debug', 'demo-webhook-out']],
  },
  {
    id: 'demo-webhook-out',
    type: 'http response',
    z: 'demo-webhook',
    name: 'thanks',
    x: 400,
    y: 80,
    wires: [],
  },
  {
    id: 'demo-webhook-debug',
    type: 'debug',
    z: 'demo-webhook',
    name: 'posted',
    active: true,
    tosidebar: true,
    complete: 'payload',
    targetType: 'msg',
    x: 390,
    y: 140,
    wires: [],
  },
];

/** The ports of the demo. */
export interface DemoPorts {
  readonly http: number;
  readonly mqtt: number;
}

/** Sets the broker's current port in the nodes that connect to it. */
function withBrokerPort(port: number): (node: FlowNode) => FlowNode {
  return (node) => {
    if (node.type === 'mqtt-broker' && node.broker === '127.0.0.1') return { ...node, port: String(port) };
    if (node.type === 'wechat-mqtt-remote' && /^mqtt:\/\/127\.0\.0\.1:\d+$/.test(String(node.url))) {
      return { ...node, url: `mqtt://127.0.0.1:${port}` };
    }
    return node;
  };
}

/**
 * Writes the examples to the user directory. Existing flows keep their changes, except for the broker's port.
 * @returns the id of the bot that all examples share.
 */
export function writeDemoFlows(examples: string, userDir: string, ports: DemoPorts): string {
  const nodes = new Map<string, FlowNode>();
  for (const file of readdirSync(examples).sort()) {
    for (const node of JSON.parse(readFileSync(join(examples, file), 'utf8')) as FlowNode[])
      nodes.set(node.id, node);
  }
  const bot = [...nodes.values()].find(({ type }) => type === 'wechat-bot');
  if (!bot) throw new Error(`There is no bot in the examples in ${examples}.`);
  const file = join(userDir, 'flows.json');
  const initial = JSON.stringify([...nodes.values(), ...webhook]);
  const text = existsSync(file)
    ? readFileSync(file, 'utf8')
    : initial.replaceAll('http://127.0.0.1:1880/', `http://127.0.0.1:${ports.http}/`);
  const flows = (JSON.parse(text) as FlowNode[]).map(withBrokerPort(ports.mqtt));
  writeFileSync(file, JSON.stringify(flows, null, 2));
  return bot.id;
}
