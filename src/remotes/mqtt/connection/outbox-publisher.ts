/** Publishes queued messages within the connection's send quota. */
import { WechatError } from '../../../bot/errors';
import { type Outbox, type OutgoingMessage, PendingMessage } from '../../storage/outbox';
import { mapError } from '../codec/response-mappers';
import type { PublishOptions } from './client-options';
import type { MqttConnection } from './mqtt-connection';
import { encodeResponse } from '../codec/codec';

/** What a publisher depends on. */
export interface PublisherDependencies {
  readonly outbox: Outbox;
  readonly connection: MqttConnection;
  /** Encrypts a body, or returns it unchanged. */
  readonly encrypt: (body: string) => string;
  /** The topic of messages that have none of their own. */
  readonly eventTopic: string;
  readonly warn: (sentence: string) => void;
}

/** Shorter responses are not replaced by an error, which would not be much shorter, in characters. */
const minReplaceableLength = 1024;

/**
 * Messages per event-loop tick. mqtt.js writes a packet in a dozen chunks, which the socket holds until the tick ends:
 * garbage-collecting thousands of them costs more than sending them.
 */
const batchPerTick = 64;

/** Shared by all messages without options. */
const noOptions: PublishOptions = {};

/** Drains an outbox while the connection is up. */
export class OutboxPublisher {
  readonly #deps: PublisherDependencies;
  #remainingThisTick = batchPerTick;
  #isFlushing = false;

  constructor(deps: PublisherDependencies) {
    this.#deps = deps;
    deps.outbox.onReady = () => {
      this.flush();
    };
  }

  /** Publishes what the quota allows; to be called after each reconnect. */
  flush(): void {
    if (this.#isFlushing) return;
    const { outbox, connection } = this.#deps;
    this.#isFlushing = true;
    try {
      while (connection.sendQuota > 0 && this.#remainingThisTick > 0) {
        const pending = outbox.next();
        if (!pending) break;
        if (this.#remainingThisTick === batchPerTick) setImmediate(this.#startTick);
        this.#remainingThisTick -= 1;
        this.#publish(pending);
      }
    } finally {
      this.#isFlushing = false;
    }
  }

  readonly #startTick = (): void => {
    this.#remainingThisTick = batchPerTick;
    this.flush();
  };

  /**
   * Removes a message at which the broker has ended the connection repeatedly, so that the others can be published.
   * @param message as it was passed to `MqttConnection.publish`.
   */
  setAside(message: object, reason: string): void {
    if (!(message instanceof PendingMessage)) return;
    this.#onRefused(message, new WechatError('REFUSED', 'brokerHangsUp', { reason }));
  }

  #publish(pending: PendingMessage): void {
    const { outbox, connection, encrypt } = this.#deps;
    const { correlation } = pending.message;
    const options = correlation ? { correlation: Buffer.from(correlation, 'base64') } : noOptions;
    const packet = { topic: this.#topicOf(pending), body: encrypt(pending.message.body), options };
    connection.publish(packet, pending, (error) => {
      if (error) this.#onRefused(pending, error);
      else outbox.acknowledge(pending);
      this.flush();
    });
  }

  #topicOf({ message }: PendingMessage): string {
    return message.topic ?? this.#deps.eventTopic;
  }

  /** Replaces a response by a smaller one, if there is one; drops any other refused message. */
  #onRefused(pending: PendingMessage, error: Error): void {
    const { outbox, warn } = this.#deps;
    warn(`The broker refused what was published to ${this.#topicOf(pending)}: ${error.message}`);
    const isReplaceable = pending.priority === 'responses' && error instanceof WechatError;
    const replacement = isReplaceable ? smallerResponse(pending.message, error) : undefined;
    if (!replacement) {
      outbox.drop(pending);
      return;
    }
    outbox.acknowledge(pending);
    outbox.appendResponse([replacement]).catch(() => undefined);
  }
}

/** A response without its correlation data, or with an error in place of its result; `undefined` when it is small. */
function smallerResponse(message: OutgoingMessage, error: WechatError): OutgoingMessage | undefined {
  const { body, correlation = '', ...rest } = message;
  const isBodySmall = body.length <= minReplaceableLength;
  if (correlation && (isBodySmall || correlation.length > body.length)) return { ...rest, body };
  if (isBodySmall) return undefined;
  const { reqId, name } = JSON.parse(body) as { reqId: string; name: string };
  return { ...message, body: encodeResponse(reqId, name, mapError(name, error)) };
}
