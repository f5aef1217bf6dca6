/** The node `wechat-mqtt-remote`: mirrors a bot to an MQTT broker. */
import type { NodeAPI, NodeStatus } from 'node-red';
import type { MqttRemote } from '../../remotes/mqtt/remote';
import type { MqttRemoteSettings, MqttRemoteStatus } from '../../remotes/mqtt/settings';
import { loadRemote, packageVersion } from '../runtime/load-remote';
import { registerRemote, type RemoteSetup } from '../runtime/remote-node';
import { numberOr, policyOf } from '../runtime/property-parsing';
import { translateStatus } from '../runtime/translate';
import { defaults, type MqttRemoteCredentials, type MqttRemoteProperties, type } from './properties';

/** A `tls-config` node of Node-RED's own. */
interface TlsNode {
  addTLSOptions?(options: Record<string, unknown>): Record<string, unknown>;
}

/** Programs that write flows write numbers. */
function versionOf(saved: string | number): MqttRemoteSettings['protocolVersion'] {
  const version = String(saved);
  return version === '4' || version === '5' ? version : 'auto';
}

function settingsOf(
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
    ...policyOf(saved),
    maxCommandAge: numberOr(saved.maxCommandAge, defaults.maxCommandAge),
    outboxMaxBytes: numberOr(saved.outboxMaxMb, defaults.outboxMaxMb) * megabyte,
    version: packageVersion(),
  };
}

/** Connected is fine; not connected heals by itself. */
function look(RED: NodeAPI, { isConnected, reason, since, waiting, lost }: MqttRemoteStatus): NodeStatus {
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
  registerRemote<MqttRemoteProperties, MqttRemoteCredentials, MqttRemoteStatus, MqttRemote>(RED, type, {
    defaults,
    credentials: {
      username: { type: 'text' },
      password: { type: 'password' },
      secretKey: { type: 'password' },
    },
    make: ({ bot, listener, ...setup }) => {
      const { MqttRemote: Made } = loadRemote('mqtt');
      return new Made(bot, settingsOf(RED, setup), listener);
    },
    look: (status) => look(RED, status),
    input: (remote, { topic, payload }) => remote.publish(topic, payload),
  });
};
