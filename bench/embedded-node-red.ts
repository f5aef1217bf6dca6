/** Runs Node-RED with the built pack in this process, so that measurements can access both. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import RED, { type Node, type NodeAPI } from 'node-red';
import type { BotNode } from '../src/nodes/runtime/bot-registry';
import type { Simulation } from '../src/puppets/simulator';
import { packName, root } from '../test/support/package-install';
import { type FlowNode, flow, writeFlows } from '../test/support/user-directory';
import { worlds } from './pack';

export { flow } from '../test/support/user-directory';

/** Node-RED settings of a measurement. */
export interface SinkSettings {
  /** Called with the id of the sink node and the message. */
  readonly benchArrived: (sink: string, msg: object) => void;
}

/** A running Node-RED. */
export interface EmbeddedNodeRed {
  /** A node by its id. @throws Error if it is not deployed. */
  node(id: string): Pick<Node, 'receive' | 'send'>;
  /** The simulation of a bot; resolves when the bot is ready. */
  simulation(botId: string): Promise<Simulation>;
  stop(): Promise<void>;
}

function writeUserDirectory(flows: FlowNode[]): string {
  const userDir = mkdtempSync(join(tmpdir(), 'node-red-bench-'));
  mkdirSync(join(userDir, 'node_modules', '@wechat-flow'), { recursive: true });
  symlinkSync(root, join(userDir, 'node_modules', packName), 'junction');
  const sink = join(userDir, 'nodes', 'sink.js');
  buildSync({
    entryPoints: [join(__dirname, 'sink-node.ts')],
    outfile: sink,
    format: 'cjs',
    platform: 'node',
  });
  // Node-RED loads a local node only if it has an HTML file.
  writeFileSync(join(userDir, 'nodes', 'sink.html'), '');
  writeFlows(userDir, flows);
  return userDir;
}

async function untilReady({ bot }: BotNode): Promise<void> {
  if (bot.state.name === 'ready') return;
  await new Promise<void>((resolve) => {
    const off = bot.on('state', ({ name }) => {
      if (name !== 'ready') return;
      off();
      resolve();
    });
  });
}

/** Starts Node-RED with these flows; their `bench-sink` nodes call `onArrival`. */
export async function startNodeRed(
  nodes: FlowNode[],
  onArrival: SinkSettings['benchArrived'],
): Promise<EmbeddedNodeRed> {
  const userDir = writeUserDirectory(flow(...nodes));
  const server = createServer();
  RED.init(server, {
    // Its HTTP server is not used.
    uiHost: '127.0.0.1',
    uiPort: 0,
    userDir,
    flowFile: 'flows.json',
    credentialSecret: 'the bench',
    disableEditor: true,
    logging: { console: { level: 'error', metrics: false, audit: false } },
    telemetry: { enabled: false, updateNotification: false },
    benchArrived: onArrival,
  } as Parameters<typeof RED.init>[1]);
  const started = once(RED.events, 'flows:started');
  await RED.start();
  await started;
  // Missing in the types of an embedded Node-RED.
  const { nodes: deployed } = RED as unknown as Pick<NodeAPI, 'nodes'>;
  const find = (id: string): BotNode => {
    const node = deployed.getNode(id) as BotNode | null;
    if (!node) throw new Error(`${id} is not deployed.`);
    return node;
  };
  return {
    node: find,
    simulation: async (botId) => {
      await untilReady(find(botId));
      const simulation = worlds.findSimulation(botId);
      if (!simulation) throw new Error(`${botId} has no simulation.`);
      return simulation;
    },
    stop: async () => {
      await RED.stop();
      server.close();
      rmSync(userDir, { recursive: true, force: true });
    },
  };
}
