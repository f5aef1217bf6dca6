/** A Node-RED inside this process, with the pack as it was built: measurements look at both sides of it. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import RED, { type Node, type NodeAPI } from 'node-red';
import type { BotNode } from '../src/nodes/runtime/bot-registry';
import type { World } from '../src/puppets/simulator';
import { packName, root } from '../test/support/package-install';
import { type FlowNode, flow, writeFlows } from '../test/support/user-directory';
import { worlds } from './pack';

export { flow } from '../test/support/user-directory';

/** What a measurement puts into Node-RED's settings. */
export interface SinkSettings {
  /** Called with the id of the sink and what arrived there. */
  readonly benchArrived: (sink: string, msg: object) => void;
}

/** A running Node-RED. */
export interface EmbeddedNodeRed {
  /** A node by its id. @throws Error when it is not deployed. */
  node(id: string): Pick<Node, 'receive' | 'send'>;
  /** The world of a bot; resolves when the bot is ready. */
  world(botId: string): Promise<World>;
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
  // Node-RED takes a local file for a node only if it has an HTML file.
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

/** Starts Node-RED with these flows, in which `bench-sink` nodes call `arrived`. */
export async function startNodeRed(
  nodes: FlowNode[],
  arrived: SinkSettings['benchArrived'],
): Promise<EmbeddedNodeRed> {
  const userDir = writeUserDirectory(flow(...nodes));
  const server = createServer();
  RED.init(server, {
    // Where it listens is not looked at: nothing is asked of its server.
    uiHost: '127.0.0.1',
    uiPort: 0,
    userDir,
    flowFile: 'flows.json',
    credentialSecret: 'the bench',
    disableEditor: true,
    logging: { console: { level: 'error', metrics: false, audit: false } },
    telemetry: { enabled: false, updateNotification: false },
    benchArrived: arrived,
  } as Parameters<typeof RED.init>[1]);
  const started = once(RED.events, 'flows:started');
  await RED.start();
  await started;
  // What the types leave out of an embedded Node-RED.
  const { nodes: deployed } = RED as unknown as Pick<NodeAPI, 'nodes'>;
  const find = (id: string): BotNode => {
    const node = deployed.getNode(id) as BotNode | null;
    if (!node) throw new Error(`${id} is not deployed.`);
    return node;
  };
  return {
    node: find,
    world: async (botId) => {
      await untilReady(find(botId));
      const world = worlds.worldOf(botId);
      if (!world) throw new Error(`${botId} does not live in a simulated world.`);
      return world;
    },
    stop: async () => {
      await RED.stop();
      server.close();
      rmSync(userDir, { recursive: true, force: true });
    },
  };
}
