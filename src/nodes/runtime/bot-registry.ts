/** The config node as other nodes see it, and how they find it. */
import { EventEmitter } from 'node:events';
import type { Node, NodeAPI } from 'node-red';
import type { Bot } from '../../bot/bot';
import type { CommandContext } from '../../commands/command';
import { WechatError } from '../../bot/errors';
import type { BotCredentials } from '../bot/properties';

/** A `wechat-bot` config node at run time. */
export interface BotNode extends Node<BotCredentials> {
  readonly bot: Bot;
  /**
   * Executes a command of the table.
   * @param by the id of the node that asks for it.
   * @throws WechatError
   */
  readonly run: (
    command: string,
    params: unknown,
    progress?: CommandContext['progress'],
    by?: string,
  ) => Promise<unknown>;
}

const botNodes = new Map<string, BotNode>();

/** Tells that a bot was deployed or undeployed. */
export const deployments = new EventEmitter<{ changed: [] }>().setMaxListeners(0);

/** Makes a bot known to the other nodes; returns what makes it unknown again. */
export function register(node: BotNode): () => void {
  botNodes.set(node.id, node);
  deployments.emit('changed');
  return () => {
    if (botNodes.get(node.id) !== node) return;
    botNodes.delete(node.id);
    deployments.emit('changed');
  };
}

/** All bots that are deployed. */
export function deployedBots(): readonly BotNode[] {
  return [...botNodes.values()];
}

/** The deployed bot with this id. */
export function botById(id: string): BotNode | undefined {
  return botNodes.get(id);
}

/** The bot chosen in a node's form. @throws WechatError INVALID_PARAMS when there is none. */
export function chosenBot(RED: NodeAPI, id: string): BotNode {
  const node = RED.nodes.getNode(id) as BotNode | null;
  if (!node?.run) throw new WechatError('INVALID_PARAMS', 'botMissing');
  return node;
}

/** The bot for one message: the one `msg.bot` names by id, name or as an object with an id, else the chosen one. */
export function botFor(RED: NodeAPI, id: string, named: unknown): BotNode {
  if (named === undefined || named === null || named === '') return chosenBot(RED, id);
  const query = typeof named === 'object' ? (named as { id?: unknown }).id : named;
  const found = deployedBots().filter((node) => node.id === query || node.name === query);
  const [only] = found;
  if (!only || found.length > 1) {
    throw new WechatError('INVALID_PARAMS', 'botUnknown', { query: typeof query === 'string' ? query : '' });
  }
  return only;
}
