/** The node `wechat-mqtt-remote`: connects a bot to an MQTT broker. */
import type { NodeAPI, NodeStatus } from 'node-red';
import type { MqttRemote } from '../../remotes/mqtt/remote';
import type { MqttRemoteSettings, MqttRemoteStatus } from '../../remotes/mqtt/settings';
import { loadRemote, packageVersion } from '../runtime/load-remote';
import { registerRemote, type RemoteSetup } from '../runtime/remote-node';
import { parseNumber, parsePolicy } from '../runtime/property-parsing';
import { withStoreStatus } from '../runtime/status';
import { translateStatus } from '../runtime/translate';
import {
  defaults,
  type MqttRemoteCredentials,
  type MqttRemoteProperties,
  type,
  migrations,
} from './properties';

/** Node-RED's `tls-config` node. */
interface TlsNode {
  addTLSOptions?(options: Record<string, unknown>): Record<string, unknown>;
}

/** Generated flows may contain a number. */
function parseProtocolVersion(saved: string | number): MqttRemoteSettings['protocolVersion'] {
  const version = String(saved);
  return version === '4' || version === '5' ? version : 'auto';
}

function createSettings(
  RED: NodeAPI,
  {
    definition: saved,
    credentials,
    directory,
  }: Pick<
    RemoteSetup<MqttRemoteProperties, MqttRemoteCredentials>,
    'definition' | 'credentials' | 'directory'
  >,
): MqttRemoteSettings {
  const { username, password, secretKey } = credentials;
  const qos = parseNumber(saved.qos, defaults.qos);
  const tls = (RED.nodes.getNode(saved.tls) as TlsNode | null)?.addTLSOptions?.({});
  const megabyte = 1024 * 1024;
  return {
    url: saved.url,
    clientId: saved.clientId || saved.bot,
    protocolVersion: parseProtocolVersion(saved.protocolVersion),
    qos: qos === 0 || qos === 2 ? qos : 1,
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(tls ? { tls } : {}),
    directory,
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
    ...parsePolicy(saved),
    maxCommandAge: parseNumber(saved.maxCommandAge, defaults.maxCommandAge),
    outboxMaxBytes: parseNumber(saved.outboxMaxMb, defaults.outboxMaxMb) * megabyte,
    version: packageVersion(),
  };
}

/** A ring while disconnected, because the remote reconnects by itself; a dot otherwise. */
function toNodeStatus(
  RED: NodeAPI,
  { isConnected, reason, since, pending, dropped }: MqttRemoteStatus,
): NodeStatus {
  const disconnected = reason
    ? translateStatus(RED, 'brokerAway', { since: new Date(since).toLocaleTimeString('sv'), error: reason })
    : translateStatus(RED, 'brokerConnecting');
  const parts = [isConnected ? translateStatus(RED, 'brokerConnected') : disconnected];
  if (pending > 0) parts.push(translateStatus(RED, 'brokerWaiting', { count: pending }));
  if (dropped > 0) parts.push(translateStatus(RED, 'brokerLost', { count: dropped }));
  const fill = isConnected ? (dropped > 0 ? 'yellow' : 'green') : reason ? 'red' : 'yellow';
  return { fill, shape: isConnected ? 'dot' : 'ring', text: parts.join(', ') };
}

export = function (RED: NodeAPI): void {
  registerRemote<MqttRemoteProperties, MqttRemoteCredentials, MqttRemoteStatus, MqttRemote>(RED, type, {
    defaults,
    migrations,
    credentials: {
      username: { type: 'text' },
      password: { type: 'password' },
      secretKey: { type: 'password' },
    },
    create: ({ bot, host, ...setup }) => {
      const { MqttRemote: LoadedRemote } = loadRemote('mqtt');
      return new LoadedRemote(bot, createSettings(RED, setup), host);
    },
    toNodeStatus: (status) => withStoreStatus(RED, toNodeStatus(RED, status), status.store),
    input: (remote, { topic, payload }) => remote.publish(topic, payload),
  });
};
