/** What happens to a payload before it is a command: it is decrypted, read, and refused where it is no command. */
import { WechatError } from '../../bot/errors';
import { usualLimits } from '../dispatch/limited-json';
import { type Cipher, plain } from './codec/cipher';
import { type Delivery, sessionLifetime } from './connection/mqtt-connection';
import { readCommand } from './codec/codec';
import type { Executor, ReplyTo } from './command-processor';
import { isTopic, type Topics, unknownReqId } from './codec/topics';

/** Commands that come within this time after a reconnect may have waited for it, in ms. */
const backlogTime = 10_000;

/** Ends of topics on which this protocol's programs listen for commands, events and properties. */
const reserved = /\/(?:command\/invoke|event\/post|property\/post)$/;

/** Takes what comes and hands commands to the executor. */
export class Reception {
  readonly #executor: Executor;
  readonly #cipher: Cipher;
  readonly #topics: Topics;
  readonly #onRefused: () => void;
  #refused = 0;
  /** Until when commands may have waited for us, and for how long, in ms. */
  #backlog = { until: 0, age: 0 };

  constructor(executor: Executor, cipher: Cipher, topics: Topics, onRefused: () => void) {
    this.#executor = executor;
    this.#cipher = cipher;
    this.#topics = topics;
    this.#onRefused = onRefused;
  }

  /** Payloads that could not be decrypted, were altered or came again. */
  get refused(): number {
    return this.#refused;
  }

  /** Commands may come now that waited while we were away, for so many ms. */
  connectedAgain(away: number): void {
    this.#backlog = { until: Date.now() + backlogTime, age: away };
  }

  /** Resolves when a delivery need not come again. @throws Error when what it asks cannot be written down. */
  async receive({ payload, isRedelivery, responseTopic, correlation, expiresIn }: Delivery): Promise<void> {
    const isGood = responseTopic === undefined || this.#mayAnswerTo(responseTopic);
    const replyTo: ReplyTo = {
      ...(responseTopic !== undefined && isGood ? { topic: responseTopic } : {}),
      ...(correlation ? { correlation: correlation.toString('base64') } : {}),
    };
    let bytes: Buffer;
    try {
      bytes = this.#decrypted(payload, isRedelivery);
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      this.#refused += 1;
      this.#onRefused();
      await this.#executor.reply(unknownReqId, '', error, replyTo);
      return;
    }
    const received = readCommand(bytes);
    if ('error' in received) {
      await this.#executor.reply(received.reqId ?? unknownReqId, received.name, received.error, replyTo);
      return;
    }
    const { command } = received;
    if (!isGood) {
      const problem = new WechatError('INVALID_PARAMS', 'badResponseTopic');
      await this.#executor.reply(command.reqId, command.name, problem, replyTo);
      return;
    }
    const age = this.#ageOf(command.timestamp);
    await this.#executor.take(command, replyTo, age, (expiresIn ?? Infinity) * 1000);
  }

  #decrypted(payload: Buffer, isRedelivery: boolean): Buffer {
    if (this.#cipher === plain) return payload;
    // In hex everything is twice as long.
    if (payload.length > usualLimits.bytes * 2 + 1024) {
      const limit = Math.floor(usualLimits.bytes / 1024 / 1024);
      throw new WechatError('REFUSED', 'payloadTooLarge', { limit });
    }
    return this.#cipher.open(payload, isRedelivery);
  }

  /** A topic of the asker's own choice must not turn our answer into somebody's command or event. */
  #mayAnswerTo(topic: string): boolean {
    const { event, request, property } = this.#topics;
    return isTopic(topic) && ![event, request, property].includes(topic) && !reserved.test(topic);
  }

  /** How old a command is. A time further back than brokers keep commands for us is no time but a constant. */
  #ageOf(timestamp: number | undefined): number {
    const now = Date.now();
    const age = timestamp === undefined ? Infinity : Math.max(0, now - timestamp);
    if (age <= sessionLifetime * 1000) return age;
    return now < this.#backlog.until ? this.#backlog.age : 0;
  }
}
