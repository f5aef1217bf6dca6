/** Settings of a connection, and the options of mqtt.js that follow from them. */
import { randomBytes } from 'node:crypto';
import type { IClientOptions, IClientPublishOptions } from 'mqtt';
import { WechatError } from '../../../bot/errors';

/** MQTT 5, MQTT 3.1.1 (protocol level 4), or 5 with fallback to 3.1.1. */
export type ProtocolVersion = 'auto' | '5' | '4';

/** Protocol levels in the CONNECT packet. */
export type ProtocolLevel = 4 | 5;

/** Broker address, credentials and session of a connection. */
export interface ConnectionSettings {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** TLS options of Node.js: certificates and keys. */
  readonly tls?: Readonly<Record<string, unknown>>;
  /** The node of the remote, which tells users of another remote which one this is. */
  readonly nodeId: string;
  /** MQTT client id, which identifies the session. */
  readonly sessionId: string;
  readonly protocolVersion: ProtocolVersion;
  readonly qos: 0 | 1 | 2;
  /** The topic to subscribe to. */
  readonly requestTopic: string;
  /** Creates the will, which the broker publishes, retained, when the connection is lost. */
  readonly will: () => { readonly topic: string; readonly payload: string };
}

/** Options of one PUBLISH packet. */
export interface PublishOptions {
  readonly retain?: boolean;
  readonly correlation?: Buffer;
}

/** Session expiry interval: how long the broker queues commands while the remote is disconnected, in seconds. */
export const sessionExpirySeconds = 7 * 24 * 60 * 60;

/** MQTT 5 properties of all messages. */
const jsonProperties = { contentType: 'application/json', payloadFormatIndicator: true } as const;

const schemes = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];

/** @throws WechatError INVALID_PARAMS (`badBroker`) when a URL is not one of a broker. */
export function validateBrokerUrl(url: string): void {
  const { protocol, host } = URL.canParse(url) ? new URL(url) : { protocol: '', host: '' };
  if (schemes.includes(protocol) && host !== '') return;
  throw new WechatError('INVALID_PARAMS', 'badBroker', { url: publicPartOf(url) });
}

/** Scheme and host: path, query and whatever is not understood may contain credentials. */
function publicPartOf(url: string): string {
  if (!URL.canParse(url)) return `${/^[a-z]+:\/\//i.exec(url)?.[0] ?? ''}…`;
  const { protocol, host, pathname, search, hash } = new URL(url);
  const hasMore = host === '' || search !== '' || hash !== '' || pathname.length > 1;
  return `${protocol}//${host}${hasMore ? '/…' : ''}`;
}

/**
 * The options of a new client.
 * @param connectTimeout until the CONNACK packet, in ms.
 * @param isProbe whether it uses a client id of its own, without session and will, because the session is taken over.
 */
export function clientOptions(
  { username, password, tls, sessionId, qos, will }: ConnectionSettings,
  level: ProtocolLevel,
  connectTimeout: number,
  isProbe: boolean,
): IClientOptions {
  const { topic, payload } = will();
  return {
    ...tls,
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    clientId: isProbe ? `${sessionId}p${randomBytes(4).toString('hex')}` : sessionId,
    clean: isProbe,
    protocolVersion: level,
    ...(level === 5 && !isProbe ? { properties: { sessionExpiryInterval: sessionExpirySeconds } } : {}),
    ...(isProbe ? {} : { will: { topic, payload: Buffer.from(payload), qos, retain: true } }),
    keepalive: 30,
    connectTimeout,
    // `MqttConnection` reconnects: with exponential back-off and protocol version fallback.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    ...(process.env.DEBUG ? {} : { log: noopLog }),
  };
}

/** The options of a PUBLISH packet. */
export function publishOptions(
  qos: ConnectionSettings['qos'],
  level: ProtocolLevel,
  { retain = false, correlation }: PublishOptions,
): IClientPublishOptions {
  if (level === 4) return { qos, retain };
  // One shared object for all events, because thousands may be unacknowledged at once.
  const properties = correlation ? { ...jsonProperties, correlationData: correlation } : jsonProperties;
  return { qos, retain, properties };
}

function noopLog(): void {
  // The default logger formats a line for each step of each packet.
}
