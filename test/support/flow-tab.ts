/** One tab in a real Node-RED with a simulated WeChat of its own, so that tests can share a Node-RED and nothing else. */
import type { Bot } from '../../src/bot/bot';
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults as commandDefaults } from '../../src/nodes/command/properties';
import { defaults as contactSayDefaults } from '../../src/nodes/contact-say/properties';
import { defaults as messageReplyDefaults } from '../../src/nodes/message-reply/properties';
import { defaults as onEventDefaults } from '../../src/nodes/on-event/properties';
import { defaults as roomFindDefaults } from '../../src/nodes/room-find/properties';
import { defaults as roomSayDefaults } from '../../src/nodes/room-say/properties';
import type { World } from '../../src/puppets/simulator';
import type { NodeStatus } from './comms-client';
import type { Inbox } from './async-queue';
import { type DeployType, flow, type FlowNode, type NodeRed, type SunkMessage } from './node-red';

const defaults: Readonly<Record<string, object>> = {
  'wechat-bot': { ...botDefaults, name: 'Shop' },
  'wechat-command': commandDefaults,
  'wechat-contact-say': contactSayDefaults,
  'wechat-message-reply': messageReplyDefaults,
  'wechat-on-event': onEventDefaults,
  'wechat-room-find': roomFindDefaults,
  'wechat-room-say': roomSayDefaults,
};

let made = 0;

/** A deployed tab. Its nodes are named by the ids the test gave them; in Node-RED every tab has other ids. */
export class FlowTab {
  readonly #suffix = `-${++made}`;

  private constructor(readonly nodeRed: NodeRed) {}

  /** Deploys nodes and nothing else. Properties left out are as in a new node, `bot` is the node `bot`. */
  static async deploy(nodeRed: NodeRed, ...nodes: FlowNode[]): Promise<FlowTab> {
    const tab = new FlowTab(nodeRed);
    await tab.redeploy(nodes);
    return tab;
  }

  /**
   * Deploys the bot `bot` and a node with its surroundings: what it passes on reaches the sink `out`, errors the sink
   * `caught`, messages it is done with the sink `completed`. Resolves when the bot is ready.
   */
  static async around(nodeRed: NodeRed, node: FlowNode, bot: object = {}): Promise<FlowTab> {
    const tab = await FlowTab.deploy(
      nodeRed,
      { id: 'bot', type: 'wechat-bot', ...bot },
      ...withSurroundings(node),
    );
    await tab.ready();
    return tab;
  }

  /** Replaces what is deployed; nodes keep their ids. */
  redeploy(nodes: FlowNode[], type?: DeployType): Promise<void> {
    return this.nodeRed.deploy(this.flowOf(nodes), type);
  }

  /** The nodes as a flow of Node-RED. */
  flowOf(nodes: FlowNode[]): FlowNode[] {
    const placed = nodes.map(({ id, wires, scope, bot = 'bot', ...properties }) => ({
      ...defaults[properties.type],
      ...properties,
      id: this.id(id),
      ...(properties.type.startsWith('wechat-') && wires
        ? { bot: bot === '' ? '' : this.id(String(bot)) }
        : {}),
      ...(wires ? { wires: wires.map((ids) => ids.map((one) => this.id(one))) } : {}),
      ...(Array.isArray(scope) ? { scope: scope.map((one) => this.id(String(one))) } : {}),
    }));
    return flow(...placed);
  }

  /** A node's id in Node-RED. */
  id(name: string): string {
    return `${name}${this.#suffix}`;
  }

  /** Resolves when a bot is ready. */
  ready(bot = 'bot'): Promise<void> {
    return this.nodeRed.inside(
      ({ RED }, id) =>
        new Promise<void>((resolve) => {
          const { bot: found } = RED.nodes.getNode(id) as unknown as { bot: Bot };
          const look = (): void => {
            if (found.state.name === 'ready') resolve();
          };
          found.on('state', look);
          look();
        }),
      this.id(bot),
    );
  }

  /** Runs a function on the bot's simulated WeChat; rules as of `NodeRed.inside`. */
  world<R, A = undefined>(run: (world: World, argument: A) => R, argument?: A): Promise<Awaited<R>> {
    return this.nodeRed.world(this.id('bot'), run, argument);
  }

  /** Hands a message to a node. */
  send(node: string, message: Record<string, unknown>): Promise<void> {
    return this.nodeRed.send(this.id(node), message);
  }

  /** What reached a sink. */
  sink(node: string): Inbox<SunkMessage> {
    return this.nodeRed.sink(this.id(node));
  }

  /** Waits for a node's status. */
  status(node: string, text: string | RegExp): Promise<NodeStatus> {
    return this.nodeRed.status(this.id(node), text);
  }

  /**
   * Hands a message to a node and resolves with what the sinks of `around` got of it once nothing more is on its way.
   * At least one message must reach `caught` or `completed`.
   */
  async outcome(node: string, message: Record<string, unknown>): Promise<Outcome> {
    const names = ['out', 'caught', 'completed'] as const;
    const seen = names.map((name) => this.sink(name).all.length);
    await this.send(node, message);
    await this.sink('ended').next();
    await this.quiet();
    const [out = [], caught = [], completed = []] = names.map((name, index) =>
      this.sink(name).all.slice(seen[index]),
    );
    return { out, caught: caught as CaughtMessage[], completed };
  }

  /** Resolves when all messages that were passed on have reached their nodes: each takes one turn of the loop. */
  quiet(): Promise<void> {
    return this.nodeRed.inside(async () => {
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }, undefined);
  }
}

/** A message as a Catch node passes it on. */
export type CaughtMessage = SunkMessage & {
  error: { message: string; code?: string; source: { id: string } };
};

/** What became of one message. */
export interface Outcome {
  out: SunkMessage[];
  caught: CaughtMessage[];
  completed: SunkMessage[];
}

/** The sinks and listeners that `FlowTab.around` puts around a node. */
export function withSurroundings(node: FlowNode): FlowNode[] {
  return [
    { ...node, wires: [['out']] },
    { id: 'out', type: 'test-sink', wires: [] },
    { id: 'catch', type: 'catch', scope: [node.id], wires: [['caught', 'ended']] },
    { id: 'caught', type: 'test-sink', wires: [] },
    { id: 'complete', type: 'complete', scope: [node.id], wires: [['completed', 'ended']] },
    { id: 'completed', type: 'test-sink', wires: [] },
    { id: 'ended', type: 'test-sink', wires: [] },
  ];
}

/** What a test may expect of a message that went well: passed on once, completed once, no error. */
export function passed({ out, caught, completed }: Outcome): SunkMessage {
  const [message] = out;
  if (!message || out.length !== 1 || completed.length !== 1 || caught.length !== 0)
    throw new Error(`not passed on once: ${JSON.stringify({ out, caught, completed })}`);
  return message;
}

/** What a test may expect of a message that failed: caught once, nothing passed on, not completed. */
export function failed({ out, caught, completed }: Outcome): CaughtMessage {
  const [message] = caught;
  if (!message || caught.length !== 1 || out.length !== 0 || completed.length !== 0)
    throw new Error(`not failed once: ${JSON.stringify({ out, caught, completed })}`);
  return message;
}
