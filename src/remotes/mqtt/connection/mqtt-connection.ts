/**
 * Reconnecting MQTT client. It owns the socket only: what is published again after a reconnect is decided by the outbox.
 */
import { connect, type IClientOptions, type IClientPublishOptions, type MqttClient } from 'mqtt';
import { errorMessage, WechatError } from '../../../bot/errors';
import { Backoff } from '../../../util/backoff';
import { PubackBatcher } from './puback-batcher';

/** MQTT 5, MQTT 3.1.1 (protocol level 4), or 5 with fallback to 3.1.1. */
export type ProtocolVersion = 'auto' | '5' | '4';

/** Broker address, credentials and session of a connection. */
export interface ConnectionSettings {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** TLS options of Node.js: certificates and keys. */
  readonly tls?: Readonly<Record<string, unknown>>;
  /** MQTT client id, which identifies the session. */
  readonly sessionId: string;
  readonly protocolVersion: ProtocolVersion;
  readonly qos: 0 | 1 | 2;
  /** The topic to subscribe to. */
  readonly requestTopic: string;
  /** Creates the will, which the broker publishes, retained, when the connection is lost. */
  readonly will: () => { readonly topic: string; readonly payload: string };
}

/** A received PUBLISH packet. */
export interface InboundPublish {
  readonly payload: Buffer;
  readonly isRedelivery: boolean;
  readonly responseTopic?: string;
  readonly correlation?: Buffer;
  /** Message expiry interval in seconds. */
  readonly expiresIn?: number;
}

/** Called by a connection. */
export interface ConnectionCallbacks {
  onConnected(): void;
  /** The connection was lost or refused, and is retried. Not called after `stop`. */
  onDisconnected(reason: string): void;
  /** A message arrived. It is acknowledged when the promise is fulfilled, and delivered again when it is rejected. */
  onPublish(publish: InboundPublish): Promise<void>;
}

/** Options of one PUBLISH packet. */
export interface PublishOptions {
  readonly retain?: boolean;
  readonly correlation?: Buffer;
}

/** Time-outs and retry delays in ms. */
export interface ConnectionTimeouts {
  readonly connect: number;
  readonly minRetryDelay: number;
  readonly maxRetryDelay: number;
  readonly stop: number;
}

const defaultTimeouts: ConnectionTimeouts = {
  connect: 10_000,
  minRetryDelay: 500,
  maxRetryDelay: 15_000,
  stop: 2_000,
};

/** Session expiry interval: how long the broker queues commands while the remote is disconnected, in seconds. */
export const sessionExpirySeconds = 7 * 24 * 60 * 60;

/** A connection that lasted this long resets the retry delay, in ms. */
const stableAfterMs = 5_000;

/** Maximum number of unacknowledged messages. */
const defaultInFlightWindow = 1000;

/** Maximum size of a packet beside body and topic, in bytes: header, properties, correlation data. */
const packetOverheadBytes = 1024;

/** MQTT 5 properties of all messages. */
const jsonProperties = { contentType: 'application/json', payloadFormatIndicator: true } as const;

function noopLog(): void {
  // No-op logger: mqtt.js formats every packet otherwise.
}

/** Reason code of a broker that accepts fewer unacknowledged messages. */
const receiveMaximumExceeded = 147;

/** CONNACK codes for an unsupported protocol version, of MQTT 3.1.1 and 5. */
const unsupportedVersionCodes = [1, 132];

/** Network errors, which say nothing about the broker's version. */
const networkErrors = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/;

/** One client with automatic reconnect, protocol version fallback and flow control. */
export class MqttConnection {
  readonly #settings: ConnectionSettings;
  readonly #callbacks: ConnectionCallbacks;
  readonly #timeouts: ConnectionTimeouts;
  readonly #pubacks = new PubackBatcher();
  #client: MqttClient | undefined;
  #isConnected = false;
  #retryTimer: NodeJS.Timeout | undefined;
  readonly #backoff: Backoff;
  #version: 4 | 5;
  /** Whether the broker has refused MQTT 5. */
  #isMqtt3Only = false;
  #maxPacketBytes = Infinity;
  #receiveMaximum = defaultInFlightWindow;
  #inFlightWindow = defaultInFlightWindow;
  #inFlight = 0;
  #stopped = false;

  /** @throws WechatError INVALID_PARAMS when the URL is not one of a broker. */
  constructor(
    settings: ConnectionSettings,
    callbacks: ConnectionCallbacks,
    timeouts: Partial<ConnectionTimeouts> = {},
  ) {
    validateUrl(settings.url);
    this.#settings = settings;
    this.#callbacks = callbacks;
    this.#timeouts = { ...defaultTimeouts, ...timeouts };
    const { minRetryDelay, maxRetryDelay } = this.#timeouts;
    this.#backoff = new Backoff({ minMs: minRetryDelay, maxMs: maxRetryDelay });
    this.#version = settings.protocolVersion === '4' ? 4 : 5;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** How many more messages may be published before one is acknowledged. */
  get sendQuota(): number {
    return this.#isConnected ? this.#inFlightWindow - this.#inFlight : 0;
  }

  /** Connects, and reconnects until `stop`. */
  start(): void {
    if (this.#stopped || this.#client) return;
    const client = connect(this.#settings.url, this.#clientOptions());
    this.#client = client;
    let lastError = '';
    let connectedAt = 0;
    let hasConnack = false;
    let returnCode: number | undefined;
    client.handleMessage = (packet, done) => {
      // Not acknowledged: the broker keeps messages that arrive after `stop`.
      if (this.#stopped || this.#client !== client) return;
      const { properties = {}, payload } = packet;
      this.#callbacks
        .onPublish({
          payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
          isRedelivery: packet.dup,
          ...(properties.responseTopic === undefined ? {} : { responseTopic: properties.responseTopic }),
          ...(properties.correlationData === undefined ? {} : { correlation: properties.correlationData }),
          ...(properties.messageExpiryInterval === undefined
            ? {}
            : { expiresIn: properties.messageExpiryInterval }),
        })
        .then(
          () => {
            this.#pubacks.add(done);
          },
          (error: unknown) => {
            // Not acknowledged: the broker delivers it again on the next connection.
            lastError = errorMessage(error);
            client.stream.destroy();
          },
        );
    };
    client.on('connect', (packet) => {
      hasConnack = true;
      connectedAt = Date.now();
      // Nagle's algorithm costs 40 ms per packet with brokers that delay TCP acknowledgements.
      (client.stream as { setNoDelay?: (on: boolean) => void }).setNoDelay?.(true);
      this.#maxPacketBytes = packet.properties?.maximumPacketSize ?? Infinity;
      this.#receiveMaximum = packet.properties?.receiveMaximum ?? defaultInFlightWindow;
      this.#inFlight = 0;
      client.subscribe(this.#settings.requestTopic, { qos: this.#settings.qos }, (error) => {
        if (this.#client !== client || this.#stopped) return;
        if (error) {
          lastError = `${this.#settings.requestTopic}: ${errorMessage(error)}`;
          client.stream.destroy();
          return;
        }
        this.#isConnected = true;
        this.#callbacks.onConnected();
      });
    });
    client.on('disconnect', ({ reasonCode }) => {
      lastError = `the broker ended the connection (${reasonCode ?? 0})`;
      if (reasonCode === receiveMaximumExceeded) this.#inFlightWindow = Math.max(1, this.#receiveMaximum);
    });
    client.on('error', (error) => {
      // An AggregateError of several addresses has an empty message.
      const { code } = error as { code?: unknown };
      lastError = error.message || (typeof code === 'string' ? code : 'unknown');
      if (!hasConnack && typeof code === 'number') returnCode = code;
    });
    client.on('close', () => {
      if (this.#client !== client) return;
      this.#client = undefined;
      this.#isConnected = false;
      if (this.#stopped) return;
      if (connectedAt > 0 && Date.now() - connectedAt > stableAfterMs) this.#backoff.reset();
      this.#selectVersion(hasConnack, returnCode, lastError);
      this.#retryTimer = setTimeout(() => {
        this.start();
      }, this.#backoff.next());
      this.#callbacks.onDisconnected(lastError || 'the connection was closed');
    });
  }

  /**
   * Publishes a message.
   * @param done called when it is acknowledged, or with an error when it was refused; not called when the connection is
   *   lost.
   */
  publish(topic: string, body: string, options: PublishOptions, done: (error?: Error) => void): void {
    const client = this.#client;
    if (!client || !this.#isConnected) return;
    if (Buffer.byteLength(body) + topic.length + packetOverheadBytes > this.#maxPacketBytes) {
      done(new WechatError('REFUSED', 'answerTooLarge'));
      return;
    }
    this.#inFlight += 1;
    this.#pubacks.flushWithNextWrite();
    client.publish(topic, body, this.#publishOptions(options), (error) => {
      if (this.#client !== client || !this.#isConnected) return;
      this.#inFlight -= 1;
      if (!error) done();
      else if (typeof (error as { code?: unknown }).code === 'number') done(error);
    });
  }

  /**
   * Disconnects within `timeouts.stop`. Idempotent.
   * @param endSession whether the broker deletes the session as well.
   */
  async stop(endSession: boolean): Promise<void> {
    this.#stopped = true;
    this.#isConnected = false;
    clearTimeout(this.#retryTimer);
    const client = this.#client;
    this.#client = undefined;
    if (!client) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        client.stream.destroy();
        resolve();
      }, this.#timeouts.stop);
      const onClosed = (): void => {
        clearTimeout(timer);
        resolve();
      };
      client.on('close', onClosed);
      // Unacknowledged messages stay in the outbox: there is no need to wait for them.
      const properties =
        endSession && this.#version === 5 ? { properties: { sessionExpiryInterval: 0 } } : {};
      if (client.connected) client.end(false, { reasonCode: 0, ...properties });
      else client.end(true);
      if (client.stream.destroyed) onClosed();
    });
  }

  #publishOptions({ retain = false, correlation }: PublishOptions): IClientPublishOptions {
    const { qos } = this.#settings;
    if (this.#version === 4) return { qos, retain };
    // One shared object for all events, because thousands may be unacknowledged at once.
    const properties = correlation ? { ...jsonProperties, correlationData: correlation } : jsonProperties;
    return { qos, retain, properties };
  }

  #clientOptions(): IClientOptions {
    const { username, password, tls, sessionId, qos, will } = this.#settings;
    const { topic, payload } = will();
    return {
      ...tls,
      ...(username ? { username } : {}),
      ...(password ? { password } : {}),
      clientId: sessionId,
      clean: false,
      protocolVersion: this.#version,
      ...(this.#version === 5 ? { properties: { sessionExpiryInterval: sessionExpirySeconds } } : {}),
      will: { topic, payload: Buffer.from(payload), qos, retain: true },
      keepalive: 30,
      connectTimeout: this.#timeouts.connect,
      // Reconnecting is done here: with exponential back-off and protocol version fallback.
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      // Otherwise mqtt.js formats a log line for each step of each packet.
      ...(process.env.DEBUG ? {} : { log: noopLog }),
    };
  }

  /** Brokers without MQTT 5 refuse it with a return code, or close the connection silently, as does a stopping broker. */
  #selectVersion(hasConnack: boolean, returnCode: number | undefined, lastError: string): void {
    if (this.#settings.protocolVersion !== 'auto' || this.#isMqtt3Only) return;
    if (returnCode !== undefined) this.#isMqtt3Only = unsupportedVersionCodes.includes(returnCode);
    const isClosedSilently = !hasConnack && returnCode === undefined && !networkErrors.test(lastError);
    this.#version = this.#isMqtt3Only || (isClosedSilently && this.#version === 5) ? 4 : 5;
  }
}

const schemes = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];

function validateUrl(url: string): void {
  if (URL.canParse(url) && schemes.includes(new URL(url).protocol)) return;
  throw new WechatError('INVALID_PARAMS', 'badBroker', { url: url.replace(/\/\/[^/]*@/, '//***@') });
}
