/**
 * What a broker offers: the MQTT version, QoS, retained messages. MQTT 5 brokers announce it; others refuse the CONNECT
 * packet with a return code, or close the connection silently, as does a broker that stops. Then the next connection
 * asks for less.
 */
import type { IConnackPacket } from 'mqtt';
import type { ConnectionSettings, ProtocolLevel, ProtocolVersion } from './client-options';
import type { ConnectionAttempt } from './connection-attempt';

type Qos = ConnectionSettings['qos'];

/** CONNACK codes for an unsupported protocol version, of MQTT 3 and 5. */
const unsupportedVersionCodes = [1, 132];

/** CONNACK codes for a will that is retained, or has a higher QoS than the broker offers. */
const unsupportedWillCodes = [154, 155];

/** The features of one broker, over all connections. */
export class BrokerFeatures {
  readonly #requestedQos: Qos;
  readonly #isLevelFixed: boolean;
  #maxLevel: ProtocolLevel;
  #level: ProtocolLevel;
  #isWillRefused = false;
  #isWillSuspect = false;
  #qos: Qos;
  #isRetainAvailable = true;

  constructor({ protocolVersion, qos }: { protocolVersion: ProtocolVersion; qos: Qos }) {
    this.#isLevelFixed = protocolVersion !== 'auto';
    this.#maxLevel = protocolVersion === '4' ? 4 : 5;
    this.#level = this.#maxLevel;
    this.#requestedQos = qos;
    this.#qos = qos;
  }

  /** The protocol level of the next connection, or of the present one. */
  get level(): ProtocolLevel {
    return this.#level;
  }

  /** Whether the will is not retained and has QoS 0: every broker accepts that. */
  get isWillPlain(): boolean {
    return this.#isWillRefused || this.#isWillSuspect;
  }

  /** The highest QoS of messages. */
  get qos(): Qos {
    return this.#qos;
  }

  get isRetainAvailable(): boolean {
    return this.#isRetainAvailable;
  }

  /** What the broker lacks, as sentences. */
  get missing(): string[] {
    const level = this.#level === 3 ? ['The broker offers MQTT 3.1 only: there are no response topics.'] : [];
    const qos =
      this.#qos < this.#requestedQos
        ? [`The broker offers QoS ${this.#qos} at most: what is sent while a connection is lost may be lost.`]
        : [];
    const retain = this.#isRetainAvailable
      ? []
      : ['The broker keeps no retained messages: clients do not see the properties when they subscribe.'];
    return [...level, ...qos, ...retain];
  }

  /** A connection begins. */
  onConnack({ properties }: IConnackPacket): void {
    this.#qos = lower(this.#requestedQos, properties?.maximumQoS);
    this.#isRetainAvailable = properties?.retainAvailable !== false;
  }

  /** The broker has granted a subscription with this QoS: MQTT 3 has no other way to announce the highest. */
  onGranted(qos: number | undefined): void {
    this.#qos = lower(this.#qos, qos);
  }

  /** A connection has ended. */
  onClosed({ connectedAt, returnCode, hasNetworkError }: ConnectionAttempt): void {
    if (returnCode !== undefined && unsupportedWillCodes.includes(returnCode)) this.#isWillRefused = true;
    if (!this.#isLevelFixed && returnCode !== undefined && unsupportedVersionCodes.includes(returnCode))
      this.#maxLevel = below(this.#level);
    const isClosedSilently = connectedAt === undefined && returnCode === undefined && !hasNetworkError;
    if (isClosedSilently && !this.#isLevelFixed && this.#level > 3) this.#level = below(this.#level);
    else {
      this.#level = this.#maxLevel;
      this.#isWillSuspect = isClosedSilently && !this.#isWillSuspect;
    }
  }
}

function below(level: ProtocolLevel): ProtocolLevel {
  return level === 5 ? 4 : 3;
}

function lower(qos: Qos, limit: number | undefined): Qos {
  return limit === 0 || (limit === 1 && qos === 2) ? limit : qos;
}
