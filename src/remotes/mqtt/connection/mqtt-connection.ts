/**
 * Reconnecting MQTT client. It owns the socket only: what is published again after a reconnect is decided by the outbox.
 */
import {
  connect,
  type IConnackPacket,
  type IDisconnectPacket,
  type IPublishPacket,
  type MqttClient,
} from 'mqtt';
import { errorMessage, WechatError } from '../../../bot/errors';
import { Backoff } from '../../../util/backoff';
import {
  clientOptions,
  type ConnectionSettings,
  type ProtocolLevel,
  type PublishOptions,
  publishOptions,
  validateBrokerUrl,
} from './client-options';
import { InFlightWindow } from './in-flight-window';
import { PubackBatcher } from './puback-batcher';

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
  /**
   * The connection was lost or refused, and is retried. Not called after `stop`.
   * @param refused the published message at which the broker has ended the connection repeatedly.
   */
  onDisconnected(reason: string, refused: object | undefined): void;
  /** A message arrived. It is acknowledged when the promise is fulfilled, and delivered again when it is rejected. */
  onPublish(publish: InboundPublish): Promise<void>;
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

/** A connection that lasted this long resets the retry delay, in ms. */
const stableAfterMs = 5_000;

/** Maximum size of a packet beside body, topic and correlation data, in bytes: header and other properties. */
const packetOverheadBytes = 64;

/** Reason code of a broker that accepts fewer unacknowledged messages. */
const receiveMaximumExceeded = 147;

/**
 * Reason codes of a broker that ends a connection for another reason than the last message: it shuts down, is busy or
 * moved, the session was taken over, the client was silent or connected for too long, an administrator, the rate.
 */
const reasonsBesideMessages = [137, 139, 141, 142, receiveMaximumExceeded, 150, 152, 156, 157, 159, 160];

/** CONNACK codes for an unsupported protocol version, of MQTT 3.1.1 and 5. */
const unsupportedVersionCodes = [1, 132];

/** Errors of the network, which say nothing about the broker. */
const networkErrors = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|Keepalive timeout/;

/** One connection, from the first attempt to connect until it is closed. */
interface Attempt {
  readonly client: MqttClient;
  /** When the CONNACK packet arrived, by the monotonic clock in ms. */
  connectedAt: number | undefined;
  /** The code of a CONNACK packet that refused the connection. */
  returnCode: number | undefined;
  lastError: string;
  /** Whether the connection ends for another reason than what was published last. */
  isPublishInnocent: boolean;
}

/** One client with automatic reconnect, protocol version fallback and flow control. */
export class MqttConnection {
  readonly #settings: ConnectionSettings;
  readonly #callbacks: ConnectionCallbacks;
  readonly #timeouts: ConnectionTimeouts;
  readonly #pubacks = new PubackBatcher();
  #attempt: Attempt | undefined;
  #isConnected = false;
  #retryTimer: NodeJS.Timeout | undefined;
  readonly #backoff: Backoff;
  #level: ProtocolLevel;
  /** Whether the broker has refused MQTT 5. */
  #isMqtt3Only = false;
  #maxPacketBytes = Infinity;
  readonly #inFlight = new InFlightWindow();
  #stopped = false;
  /** Whether messages of this connection could not be stored. */
  #hasUnacknowledged = false;

  /** @throws WechatError INVALID_PARAMS when the URL is not one of a broker. */
  constructor(
    settings: ConnectionSettings,
    callbacks: ConnectionCallbacks,
    timeouts: Partial<ConnectionTimeouts> = {},
  ) {
    validateBrokerUrl(settings.url);
    this.#settings = settings;
    this.#callbacks = callbacks;
    this.#timeouts = { ...defaultTimeouts, ...timeouts };
    const { minRetryDelay, maxRetryDelay } = this.#timeouts;
    this.#backoff = new Backoff({ minMs: minRetryDelay, maxMs: maxRetryDelay });
    this.#level = settings.protocolVersion === '4' ? 4 : 5;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** How many more messages may be published before one is acknowledged. */
  get sendQuota(): number {
    return this.#isConnected ? this.#inFlight.quota : 0;
  }

  /** Connects, and reconnects until `stop`. */
  start(): void {
    if (this.#stopped || this.#attempt) return;
    const options = clientOptions(this.#settings, this.#level, this.#timeouts.connect);
    const client = connect(this.#settings.url, options);
    const attempt: Attempt = {
      client,
      connectedAt: undefined,
      returnCode: undefined,
      lastError: '',
      isPublishInnocent: false,
    };
    this.#attempt = attempt;
    this.#hasUnacknowledged = false;
    client.handleMessage = (packet, done) => {
      this.#onPublish(attempt, packet, done);
    };
    client.on('connect', (packet) => {
      this.#onConnack(attempt, packet);
    });
    client.on('disconnect', (packet) => {
      this.#onDisconnect(attempt, packet);
    });
    client.on('error', (error) => {
      onError(attempt, error);
    });
    client.on('close', () => {
      this.#onClose(attempt);
    });
  }

  /**
   * Publishes a message.
   * @param message identifies it, when it is published again on another connection as well.
   * @param done called when it is acknowledged, or with an error when it was refused; not called when the connection is
   *   lost.
   */
  publish(
    { topic, body, options }: { topic: string; body: string; options: PublishOptions },
    message: object,
    done: (error?: Error) => void,
  ): void {
    const attempt = this.#attempt;
    if (!attempt || !this.#isConnected) return;
    if (packetSize(topic, body, options) > this.#maxPacketBytes) {
      done(new WechatError('REFUSED', 'answerTooLarge'));
      return;
    }
    this.#inFlight.add(message);
    this.#pubacks.flushWithNextWrite();
    const packetOptions = publishOptions(this.#settings.qos, this.#level, options);
    attempt.client.publish(topic, body, packetOptions, (error) => {
      if (this.#attempt !== attempt || !this.#isConnected) return;
      this.#inFlight.remove();
      if (!error) done();
      else if (typeof (error as { code?: unknown }).code === 'number') done(error);
    });
  }

  /** Connects again if messages were not acknowledged because nothing could be stored: the broker delivers them again. */
  redeliver(): void {
    const attempt = this.#attempt;
    if (attempt && this.#hasUnacknowledged) fail(attempt, 'the store can be written again');
  }

  /**
   * Disconnects within `timeouts.stop`. Idempotent.
   * @param endSession whether the broker deletes the session as well.
   */
  async stop(endSession: boolean): Promise<void> {
    this.#stopped = true;
    this.#isConnected = false;
    clearTimeout(this.#retryTimer);
    const { client } = this.#attempt ?? {};
    this.#attempt = undefined;
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
      const properties = endSession && this.#level === 5 ? { properties: { sessionExpiryInterval: 0 } } : {};
      if (client.connected) client.end(false, { reasonCode: 0, ...properties });
      else client.end(true);
      if (client.stream.destroyed) onClosed();
    });
  }

  #onPublish(
    attempt: Attempt,
    { dup, payload, properties = {} }: IPublishPacket,
    done: (error?: Error) => void,
  ): void {
    // Not acknowledged: the broker keeps messages that arrive after `stop`.
    if (this.#attempt !== attempt) return;
    const { responseTopic, correlationData, messageExpiryInterval } = properties;
    const accepted = this.#callbacks.onPublish({
      payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
      isRedelivery: dup,
      ...(responseTopic === undefined ? {} : { responseTopic }),
      ...(correlationData === undefined ? {} : { correlation: correlationData }),
      ...(messageExpiryInterval === undefined ? {} : { expiresIn: messageExpiryInterval }),
    });
    accepted.then(
      () => {
        this.#pubacks.add(done);
      },
      (error: unknown) => {
        if (isUnwritable(error)) {
          // Not acknowledged, but the connection stays: events go out while nothing can be stored.
          this.#hasUnacknowledged = true;
          done(error);
        }
        // Not acknowledged: the broker delivers it again on the next connection.
        else fail(attempt, errorMessage(error));
      },
    );
  }

  #onConnack(attempt: Attempt, { properties }: IConnackPacket): void {
    const { client } = attempt;
    const { requestTopic, qos } = this.#settings;
    attempt.connectedAt = performance.now();
    // Nagle's algorithm costs 40 ms per packet with brokers that delay TCP acknowledgements.
    (client.stream as { setNoDelay?: (on: boolean) => void }).setNoDelay?.(true);
    this.#maxPacketBytes = properties?.maximumPacketSize ?? Infinity;
    this.#inFlight.open(properties?.receiveMaximum);
    client.subscribe(requestTopic, { qos }, (error) => {
      if (this.#attempt !== attempt) return;
      if (error) {
        fail(attempt, `${requestTopic}: ${errorMessage(error)}`);
        return;
      }
      this.#isConnected = true;
      this.#callbacks.onConnected();
    });
  }

  #onDisconnect(attempt: Attempt, { reasonCode = 0 }: IDisconnectPacket): void {
    attempt.lastError = `the broker ended the connection (${reasonCode})`;
    attempt.isPublishInnocent = reasonsBesideMessages.includes(reasonCode);
    if (reasonCode === receiveMaximumExceeded) this.#inFlight.enforceReceiveMaximum();
  }

  #onClose(attempt: Attempt): void {
    if (this.#attempt !== attempt) return;
    const { connectedAt, lastError } = attempt;
    const isPublishSuspect =
      this.#isConnected && !attempt.isPublishInnocent && !networkErrors.test(lastError);
    const refused = isPublishSuspect ? this.#inFlight.hangUp() : undefined;
    if (refused) this.#backoff.reset();
    this.#attempt = undefined;
    this.#isConnected = false;
    if (connectedAt !== undefined && performance.now() - connectedAt > stableAfterMs) this.#backoff.reset();
    this.#selectLevel(attempt);
    this.#retryTimer = setTimeout(() => {
      this.start();
    }, this.#backoff.next());
    this.#callbacks.onDisconnected(lastError || 'the connection was closed', refused);
  }

  /** Brokers without MQTT 5 refuse it with a return code, or close the connection silently, as does a stopping broker. */
  #selectLevel({ connectedAt, returnCode, lastError }: Attempt): void {
    if (this.#settings.protocolVersion !== 'auto' || this.#isMqtt3Only) return;
    if (returnCode !== undefined) this.#isMqtt3Only = unsupportedVersionCodes.includes(returnCode);
    const isClosedSilently =
      connectedAt === undefined && returnCode === undefined && !networkErrors.test(lastError);
    this.#level = this.#isMqtt3Only || (isClosedSilently && this.#level === 5) ? 4 : 5;
  }
}

/** Whether an error means that a message could not be stored. */
function isUnwritable(error: unknown): error is WechatError {
  return error instanceof WechatError && error.key === 'storeUnwritable';
}

function onError(attempt: Attempt, error: Error): void {
  // An AggregateError of several addresses has an empty message.
  const { code } = error as { code?: unknown };
  attempt.lastError = error.message || (typeof code === 'string' ? code : 'unknown');
  if (attempt.connectedAt === undefined && typeof code === 'number') attempt.returnCode = code;
}

/** Closes the connection because of an error. */
function fail(attempt: Attempt, error: string): void {
  attempt.lastError = error;
  attempt.isPublishInnocent = true;
  attempt.client.stream.destroy();
}

/** An upper bound of the size of a PUBLISH packet, in bytes. */
function packetSize(topic: string, body: string, { correlation }: PublishOptions): number {
  const texts = Buffer.byteLength(topic) + Buffer.byteLength(body);
  return texts + (correlation?.length ?? 0) + packetOverheadBytes;
}
