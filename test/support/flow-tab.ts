/** A tab in a real Node-RED with its own simulation, so that tests can share a Node-RED without sharing state. */
import type { Bot } from '../../src/bot/bot';
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults as commandDefaults } from '../../src/nodes/command/properties';
import { defaults as contactSayDefaults } from '../../src/nodes/contact-say/properties';
import { defaults as messageReplyDefaults } from '../../src/nodes/message-reply/properties';
import { defaults as onEventDefaults } from '../../src/nodes/on-event/properties';
import { defaults as roomFindDefaults } from '../../src/nodes/room-find/properties';
import { defaults as roomSayDefaults } from '../../src/nodes/room-say/properties';
import type { Simulation } from '../../src/puppets/simulator';
import type { NodeStatus } from './comms-client';
import type { AsyncQueue } from './async-queue';
import { type DeployType, flow, type FlowNode, type NodeRed, type SinkMessage } from './node-red';

const defaults: Readonly<Record<string, object>> = {
  'wechat-bot': { ...botDefaults, name: 'Shop' },
  'wechat-command': commandDefaults,
  'wechat-contact-say': contactSayDefaults,
  'wechat-message-reply': messageReplyDefaults,
  'wechat-on-event': onEventDefaults,
  'wechat-room-find': roomFindDefaults,
  'wechat-room-say': roomSayDefaults,
};

let tabCount = 0;

/** A deployed tab. Tests use short node ids; in Node-RED they have a suffix that is unique per tab. */
export class FlowTab {
  readonly #suffix = `-${++tabCount}`;

  private constructor(readonly nodeRed: NodeRed) {}

  /** Deploys only these nodes. Missing properties have the defaults of a new node; `bot` defaults to the node `bot`. */
  static async deploy(nodeRed: NodeRed, ...nodes: FlowNode[]): Promise<FlowTab> {
    const tab = new FlowTab(nodeRed);
    await tab.redeploy(nodes);
    return tab;
  }

  /**
   * Deploys the bot `bot` and a node with probes: its output reaches the sink `out`, its errors the sink `caught`,
   * completed messages the sink `completed`. Resolves when the bot is ready.
   */
  static async deployNode(nodeRed: NodeRed, node: FlowNode, bot: object = {}): Promise<FlowTab> {
    const tab = await FlowTab.deploy(nodeRed, { id: 'bot', type: 'wechat-bot', ...bot }, ...withProbes(node));
    await tab.ready();
    return tab;
  }

  /** Deploys other nodes; node ids stay the same. */
  redeploy(nodes: FlowNode[], type?: DeployType): Promise<void> {
    return this.nodeRed.deploy(this.flowOf(nodes), type);
  }

  /** Converts nodes to a flow of Node-RED. */
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

  /** The id of a node in Node-RED. */
  id(name: string): string {
    return `${name}${this.#suffix}`;
  }

  /** Resolves when a bot is ready. */
  ready(bot = 'bot'): Promise<void> {
    return this.nodeRed.evaluate(
      ({ RED }, id) =>
        new Promise<void>((resolve) => {
          const { bot: found } = RED.nodes.getNode(id) as unknown as { bot: Bot };
          const check = (): void => {
            if (found.state.name === 'ready') resolve();
          };
          found.on('state', check);
          check();
        }),
      this.id(bot),
    );
  }

  /** Runs a function on the bot's simulation; see `NodeRed.evaluate`. */
  simulation<R, A = undefined>(
    run: (simulation: Simulation, argument: A) => R,
    argument?: A,
  ): Promise<Awaited<R>> {
    return this.nodeRed.simulation(this.id('bot'), run, argument);
  }

  /** Sends a message to a node. */
  send(node: string, message: Record<string, unknown>): Promise<void> {
    return this.nodeRed.send(this.id(node), message);
  }

  /** The messages that reached a sink. */
  sink(node: string): AsyncQueue<SinkMessage> {
    return this.nodeRed.sink(this.id(node));
  }

  /** Waits for a node's status. */
  status(node: string, text: string | RegExp): Promise<NodeStatus> {
    return this.nodeRed.status(this.id(node), text);
  }

  /**
   * Sends a message to a node and resolves with what reached the sinks of `deployNode` once the flow is settled. At
   * least one message must reach `caught` or `completed`.
   */
  async outcome(node: string, message: Record<string, unknown>): Promise<Outcome> {
    const names = ['out', 'caught', 'completed'] as const;
    const counts = names.map((name) => this.sink(name).all.length);
    await this.send(node, message);
    await this.sink('ended').next();
    await this.settled();
    const [out = [], caught = [], completed = []] = names.map((name, index) =>
      this.sink(name).all.slice(counts[index]),
    );
    return { out, caught: caught as CaughtMessage[], completed };
  }

  /** Resolves when no message is in transit between nodes: each takes one turn of the event loop. */
  settled(): Promise<void> {
    return this.nodeRed.evaluate(async () => {
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }, undefined);
  }
}

/** A message from a Catch node. */
export type CaughtMessage = SinkMessage & {
  error: { message: string; code?: string; source: { id: string } };
};

/** The messages that one input message caused. */
export interface Outcome {
  out: SinkMessage[];
  caught: CaughtMessage[];
  completed: SinkMessage[];
}

/** Adds the sinks, Catch and Complete nodes of `FlowTab.deployNode` to a node. */
export function withProbes(node: FlowNode): FlowNode[] {
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

/** Asserts success: one output, completed once, no error. @returns the output. */
export function assertPassed({ out, caught, completed }: Outcome): SinkMessage {
  const [message] = out;
  if (!message || out.length !== 1 || completed.length !== 1 || caught.length !== 0)
    throw new Error(`expected one output and no error: ${JSON.stringify({ out, caught, completed })}`);
  return message;
}

/** Asserts failure: one error, no output, not completed. @returns the message from the Catch node. */
export function assertFailed({ out, caught, completed }: Outcome): CaughtMessage {
  const [message] = caught;
  if (!message || caught.length !== 1 || out.length !== 0 || completed.length !== 0)
    throw new Error(`expected one error and no output: ${JSON.stringify({ out, caught, completed })}`);
  return message;
}
