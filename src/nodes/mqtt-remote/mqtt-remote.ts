/** The node `wechat-mqtt-remote`: mirrors a bot to an MQTT broker. */
import { join } from 'node:path';
import type { Node, NodeAPI, NodeDef, NodeMessage, NodeStatus } from 'node-red';
import type { MqttRemote } from '../../remotes/mqtt/server';
import type { MqttRemoteSettings, MqttRemoteStatus } from '../../remotes/mqtt/settings';
import type { SavedNumber } from '../bot/properties';
import { chosenBot } from '../runtime/bot-node';
import { inNodeRedsLanguage } from '../runtime/input';
import { errorStatus } from '../runtime/status';
import { translateStatus } from '../runtime/texts';
import { loadRemote, packageVersion } from './load-remote';
import { defaults, type MqttRemoteCredentials, type MqttRemoteProperties, type } from './properties';

type Definition = NodeDef & MqttRemoteProperties;
type RemoteNode = Node<MqttRemoteCredentials>;

/** Time between two looks at how much waits, in ms. */
const lookEvery = 1000;

/** A `tls-config` node of Node-RED's own. */
interface TlsNode {
  addTLSOptions?(options: Record<string, unknown>): Record<string, unknown>;
}

function numberOr(saved: SavedNumber | undefined, fallback: SavedNumber): number {
  const value = Number(saved);
  return saved === undefined || saved === '' || !(value >= 0) ? Number(fallback) : value;
}

/** The names in a list, which `${ENV}` makes a text. */
function names(saved: readonly string[] | string): string[] {
  const list = typeof saved === 'string' ? saved.split(/[\s,，;；]+/) : saved;
  return list.filter((name) => name !== '');
}

/** Programs that write flows write numbers. */
function versionOf(saved: string | number): MqttRemoteSettings['protocolVersion'] {
  const version = String(saved);
  return version === '4' || version === '5' ? version : 'auto';
}

function settingsOf(RED: NodeAPI, node: RemoteNode, saved: Definition): MqttRemoteSettings {
  const { username, password, secretKey } = node.credentials;
  const qos = numberOr(saved.qos, defaults.qos);
  const tls = (RED.nodes.getNode(saved.tls) as TlsNode | null)?.addTLSOptions?.({});
  const megabyte = 1024 * 1024;
  return {
    url: saved.url,
    clientId: saved.clientId || saved.bot,
    protocolVersion: versionOf(saved.protocolVersion),
    qos: qos === 0 || qos === 2 ? qos : 1,
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(tls ? { tls } : {}),
    directory: join(
      RED.settings.userDir ?? process.cwd(),
      'wechat',
      node.id.replace(/[^\w.-]/g, '_'),
      'mqtt',
    ),
    topics: {
      event: saved.eventTopic,
      request: saved.serviceRequestTopic,
      response: saved.serviceResponseTopic,
      property: saved.propertyTopic,
    },
    events: saved.events,
    simple: saved.simple,
    secretKey: secretKey ?? '',
    sealed: saved.sealed,
    permits: { allow: names(saved.allow), deny: names(saved.deny) },
    files: loadRemote().remoteFilePolicy({
      filesFrom: saved.filesFrom,
      maxFileMb: numberOr(saved.maxFileMb, defaults.maxFileMb),
      fetchPrivate: saved.fetchPrivate,
    }),
    maxCommandAge: numberOr(saved.maxCommandAge, defaults.maxCommandAge),
    outboxMaxBytes: numberOr(saved.outboxMaxMb, defaults.outboxMaxMb) * megabyte,
    version: packageVersion(),
  };
}

/** Connected is fine; not connected heals by itself. */
function statusOf(RED: NodeAPI, { isConnected, reason, since, waiting, lost }: MqttRemoteStatus): NodeStatus {
  const away = reason
    ? translateStatus(RED, 'brokerAway', { since: new Date(since).toLocaleTimeString('sv'), error: reason })
    : translateStatus(RED, 'brokerConnecting');
  const parts = [isConnected ? translateStatus(RED, 'brokerConnected') : away];
  if (waiting > 0) parts.push(translateStatus(RED, 'brokerWaiting', { count: waiting }));
  if (lost > 0) parts.push(translateStatus(RED, 'brokerLost', { count: lost }));
  const fill = isConnected ? (lost > 0 ? 'yellow' : 'green') : reason ? 'red' : 'yellow';
  return { fill, shape: isConnected ? 'dot' : 'ring', text: parts.join(', ') };
}

export = function (RED: NodeAPI): void {
  function WechatMqttRemote(this: RemoteNode, saved: Definition): void {
    RED.nodes.createNode(this, saved);
    const definition = { ...defaults, ...saved };
    const fail = (error: unknown): void => {
      this.status(errorStatus(RED, error));
      this.error(inNodeRedsLanguage(RED, error).message);
    };
    let remote: MqttRemote;
    let shown = '';
    const show = (): void => {
      const status = statusOf(RED, remote.status);
      const looks = JSON.stringify(status);
      if (looks === shown) return;
      shown = looks;
      this.status(status);
    };
    try {
      const { bot } = chosenBot(RED, definition.bot);
      const { MqttRemote: Remote } = loadRemote();
      remote = new Remote(bot, settingsOf(RED, this, definition), {
        changed: show,
        handled: ({ name, ...payload }) => {
          this.send({ topic: name, payload });
        },
        log: (level, sentence) => {
          if (level === 'info') this.log(sentence);
          else if (level === 'warn') this.warn(sentence);
          else this.error(sentence);
        },
      });
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
      remote.publish(msg.topic, msg.payload).then(
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
      remote.stop(removed).then(done, (error: unknown) => {
        this.error(inNodeRedsLanguage(RED, error).message);
        done();
      });
    });
  }
  RED.nodes.registerType<RemoteNode, Definition, object, MqttRemoteCredentials>(type, WechatMqttRemote, {
    credentials: {
      username: { type: 'text' },
      password: { type: 'password' },
      secretKey: { type: 'password' },
    },
  });
};
