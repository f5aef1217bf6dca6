/** What the nodes of all remotes have in common: they own one remote each, from deploy to deploy. */
import { join } from 'node:path';
import type { Node, NodeAPI, NodeDef, NodeMessage, NodeStatus } from 'node-red';
import type { Bot } from '../../bot/bot';
import type { Remote, RemoteListener } from '../../remotes/remote';
import { chosenBot } from './bot-registry';
import { inNodeRedsLanguage } from './input';
import { errorStatus } from './status';

/** What a remote can be made of. */
export interface RemoteSetup<Properties, Credentials> {
  /** What is saved, with defaults for what is missing. */
  readonly definition: NodeDef & Properties;
  readonly credentials: Partial<Credentials>;
  readonly bot: Bot;
  readonly listener: RemoteListener;
  /** A folder that belongs to this node's remote alone; not made yet. */
  readonly directory: string;
}

/** One kind of remote. */
export interface RemoteKind<Properties, Credentials, Status, Made extends Remote<Status>> {
  readonly defaults: Properties;
  readonly credentials?: { readonly [name in keyof Credentials]-?: { type: 'text' | 'password' } };
  /** Makes the remote without starting it. @throws WechatError when it can never work. */
  make(setup: RemoteSetup<Properties, Credentials>): Made;
  /** How its status shows. */
  look(status: Status): NodeStatus;
  /** What is done with a message from the flow, by kinds that have an input. @throws WechatError */
  input?(remote: Made, msg: NodeMessage): Promise<void>;
}

/** Time between two looks at the status, in ms. */
const lookEvery = 1000;

/** For so long changes are gathered before they show, in ms. */
const gather = 50;

/** Registers the node of a remote: `wechat-mqtt-remote` keeps its files in the folder `mqtt` of its own. */
export function registerRemote<
  Properties extends { bot: string },
  Credentials extends object,
  Status,
  Made extends Remote<Status>,
>(RED: NodeAPI, type: string, kind: RemoteKind<Properties, Credentials, Status, Made>): void {
  type RemoteNode = Node<Credentials>;
  type Definition = NodeDef & Properties;

  function WechatRemote(this: RemoteNode, saved: Definition): void {
    RED.nodes.createNode(this, saved);
    const definition = { ...kind.defaults, ...saved };
    let remote: Made;
    let shown = '';
    let showing: NodeJS.Timeout | undefined;
    let isLost = false;
    const show = (): void => {
      showing = undefined;
      if (isLost) return;
      const status = kind.look(remote.status);
      const looks = JSON.stringify(status);
      if (looks === shown) return;
      shown = looks;
      this.status(status);
    };
    const fail = (error: unknown): void => {
      isLost = true;
      this.status(errorStatus(RED, error));
      this.error(inNodeRedsLanguage(RED, error).message);
    };
    const listener: RemoteListener = {
      owner: this.id,
      changed: () => {
        showing ??= setTimeout(show, gather).unref();
      },
      handled: ({ name, ...payload }) => {
        this.send({ topic: name, payload });
      },
      log: (level, sentence) => {
        if (level === 'info') this.log(sentence);
        else if (level === 'warn') this.warn(sentence);
        else this.error(sentence);
      },
    };
    try {
      const { bot } = chosenBot(RED, definition.bot);
      // A node without saved credentials has none, whatever the published types say.
      const credentials = (this.credentials as Partial<Credentials> | undefined) ?? {};
      const directory = directoryOf(RED, this.id, type);
      remote = kind.make({ definition, credentials, bot, listener, directory });
    } catch (error) {
      fail(error);
      this.on('input', (_msg, _send, done) => {
        done(inNodeRedsLanguage(RED, error));
      });
      return;
    }
    show();
    const looking = setInterval(show, lookEvery).unref();
    remote.start().catch(fail);
    this.on('input', (msg: NodeMessage, _send, done) => {
      const taken = kind.input?.(remote, msg) ?? Promise.resolve();
      taken.then(
        () => {
          done();
        },
        (error: unknown) => {
          done(inNodeRedsLanguage(RED, error));
        },
      );
    });
    this.on('close', (removed: boolean, done: () => void) => {
      clearInterval(looking);
      remote
        .stop(removed)
        .catch((error: unknown) => {
          this.error(inNodeRedsLanguage(RED, error).message);
        })
        .finally(() => {
          clearTimeout(showing);
          done();
        });
    });
  }
  const { credentials } = kind;
  RED.nodes.registerType<RemoteNode, Definition, object, Credentials>(
    type,
    WechatRemote,
    credentials ? { credentials: { ...credentials } } : {},
  );
}

function directoryOf(RED: NodeAPI, id: string, type: string): string {
  const protocol = type.replace(/^wechat-|-remote$/g, '');
  return join(RED.settings.userDir ?? process.cwd(), 'wechat', id.replace(/[^\w.-]/g, '_'), protocol);
}
