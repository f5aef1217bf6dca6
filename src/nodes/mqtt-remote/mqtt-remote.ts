/** The node `wechat-mqtt-remote`: connects a bot to an MQTT broker. */
import type { NodeAPI, NodeStatus } from 'node-red';
import type { MqttRemote } from '../../remotes/mqtt/remote';
import type { MqttRemoteSettings, MqttRemoteStatus } from '../../remotes/mqtt/settings';
import { loadRemote, packageVersion } from '../runtime/load-remote';
import { registerRemote, type RemoteSetup } from '../runtime/remote-node';
import { errorStatus, withStoreStatus } from '../runtime/status';
import { remotePolicy } from '../runtime/remote-policy';
import { translateStatus } from '../runtime/translate';
import type { ValuesOf } from '../shared/declaration';
import { declaration, type MqttRemoteCredentials, type } from './properties';

type Setup = RemoteSetup<ValuesOf<typeof declaration>, MqttRemoteCredentials>;

/** Node-RED's `tls-config` node. */
interface TlsNode {
  addTLSOptions?(options: Record<string, unknown>): Record<string, unknown>;
}

/** The numbers of the QoS levels. */
const qosLevels = { '0': 0, '1': 1, '2': 2 } as const;

function createSettings(
  RED: NodeAPI,
  { properties, credentials, directory }: Pick<Setup, 'properties' | 'credentials' | 'directory'>,
): MqttRemoteSettings {
  const { username, password, secretKey } = credentials;
  const tls = (RED.nodes.getNode(properties.tls) as TlsNode | null)?.addTLSOptions?.({});
  const megabyte = 1024 * 1024;
  return {
    url: properties.url,
    clientId: properties.clientId || properties.bot,
    protocolVersion: properties.protocolVersion,
    qos: qosLevels[properties.qos],
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(tls ? { tls } : {}),
    directory,
    nodeName: properties.name,
    topics: {
      event: properties.eventTopic,
      request: properties.serviceRequestTopic,
      response: properties.serviceResponseTopic,
      property: properties.propertyTopic,
    },
    events: properties.events,
    simple: properties.simple,
    secretKey: secretKey ?? '',
    sealed: properties.sealed,
    ...remotePolicy(properties),
    maxCommandAge: properties.maxCommandAge,
    outboxMaxBytes: properties.outboxMaxMb * megabyte,
    version: packageVersion(),
  };
}

/** A ring while disconnected, because the remote reconnects by itself; a dot otherwise. */
function toNodeStatus(
  RED: NodeAPI,
  { isConnected, reason, problem, since, pending, dropped }: MqttRemoteStatus,
): NodeStatus {
  if (problem) return errorStatus(RED, problem);
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
  registerRemote<ValuesOf<typeof declaration>, MqttRemoteCredentials, MqttRemoteStatus, MqttRemote>(
    RED,
    type,
    {
      declaration,
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
    },
  );
};
