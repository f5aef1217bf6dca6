/** The input handler shared by all nodes with an input: one `done` per message, status updates, error translation. */
import type { Node, NodeAPI, NodeMessage, NodeMessageInFlow } from 'node-red';
import { errorMessage, WechatError } from '../../bot/errors';
import type { RunCommand } from '../../commands/table';
import { type BotNode, type Caller, resolveBot, configuredBot } from './bot-registry';
import { errorStatus, progressStatus, botStateStatus } from './status';
import type { Declaration } from '../shared/declaration';
import type { TypedValue } from '../shared/property-types';
import { parseFields } from '../shared/typed-inputs';
import { readProperties } from './read-properties';
import { isObject } from '../../util/is-object';
import { translateError, translateStatus } from './translate';

/** A Node-RED message; some of its fields override a node's properties. */
export type FlowMessage = NodeMessageInFlow & Record<string, unknown>;

/** Runs commands for a node: their progress is shown in its status, the activity log names it. */
export interface CommandRunner {
  /** @throws WechatError */
  readonly run: RunCommand;
  /** Runs a command whose name and parameters come from a flow. @throws WechatError */
  readonly runUntrusted: (name: string, params: unknown) => Promise<unknown>;
}

/** The properties of every node that uses a bot. */
export interface BotProperties {
  /** The id of the `wechat-bot` node. */
  readonly bot: string;
}

/** The input of a node's handler: one message and the means to process it. */
export interface InputContext<Properties> {
  readonly msg: FlowMessage;
  /** The node's properties, read once at deploy. */
  readonly properties: Properties;
  readonly bot: CommandRunner;
  /** Passes a message on. */
  readonly send: (msg: NodeMessage | (NodeMessage | NodeMessage[] | null)[]) => void;
}

/**
 * Registers a node's input handler. Errors it throws reach the Catch nodes, localized and with a `code`; the status
 * shows the bot's state while the node is idle. Results and errors that arrive after the flow was stopped are logged,
 * because no node receives them any more. A node whose properties cannot be read answers every message with that error.
 * @param saved the node's saved properties; the bot is that of its property `bot`.
 */
export function registerInput<Properties extends BotProperties>(
  RED: NodeAPI,
  node: Node,
  saved: object,
  declaration: Declaration<object, Properties>,
  handler: (context: InputContext<Properties>) => Promise<void>,
): void {
  let properties: Properties;
  try {
    properties = readProperties(saved, declaration);
  } catch (error) {
    rejectInput(RED, node, error);
    return;
  }
  const { bot: botId } = properties;
  const showState = showBotState(RED, node, botId);
  let isClosed = false;
  node.on('close', () => {
    isClosed = true;
  });
  node.on('input', (incoming, send, done) => {
    const msg = incoming as FlowMessage;
    const progress: Caller['progress'] = (current) => {
      if (!isClosed) node.status(progressStatus(RED, current));
    };
    const run = async (): Promise<void> => {
      const bot = runnerFor(resolveBot(RED, botId, msg.bot), {
        nodeId: node.id,
        progress,
        ownMessageIn: ownMessageConversation(msg),
      });
      await handler({ msg, properties, bot, send });
    };
    run().then(
      () => {
        if (isClosed) node.warn(translateStatus(RED, 'finishedLate'));
        else showState();
        done();
      },
      (error: unknown) => {
        const localized = toLocalizedError(RED, error);
        if (isClosed) node.error(localized.message);
        else node.status(errorStatus(RED, error));
        done(localized);
      },
    );
  });
}

/** The conversation of the bot's own message that the msg comes from; undefined for all other msgs. */
function ownMessageConversation({ wechat }: FlowMessage): string | undefined {
  const event = asObject(wechat);
  if (asObject(event.message).self !== true) return undefined;
  const { id } = asObject(event.room ?? event.listener);
  return typeof id === 'string' ? id : undefined;
}

function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

/** Shows and logs why a node cannot work; every message reaches the Catch nodes with this error. */
export function rejectInput(RED: NodeAPI, node: Node, error: unknown): void {
  node.status(errorStatus(RED, error));
  node.error(toLocalizedError(RED, error).message);
  node.on('input', (_msg, _send, done) => {
    done(toLocalizedError(RED, error));
  });
}

function runnerFor({ run, runUntrusted }: BotNode, caller: Caller): CommandRunner {
  return {
    run: (name, params) => run(name, params, caller),
    runUntrusted: (name, params) => runUntrusted(name, params, caller),
  };
}

/** Shows the state of the bot in a node's status; returns a function that shows it again. */
export function showBotState(RED: NodeAPI, node: Node, botId: string): () => void {
  let botNode: BotNode;
  try {
    botNode = configuredBot(RED, botId);
  } catch (error) {
    const show = (): void => {
      node.status(errorStatus(RED, error));
    };
    show();
    return show;
  }
  const show = (): void => {
    node.status(botStateStatus(RED, botNode.bot.state));
  };
  const unsubscribe = botNode.bot.on('state', show);
  node.on('close', unsubscribe);
  show();
  return show;
}

/**
 * The error with a message in Node-RED's language and a `code`. It has no cause and an empty name: Node-RED would copy
 * the cause into the msg and put the name before the message.
 */
export function toLocalizedError(RED: NodeAPI, error: unknown): Error {
  const code = error instanceof WechatError ? error.code : 'FAILED';
  return Object.assign(new Error(translateError(RED, error)), { name: '', code });
}

/**
 * Evaluates a typed input; undefined where the message lacks the property. Type `fields` gives an object without the
 * undefined fields. A list or object, which only a variable can hold, is the value itself.
 * @throws WechatError INVALID_PARAMS
 */
export function evaluateProperty(
  RED: NodeAPI,
  node: Node,
  msg: FlowMessage,
  property: string,
  value: TypedValue,
  type: string,
): Promise<unknown> {
  if (type === 'fields') {
    return evaluateFields(
      RED,
      node,
      msg,
      property,
      typeof value === 'string' ? value : JSON.stringify(value),
    );
  }
  if (typeof value !== 'string') {
    if (type === 'str' || type === 'json') return Promise.resolve(value);
    const found = Array.isArray(value) ? 'array' : 'object';
    return Promise.reject(new WechatError('INVALID_PARAMS', 'propertyNotText', { property, value: found }));
  }
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      // For `msg.a.b`, Node-RED returns undefined without b, but throws without a.
      if (type === 'msg' && error instanceof TypeError) resolve(undefined);
      else reject(new WechatError('INVALID_PARAMS', 'badProperty', { property, error: errorMessage(error) }));
    };
    try {
      RED.util.evaluateNodeProperty(value, type, node, msg, (error, result: unknown) => {
        if (error) fail(error);
        else resolve(result);
      });
    } catch (error) {
      fail(error);
    }
  });
}

async function evaluateFields(
  RED: NodeAPI,
  node: Node,
  msg: FlowMessage,
  property: string,
  saved: string,
): Promise<Record<string, unknown>> {
  let fields;
  try {
    fields = parseFields(saved);
  } catch (error) {
    throw new WechatError('INVALID_PARAMS', 'badProperty', { property, error: errorMessage(error) });
  }
  const values = await Promise.all(
    Object.entries(fields).map(async ([name, { type, value }]) => {
      return [name, await evaluateProperty(RED, node, msg, name, value, type)] as const;
    }),
  );
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}
