/**
 * Reconnecting MQTT client. It owns the socket only: what is published again after a reconnect is decided by the outbox.
 */
import { connect, type IConnackPacket, type IDisconnectPacket, type IPublishPacket } from 'mqtt';
import { errorMessage, WechatError } from '../../../bot/errors';
import { Backoff } from '../../../util/backoff';
import { BrokerFeatures } from './broker-features';
import {
  clientOptions,
  type ConnectionSettings,
  type PublishOptions,
  publishOptions,
  validateBrokerUrl,
} from './client-options';
import { ConnectionAttempt, disconnectReasons } from './connection-attempt';
import { InFlightWindow } from './in-flight-window';
import { PubackBatcher } from './puback-batcher';
import { TakeoverDetector } from './takeover-detector';
import { TopicClaim } from './topic-claim';

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
  /** @param missing what the broker lacks, as sentences. */
  onConnected(missing: readonly string[]): void;
  /** The connection was lost or refused, and is retried. Not called after `stop`. */
  onDisconnected(end: ConnectionEnd): void;
  /** A message arrived. It is acknowledged when the promise is fulfilled, and delivered again when it is rejected. */
  onPublish(publish: InboundPublish): Promise<void>;
}

/** Why a connection ended. */
export interface ConnectionEnd {
  readonly reason: string;
  /** The same, when users can do something about it. */
  readonly problem: WechatError | undefined;
  /** The published message at which the broker has ended the connection repeatedly. */
  readonly refused: object | undefined;
}

/** Time-outs and retry delays in ms. */
export interface ConnectionTimeouts {
  readonly connect: number;
  readonly minRetryDelay: number;
  readonly maxRetryDelay: number;
  readonly stop: number;
  /** How long another remote with the same request topic has to answer. */
  readonly claim: number;
  /** When a remote asks again that was denied its request topic. */
  readonly claimRetry: number;
}

const defaultTimeouts: ConnectionTimeouts = {
  connect: 10_000,
  minRetryDelay: 500,
  maxRetryDelay: 15_000,
  stop: 2_000,
  claim: 500,
  claimRetry: 15_000,
};

/** A broker that ends the connection so often at the question about the request topic does not permit it. */
const maxClaimHangUps = 2;

/** A connection that lasted this long resets the retry delay, in ms. */
const stableAfterMs = 5_000;

/** Maximum size of a packet beside body, topic and correlation data, in bytes: header and other properties. */
const packetOverheadBytes = 64;

/** One client with automatic reconnect, protocol version fallback and flow control. */
export class MqttConnection {
  readonly #settings: ConnectionSettings;
  readonly #callbacks: ConnectionCallbacks;
  readonly #timeouts: ConnectionTimeouts;
  readonly #pubacks = new PubackBatcher();
  #attempt: ConnectionAttempt | undefined;
  #isConnected = false;
  #retryTimer: NodeJS.Timeout | undefined;
  readonly #backoff: Backoff;
  readonly #features: BrokerFeatures;
  #maxPacketBytes = Infinity;
  readonly #inFlight = new InFlightWindow();
  readonly #takeovers = new TakeoverDetector();
  readonly #claim: TopicClaim;
  #claimHangUps = 0;
  /** Whether the session was taken over, so that another client id asks first who has the request topic. */
  #isProbing = false;
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
    this.#features = new BrokerFeatures(settings);
    this.#claim = new TopicClaim({
      holder: () => `${settings.nodeId} (${settings.sessionId})`,
      waitMs: this.#timeouts.claim,
      publish: (payload, sent) => {
        this.#attempt?.client.publish(TopicClaim.topicOf(settings.requestTopic), payload, { qos: 0 }, sent);
      },
      onGranted: () => {
        if (this.#attempt) this.#onGranted(this.#attempt);
      },
      onDenied: (holder) => {
        if (this.#attempt) this.#yield(this.#attempt, holder);
      },
    });
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
    const options = clientOptions(this.#settings, {
      level: this.#features.level,
      connectTimeout: this.#timeouts.connect,
      isProbe: this.#isProbing,
      isWillPlain: this.#features.isWillPlain,
    });
    const client = connect(this.#settings.url, options);
    const attempt = new ConnectionAttempt(client);
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
      attempt.onError(error);
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
    const packetOptions = publishOptions(this.#features, options);
    attempt.client.publish(topic, body, packetOptions, (error) => {
      if (this.#attempt !== attempt || !this.#isConnected) return;
      this.#inFlight.remove();
      if (!error) done();
      else if (typeof (error as { code?: unknown }).code === 'number') done(error);
    });
  }

  /** Connects again if messages were not acknowledged because nothing could be stored: the broker delivers them again. */
  redeliver(): void {
    if (this.#hasUnacknowledged) this.#attempt?.fail('the store can be written again');
  }

  /**
   * Disconnects within `timeouts.stop`. Idempotent.
   * @param endSession whether the broker deletes the session as well.
   */
  async stop(endSession: boolean): Promise<void> {
    this.#stopped = true;
    this.#isConnected = false;
    clearTimeout(this.#retryTimer);
    this.#claim.close();
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
      const properties =
        endSession && this.#features.level === 5 ? { properties: { sessionExpiryInterval: 0 } } : {};
      if (client.connected) client.end(false, { reasonCode: 0, ...properties });
      else client.end(true);
      if (client.stream.destroyed) onClosed();
    });
  }

  #onPublish(attempt: ConnectionAttempt, packet: IPublishPacket, done: (error?: Error) => void): void {
    // Not acknowledged: the broker keeps messages that arrive after `stop`.
    if (this.#attempt !== attempt) return;
    const { dup, properties = {} } = packet;
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    if (packet.topic === TopicClaim.topicOf(this.#settings.requestTopic)) {
      this.#claim.receive(payload);
      done();
      return;
    }
    const { responseTopic, correlationData, messageExpiryInterval } = properties;
    const accepted = this.#callbacks.onPublish({
      payload,
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
        else attempt.fail(errorMessage(error));
      },
    );
  }

  #onConnack(attempt: ConnectionAttempt, packet: IConnackPacket): void {
    const { properties } = packet;
    const { client } = attempt;
    attempt.connectedAt = performance.now();
    // Nagle's algorithm costs 40 ms per packet with brokers that delay TCP acknowledgements.
    (client.stream as { setNoDelay?: (on: boolean) => void }).setNoDelay?.(true);
    this.#features.onConnack(packet);
    this.#maxPacketBytes = properties?.maximumPacketSize ?? Infinity;
    this.#inFlight.open(properties?.receiveMaximum);
    if (this.#claimHangUps >= maxClaimHangUps) {
      this.#claim.grant();
      return;
    }
    client.subscribe(TopicClaim.topicOf(this.#settings.requestTopic), { qos: 0 }, (error) => {
      if (this.#attempt !== attempt) return;
      if (error) this.#claim.grant();
      else this.#claim.open();
    });
  }

  #onGranted(attempt: ConnectionAttempt): void {
    if (this.#isProbing) {
      this.#isProbing = false;
      attempt.end('the other program with this MQTT client id has gone');
      return;
    }
    const { requestTopic, qos } = this.#settings;
    attempt.client.subscribe(requestTopic, { qos }, (error, granted) => {
      if (this.#attempt !== attempt) return;
      if (error) {
        attempt.fail(`${requestTopic}: ${errorMessage(error)}`);
        return;
      }
      this.#features.onGranted(granted?.[0]?.qos);
      this.#claimHangUps = 0;
      this.#isConnected = true;
      this.#callbacks.onConnected(this.#features.missing);
    });
  }

  /** Leaves the request topic to another remote, and asks again later. */
  #yield(attempt: ConnectionAttempt, holder: string): void {
    const { requestTopic: topic } = this.#settings;
    this.#isConnected = false;
    attempt.client.unsubscribe(topic, () => {
      const problem = new WechatError('REFUSED', 'requestTopicTaken', { topic, holder });
      attempt.end(problem.message, problem);
    });
  }

  #onDisconnect(attempt: ConnectionAttempt, packet: IDisconnectPacket): void {
    attempt.onDisconnect(packet);
    if (packet.reasonCode === disconnectReasons.receiveMaximumExceeded)
      this.#inFlight.enforceReceiveMaximum();
  }

  #onClose(attempt: ConnectionAttempt): void {
    if (this.#attempt !== attempt) return;
    const refused = this.#isConnected && attempt.isHangUp ? this.#inFlight.hangUp() : undefined;
    const takeover = this.#takeovers.onClosed(attempt, this.#settings.sessionId, this.#inFlight.isEmpty);
    if (takeover?.isRepeated) {
      this.#isProbing = true;
      this.#claim.release();
    }
    if (!this.#isConnected && attempt.isHangUp && !takeover) this.#claimHangUps += 1;
    this.#attempt = undefined;
    this.#isConnected = false;
    this.#claim.close();
    if (refused || (attempt.connectedMs > stableAfterMs && !takeover)) this.#backoff.reset();
    this.#features.onClosed(attempt);
    const problem = takeover?.problem ?? attempt.problem;
    this.#retryTimer = setTimeout(
      () => {
        this.start();
      },
      attempt.problem ? this.#timeouts.claimRetry : this.#backoff.next(),
    );
    const reason = problem?.message ?? (attempt.lastError || 'the connection was closed');
    this.#callbacks.onDisconnected({ reason, problem, refused });
  }
}

/** Whether an error means that a message could not be stored. */
function isUnwritable(error: unknown): error is WechatError {
  return error instanceof WechatError && error.key === 'storeUnwritable';
}

/** An upper bound of the size of a PUBLISH packet, in bytes. */
function packetSize(topic: string, body: string, { correlation }: PublishOptions): number {
  const texts = Buffer.byteLength(topic) + Buffer.byteLength(body);
  return texts + (correlation?.length ?? 0) + packetOverheadBytes;
}
