/** Inbound pipeline: decrypts and decodes payloads, and rejects invalid ones before they reach the command processor. */
import { WechatError } from '../../bot/errors';
import type { Cipher } from './codec/cipher';
import { sessionExpirySeconds } from './connection/client-options';
import type { InboundPublish } from './connection/mqtt-connection';
import { decodeCommand } from './codec/codec';
import type { CommandProcessor, ReplyTo } from './command-processor';
import { isTopic, type Topics, unknownReqId } from './codec/topics';

/** Commands received within this time after a reconnect may have been queued by the broker, in ms. */
const backlogWindowMs = 10_000;

/** Suffixes of topics on which clients of this protocol expect commands, events and properties. */
const reservedTopics = /\/(?:command\/invoke|event\/post|property\/post)$/;

/** Passes valid commands to the command processor and answers all other payloads with an error. */
export class InboundPipeline {
  readonly #processor: CommandProcessor;
  readonly #cipher: Cipher;
  readonly #topics: Topics;
  readonly #onRejected: () => void;
  readonly #warn: (sentence: string) => void;
  #rejected = 0;
  /** Until when received commands may come from the broker's queue, in ms since 1970, and their age in ms. */
  #backlog = { until: 0, age: 0 };

  constructor(
    processor: CommandProcessor,
    cipher: Cipher,
    topics: Topics,
    onRejected: () => void,
    warn: (sentence: string) => void,
  ) {
    this.#processor = processor;
    this.#cipher = cipher;
    this.#topics = topics;
    this.#onRejected = onRejected;
    this.#warn = warn;
  }

  /** Number of payloads that could not be decrypted, were altered or were replayed. */
  get rejected(): number {
    return this.#rejected;
  }

  /** @param awayMs how long the remote was disconnected: commands may have been queued for that long. */
  onReconnect(awayMs: number): void {
    this.#backlog = { until: performance.now() + backlogWindowMs, age: awayMs };
  }

  /** Resolves when a message may be acknowledged. @throws Error when its command cannot be stored. */
  async handle({
    payload,
    isRedelivery,
    responseTopic,
    correlation,
    expiresIn,
  }: InboundPublish): Promise<void> {
    const isTopicAllowed = responseTopic === undefined || this.#isResponseTopicAllowed(responseTopic);
    const replyTo: ReplyTo = {
      ...(responseTopic !== undefined && isTopicAllowed ? { topic: responseTopic } : {}),
      ...(correlation ? { correlation: correlation.toString('base64') } : {}),
    };
    let bytes: Buffer;
    try {
      bytes = this.#cipher.decrypt(payload, isRedelivery);
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      this.#rejected += 1;
      this.#onRejected();
      await this.#processor.reject(unknownReqId, '', error, replyTo);
      return;
    }
    const decoded = decodeCommand(bytes);
    if ('error' in decoded) {
      // Most programs with this fault write Chinese in GBK; few of them subscribe to the responses without a reqId.
      if (decoded.error.key === 'notUtf8' && decoded.reqId === undefined) this.#warn(decoded.error.message);
      await this.#processor.reject(decoded.reqId ?? unknownReqId, decoded.name, decoded.error, replyTo);
      return;
    }
    const { command } = decoded;
    if (!isTopicAllowed) {
      const problem = new WechatError('INVALID_PARAMS', 'badResponseTopic');
      await this.#processor.reject(command.reqId, command.name, problem, replyTo);
      return;
    }
    const age = this.#ageOf(command.timestamp);
    await this.#processor.accept(command, replyTo, age, (expiresIn ?? Infinity) * 1000);
  }

  /** A response topic chosen by a client must not turn the response into a command or an event. */
  #isResponseTopicAllowed(topic: string): boolean {
    const { event, request, property } = this.#topics;
    return isTopic(topic) && ![event, request, property].includes(topic) && !reservedTopics.test(topic);
  }

  /** The age of a command in ms. Timestamps older than the broker session are no timestamps but constants. */
  #ageOf(timestamp: unknown): number {
    const now = Date.now();
    const age = typeof timestamp === 'number' ? Math.max(0, now - timestamp) : Infinity;
    if (age <= sessionExpirySeconds * 1000) return age;
    return performance.now() < this.#backlog.until ? this.#backlog.age : 0;
  }
}
