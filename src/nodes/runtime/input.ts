/** What all nodes with an input have in common: one `done` per message, a status that tells what happens now. */
import type { Node, NodeAPI, NodeMessage, NodeMessageInFlow } from 'node-red';
import { errorMessage, WechatError } from '../../bot/errors';
import type { CommandContext } from '../../commands/command';
import { type BotNode, botFor, chosenBot } from './bot-registry';
import { errorStatus, progressStatus, stateStatus } from './status';
import { parseFields } from '../shared/typed-inputs';
import { translateError, translateStatus } from './translate';

/** A message with the fields that override a node's own properties. */
export type Message = NodeMessageInFlow & Record<string, unknown>;

/** One message being worked on. */
export interface Job {
  readonly msg: Message;
  readonly bot: Pick<BotNode, 'run'>;
  readonly progress: NonNullable<CommandContext['progress']>;
  /** Passes a message on. */
  readonly send: (msg: NodeMessage | (NodeMessage | NodeMessage[] | null)[]) => void;
}

/**
 * Works on every message that comes in. What `work` throws reaches the Catch nodes, in Node-RED's language and with
 * a `code`; the status shows the bot's state whenever nothing else goes on. What ends after the flow was stopped is
 * logged as well, because messages and errors may reach nobody then.
 */
export function onInput(RED: NodeAPI, node: Node, botId: string, work: (job: Job) => Promise<void>): void {
  const showState = followState(RED, node, botId);
  let closed = false;
  node.on('close', () => {
    closed = true;
  });
  node.on('input', (incoming, send, done) => {
    const msg = incoming as Message;
    const progress: Job['progress'] = (now) => {
      if (!closed) node.status(progressStatus(RED, now));
    };
    const working = async (): Promise<void> => {
      await work({ msg, bot: askedBy(node.id, botFor(RED, botId, msg.bot)), progress, send });
    };
    working().then(
      () => {
        if (closed) node.warn(translateStatus(RED, 'finishedLate'));
        else showState();
        done();
      },
      (error: unknown) => {
        const translated = inNodeRedsLanguage(RED, error);
        if (closed) node.error(translated.message);
        else node.status(errorStatus(RED, error));
        done(translated);
      },
    );
  });
}

/** A bot that notes which node asks. */
function askedBy(by: string, { run }: BotNode): Job['bot'] {
  return { run: (command, params, progress) => run(command, params, progress, by) };
}

/** Shows the state of a bot under a node from now on; returns what shows it anew. */
export function followState(RED: NodeAPI, node: Node, botId: string): () => void {
  let chosen: BotNode;
  try {
    chosen = chosenBot(RED, botId);
  } catch (error) {
    const show = (): void => {
      node.status(errorStatus(RED, error));
    };
    show();
    return show;
  }
  const show = (): void => {
    node.status(stateStatus(RED, chosen.bot.state));
  };
  const unfollow = chosen.bot.on('state', show);
  node.on('close', unfollow);
  show();
  return show;
}

/**
 * The same error with a sentence for the people at this Node-RED. Node-RED puts an error's cause into the msg and its
 * name before the sentence; neither is for a flow.
 */
export function inNodeRedsLanguage(RED: NodeAPI, error: unknown): Error {
  const code = error instanceof WechatError ? error.code : 'FAILED';
  return Object.assign(new Error(translateError(RED, error)), { name: '', code });
}

/**
 * The value of a typed input for this message; undefined where the message has none. Of `fields`, an object without
 * the fields the message does not have.
 * @throws WechatError INVALID_PARAMS
 */
export function valueOf(
  RED: NodeAPI,
  node: Node,
  msg: Message,
  property: string,
  value: string,
  type: string,
): Promise<unknown> {
  if (type === 'fields') return fieldsOf(RED, node, msg, property, value);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      // Of `a.b`, Node-RED treats a missing b as undefined, and a missing a as an error.
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

async function fieldsOf(
  RED: NodeAPI,
  node: Node,
  msg: Message,
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
      return [name, await valueOf(RED, node, msg, name, value, type)] as const;
    }),
  );
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}
