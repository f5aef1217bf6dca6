/** The flows of the demo: all examples, on tabs, around one bot. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

/** What example 7 posts to: a webhook in the same Node-RED that says thanks. */
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

/**
 * Puts the examples into the user directory, unless flows are there already: people change them and come back.
 * @returns the id of the bot that all examples share.
 */
export function writeDemoFlows(examples: string, userDir: string, port: number): string {
  const nodes = new Map<string, FlowNode>();
  for (const file of readdirSync(examples).sort()) {
    for (const node of JSON.parse(readFileSync(join(examples, file), 'utf8')) as FlowNode[])
      nodes.set(node.id, node);
  }
  const bot = [...nodes.values()].find(({ type }) => type === 'wechat-bot');
  if (!bot) throw new Error(`There is no bot in the examples in ${examples}.`);
  const flows = join(userDir, 'flows.json');
  if (!existsSync(flows)) {
    const text = JSON.stringify([...nodes.values(), ...webhook], null, 2);
    writeFileSync(flows, text.replaceAll('http://127.0.0.1:1880/', `http://127.0.0.1:${port}/`));
  }
  return bot.id;
}
