/** Settings of a connection, and the options of mqtt.js that follow from them. */
import { randomBytes } from 'node:crypto';
import type { IClientOptions, IClientPublishOptions } from 'mqtt';
import { WechatError } from '../../../bot/errors';

/** MQTT 5, MQTT 3.1.1 (protocol level 4), or 5 with fallback to 3.1.1 and 3.1. */
export type ProtocolVersion = 'auto' | '5' | '4';

/** Protocol levels in the CONNECT packet; 3 is MQTT 3.1. */
export type ProtocolLevel = 3 | 4 | 5;

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

/** How to connect. */
export interface ConnectVariant {
  readonly level: ProtocolLevel;
  /** Until the CONNACK packet, in ms. */
  readonly connectTimeout: number;
  /** Whether the client id is one of its own, without session and will, because the session is taken over. */
  readonly isProbe: boolean;
  /** Whether the will has QoS 0 and is not retained. */
  readonly isWillPlain: boolean;
}

/** A new MQTT client id: all brokers accept up to 23 letters and digits. */
export function createClientId(): string {
  return `wechat${randomBytes(8).toString('hex')}`;
}

/** The options of a new client. */
export function clientOptions(
  { username, password, tls, sessionId, qos, will }: ConnectionSettings,
  { level, connectTimeout, isProbe, isWillPlain }: ConnectVariant,
): IClientOptions {
  const { topic, payload } = will();
  const willOptions = isWillPlain ? ({ qos: 0, retain: false } as const) : { qos, retain: true };
  return {
    ...tls,
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    clientId: isProbe ? createClientId() : sessionId,
    clean: isProbe,
    protocolVersion: level,
    protocolId: level === 3 ? 'MQIsdp' : 'MQTT',
    ...(level === 5 && !isProbe ? { properties: { sessionExpiryInterval: sessionExpirySeconds } } : {}),
    ...(isProbe ? {} : { will: { topic, payload: Buffer.from(payload), ...willOptions } }),
    keepalive: 30,
    connectTimeout,
    // `MqttConnection` reconnects: with exponential back-off and protocol version fallback.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    ...(process.env.DEBUG ? {} : { log: noopLog }),
  };
}

/** What limits PUBLISH packets. */
interface BrokerLimits {
  readonly level: ProtocolLevel;
  readonly qos: ConnectionSettings['qos'];
  readonly isRetainAvailable: boolean;
}

/** The options of a PUBLISH packet. */
export function publishOptions(
  { level, qos, isRetainAvailable }: BrokerLimits,
  { retain: isRetained = false, correlation }: PublishOptions,
): IClientPublishOptions {
  const retain = isRetained && isRetainAvailable;
  if (level < 5) return { qos, retain };
  // One shared object for all events, because thousands may be unacknowledged at once.
  const properties = correlation ? { ...jsonProperties, correlationData: correlation } : jsonProperties;
  return { qos, retain, properties };
}

function noopLog(): void {
  // The default logger formats a line for each step of each packet.
}
