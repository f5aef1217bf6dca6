/** The registry of deployed `wechat-bot` config nodes. */
import { EventEmitter } from 'node:events';
import type { Node, NodeAPI } from 'node-red';
import type { Bot } from '../../bot/bot';
import type { CommandContext } from '../../commands/command';
import type { RunCommand } from '../../commands/table';
import { WechatError } from '../../bot/errors';
import type { TypedEvent } from '../../events/table';

/** A `wechat-bot` config node at run time. */
export interface BotNode extends Node {
  readonly bot: Bot;
  /** Subscribes to the events of the bot; returns a function that unsubscribes. */
  readonly onEvent: (listener: (event: TypedEvent) => void) => () => void;
  /** The event `state` of the present state. */
  readonly stateEvent: () => TypedEvent;
  /** Runs a command. @throws WechatError */
  readonly run: RunCommand<[caller: Caller]>;
  /** Runs a command whose name and parameters come from a flow. @throws WechatError */
  readonly runUntrusted: (name: string, params: unknown, caller: Caller) => Promise<unknown>;
}

/** The node that calls a command: its id, for the activity log, its progress callback, and what caused the call. */
export type Caller = Pick<CommandContext, 'nodeId' | 'progress' | 'ownMessageIn'>;

const botNodes = new Map<string, BotNode>();

/** Emits `changed` when a bot is deployed or undeployed. */
export const botRegistryEvents = new EventEmitter<{ changed: [] }>().setMaxListeners(0);

/** Registers a bot node; returns a function that unregisters it. */
export function registerBot(node: BotNode): () => void {
  botNodes.set(node.id, node);
  botRegistryEvents.emit('changed');
  return () => {
    if (botNodes.get(node.id) !== node) return;
    botNodes.delete(node.id);
    botRegistryEvents.emit('changed');
  };
}

/** All deployed bot nodes. */
export function deployedBots(): readonly BotNode[] {
  return [...botNodes.values()];
}

/** The deployed bot node with this id. */
export function botById(id: string): BotNode | undefined {
  return botNodes.get(id);
}

/** The bot node that is selected in a node's form. @throws WechatError INVALID_PARAMS if there is none. */
export function configuredBot(RED: NodeAPI, id: string): BotNode {
  const node = RED.nodes.getNode(id) as BotNode | null;
  if (!node?.run) throw new WechatError('INVALID_PARAMS', 'botMissing');
  return node;
}

/**
 * The bot node for one message: `msg.bot` (an id, a name or an object with an id), or the configured one.
 * @throws WechatError INVALID_PARAMS
 */
export function resolveBot(RED: NodeAPI, id: string, override: unknown): BotNode {
  if (override === undefined || override === null || override === '') return configuredBot(RED, id);
  const query = typeof override === 'object' ? (override as { id?: unknown }).id : override;
  const [only, ...others] = deployedBots().filter((node) => node.id === query || node.name === query);
  if (!only || others.length > 0) {
    throw new WechatError('INVALID_PARAMS', 'botUnknown', { query: typeof query === 'string' ? query : '' });
  }
  return only;
}
