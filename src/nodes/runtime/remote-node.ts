/** The implementation shared by all remote nodes: each owns one remote from deploy to deploy. */
import { join } from 'node:path';
import type { Node, NodeAPI, NodeDef, NodeMessage, NodeStatus } from 'node-red';
import type { Bot } from '../../bot/bot';
import type { Remote, RemoteHost } from '../../remotes/remote';
import type { Declaration } from '../shared/declaration';
import { configuredBot } from './bot-registry';
import { registerClose } from './close';
import { type BotProperties, rejectInput, toLocalizedError } from './input';
import { readCredentials, readProperties } from './read-properties';
import { errorStatus } from './status';

/** The arguments from which a remote is created. */
export interface RemoteSetup<Properties, Credentials> {
  readonly properties: Properties;
  readonly credentials: Partial<Credentials>;
  readonly bot: Bot;
  readonly host: RemoteHost;
  /** A folder reserved for this node's remote; not created yet. */
  readonly directory: string;
}

/** The protocol-specific part of a remote node. */
export interface RemoteKind<
  Properties extends BotProperties,
  Credentials,
  Status,
  Instance extends Remote<Status>,
> {
  readonly declaration: Declaration<object, Properties>;
  readonly credentials?: { readonly [name in keyof Credentials]-?: { type: 'text' | 'password' } };
  /** Creates the remote without starting it. @throws WechatError if the settings are invalid. */
  create(setup: RemoteSetup<Properties, Credentials>): Instance;
  /** Renders the remote's status. */
  toNodeStatus(status: Status): NodeStatus;
  /** Handles a message from the flow, if the node has an input. @throws WechatError */
  input?(remote: Instance, msg: NodeMessage): Promise<void>;
}

/** Interval at which the status is rendered again, for counters that emit no change, in ms. */
const statusIntervalMs = 1000;

/** Status changes within this time are shown at once, in ms. */
const debounceMs = 50;

/** Registers a remote node. Its files are stored in `<userDir>/wechat/<node id>/<protocol>`. */
export function registerRemote<
  Properties extends BotProperties,
  Credentials extends object,
  Status,
  Instance extends Remote<Status>,
>(RED: NodeAPI, type: string, kind: RemoteKind<Properties, Credentials, Status, Instance>): void {
  type RemoteNode = Node<Credentials>;

  function WechatRemote(this: RemoteNode, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    let remote: Instance;
    let lastRendered = '';
    let debounceTimer: NodeJS.Timeout | undefined;
    let hasFailed = false;
    const showStatus = (): void => {
      debounceTimer = undefined;
      if (hasFailed) return;
      const status = kind.toNodeStatus(remote.status);
      const rendered = JSON.stringify(status);
      if (rendered === lastRendered) return;
      lastRendered = rendered;
      this.status(status);
    };
    const fail = (error: unknown): void => {
      hasFailed = true;
      this.status(errorStatus(RED, error));
      this.error(toLocalizedError(RED, error).message);
    };
    const host: RemoteHost = {
      nodeId: this.id,
      onStatusChange: () => {
        debounceTimer ??= setTimeout(showStatus, debounceMs).unref();
      },
      onAudit: ({ name, ...payload }) => {
        this.send({ topic: name, payload });
      },
      log: (level, sentence, problem) => {
        const message = problem ? toLocalizedError(RED, problem).message : sentence;
        if (level === 'info') this.log(message);
        else if (level === 'warn') this.warn(message);
        else this.error(message);
      },
    };
    try {
      const properties = readProperties(saved, kind.declaration);
      const credentials = readCredentials<Credentials>(this.credentials);
      const { bot } = configuredBot(RED, properties.bot);
      const directory = directoryOf(RED, this.id, type);
      remote = kind.create({ properties, credentials, bot, host, directory });
    } catch (error) {
      rejectInput(RED, this, error);
      return;
    }
    showStatus();
    const statusTimer = setInterval(showStatus, statusIntervalMs).unref();
    remote.start().catch(fail);
    this.on('input', (msg: NodeMessage, _send, done) => {
      const handled = kind.input?.(remote, msg) ?? Promise.resolve();
      handled.then(
        () => {
          done();
        },
        (error: unknown) => {
          done(toLocalizedError(RED, error));
        },
      );
    });
    registerClose(RED, this, async (removed) => {
      clearInterval(statusTimer);
      try {
        await remote.stop(removed);
      } finally {
        clearTimeout(debounceTimer);
      }
    });
  }
  const { credentials } = kind;
  RED.nodes.registerType<RemoteNode, NodeDef, object, Credentials>(
    type,
    WechatRemote,
    credentials ? { credentials: { ...credentials } } : {},
  );
}

function directoryOf(RED: NodeAPI, id: string, type: string): string {
  const protocol = type.replace(/^wechat-|-remote$/g, '');
  return join(RED.settings.userDir ?? process.cwd(), 'wechat', id.replace(/[^\w.-]/g, '_'), protocol);
}
