/** Examples as a user imports them: loaded with addresses of the test, deployed, and driven by the names of nodes. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bot } from '../../src/bot/bot';
import type { FlowNode, NodeRed } from './node-red';
import { root } from './package-install';

const folder = join(root, 'examples');

/** The names of all examples, without `.json`. */
export const exampleNames = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));

/** The nodes of an example. Each key of `replacements` is replaced by its value in the whole file. */
export function loadExample(name: string, replacements: Readonly<Record<string, string>> = {}): FlowNode[] {
  const text = readFileSync(join(folder, `${name}.json`), 'utf8');
  return JSON.parse(
    Object.entries(replacements).reduce((result, [from, to]) => result.replaceAll(from, to), text),
  ) as FlowNode[];
}

/** The only node of this name. */
export function nodeNamed(nodes: readonly FlowNode[], name: string): FlowNode {
  const [node, ...others] = nodes.filter((one) => one.name === name);
  assert.ok(node && others.length === 0, `there is one node called ${name}`);
  return node;
}

/** The only bot of an example. */
export function botOf(nodes: readonly FlowNode[]): FlowNode {
  const [bot, ...others] = nodes.filter(({ type }) => type === 'wechat-bot');
  assert.ok(bot && others.length === 0, 'there is one bot');
  return bot;
}

/** An example that runs in a Node-RED. */
export class Example {
  constructor(
    private readonly nodeRed: NodeRed,
    readonly nodes: readonly FlowNode[],
  ) {}

  /** Deploys an example in place of what ran before. */
  static async deploy(nodeRed: NodeRed, nodes: FlowNode[]): Promise<Example> {
    await nodeRed.comms();
    await nodeRed.deploy(nodes);
    return new Example(nodeRed, nodes);
  }

  /** The id of the only node of this name. */
  idOf(name: string): string {
    return nodeNamed(this.nodes, name).id;
  }

  /** The id of the example's bot, for `NodeRed.simulation`. */
  get botId(): string {
    return botOf(this.nodes).id;
  }

  /** Resolves when the bot is ready; a remote may listen before. */
  ready(): Promise<void> {
    return this.nodeRed.evaluate(
      ({ RED }, id) =>
        new Promise<void>((resolve) => {
          const { bot } = RED.nodes.getNode(id) as unknown as { bot: Bot };
          const check = (): void => {
            if (bot.state.name === 'ready') resolve();
          };
          bot.on('state', check);
          check();
        }),
      this.botId,
    );
  }

  /** Waits for the status of a node. */
  async status(name: string, text: string | RegExp): Promise<void> {
    await this.nodeRed.status(this.idOf(name), text);
  }

  /** The next text of a debug node that contains a marker. Call it before what causes the text. */
  async shown(name: string, marker = ''): Promise<string> {
    const id = this.idOf(name);
    const { msg } = await this.nodeRed.debug((data) => data.id === id && String(data.msg).includes(marker));
    return String(msg);
  }

  /** Like `shown`, for a debug node that shows an object. */
  async shownObject(name: string, marker = ''): Promise<Record<string, unknown>> {
    return JSON.parse(await this.shown(name, marker)) as Record<string, unknown>;
  }

  /** Presses the button of an inject node. */
  async press(name: string): Promise<void> {
    await this.nodeRed.inject(this.idOf(name));
  }

  /** The texts sent to a contact so far. */
  textsTo(contact: string): Promise<string[]> {
    return this.nodeRed.simulation(
      this.botId,
      (simulation, name) =>
        simulation.messages({ conversation: simulation.contact(name) }).map(({ text }) => text),
      contact,
    );
  }

  /** A contact writes to the bot, or in a room. @returns the reply in the same conversation. */
  ask(contact: string, text: string, room?: string): Promise<Reply> {
    return this.nodeRed.simulation(
      this.botId,
      async (simulation, { contact, text, room }) => {
        const draft = simulation.contact(contact).say(text);
        const sent = room === undefined ? draft.to(simulation.self) : draft.in(room);
        const reply = await simulation.nextReply(sent);
        return { text: reply.text, inRoom: reply.roomId !== undefined, mentionIds: [...reply.mentionIds] };
      },
      { contact, text, room },
    );
  }
}

/** A reply of the bot. */
export interface Reply {
  readonly text: string;
  readonly inRoom: boolean;
  readonly mentionIds: readonly string[];
}
