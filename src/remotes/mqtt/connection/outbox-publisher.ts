/** Publishes queued messages within the connection's send quota. */
import { WechatError } from '../../../bot/errors';
import type { Outbox, PendingMessage } from '../../storage/outbox';
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

  #publish(pending: PendingMessage): void {
    const { outbox, connection, encrypt } = this.#deps;
    const { body, topic = this.#deps.eventTopic, correlation } = pending.message;
    const options = correlation ? { correlation: Buffer.from(correlation, 'base64') } : noOptions;
    connection.publish(topic, encrypt(body), options, (error) => {
      if (error) {
        this.#deps.warn(`The broker refused what was published to ${topic}: ${error.message}`);
        this.#onPublishError(pending, error);
      } else outbox.acknowledge(pending);
      this.flush();
    });
  }

  /** Replaces a response that exceeds the broker's packet size by an error; drops any other refused message. */
  #onPublishError(pending: PendingMessage, error: Error): void {
    const { outbox } = this.#deps;
    const { priority, message } = pending;
    const isTooLarge = error instanceof WechatError && error.key === 'answerTooLarge';
    if (priority !== 'responses' || !isTooLarge || message.body.length <= minReplaceableLength) {
      outbox.drop(pending);
      return;
    }
    const { reqId, name } = JSON.parse(message.body) as { reqId: string; name: string };
    const body = encodeResponse(reqId, name, mapError(name, error));
    outbox.acknowledge(pending);
    outbox.appendResponse([{ ...message, body }]).catch(() => undefined);
  }
}
