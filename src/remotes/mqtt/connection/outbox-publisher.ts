/** Takes letters out of the outbox and to the broker, as many as the connection bears. */
import { WechatError } from '../../../bot/errors';
import type { Outbox, Parcel } from '../../storage/outbox';
import { failure } from '../codec/response-mappers';
import type { Connection, PublishOptions } from './mqtt-connection';
import { writeResponse } from '../codec/codec';

/** What a postman goes between, and what is to be done to letters on the way. */
export interface PostmanParts {
  readonly outbox: Outbox;
  readonly connection: Connection;
  /** Makes a body unreadable for others, or leaves it as it is. */
  readonly seal: (body: string) => string;
  /** Where letters without a topic of their own go. */
  readonly topic: string;
  readonly warn: (sentence: string) => void;
}

/** An answer no longer than this is not made shorter by saying that it is too long, in characters. */
const shortAnswer = 1024;

/**
 * Letters in one turn of the event loop. A socket gets a letter in a dozen pieces and holds them until the turn ends:
 * thousands of them at once cost more to collect as garbage than to send.
 */
const round = 64;

/** Most letters go without more. */
const plainly: PublishOptions = {};

/** Empties an outbox while there is a connection. */
export class Postman {
  readonly #parts: PostmanParts;
  #left = round;
  #isOnTheWay = false;

  constructor(parts: PostmanParts) {
    this.#parts = parts;
    parts.outbox.onReady = () => {
      this.go();
    };
  }

  /** To be called when there is a connection again. */
  go(): void {
    if (this.#isOnTheWay) return;
    const { outbox, connection } = this.#parts;
    this.#isOnTheWay = true;
    try {
      while (connection.room > 0 && this.#left > 0) {
        const parcel = outbox.take();
        if (!parcel) break;
        if (this.#left === round) setImmediate(this.#beginRound);
        this.#left -= 1;
        this.#send(parcel);
      }
    } finally {
      this.#isOnTheWay = false;
    }
  }

  readonly #beginRound = (): void => {
    this.#left = round;
    this.go();
  };

  #send(parcel: Parcel): void {
    const { outbox, connection, seal } = this.#parts;
    const { body, topic = this.#parts.topic, correlation } = parcel.letter;
    const options = correlation ? { correlation: Buffer.from(correlation, 'base64') } : plainly;
    connection.publish(topic, seal(body), options, (error) => {
      if (error) {
        this.#parts.warn(`The broker refused what was published to ${topic}: ${error.message}`);
        this.#replace(parcel, error);
      } else outbox.acknowledge(parcel);
      this.go();
    });
  }

  /** Whoever asked for more than the broker can carry is told so; anything else that is refused is lost. */
  #replace(parcel: Parcel, error: Error): void {
    const { outbox } = this.#parts;
    const { lane, letter } = parcel;
    const isTooLarge = error instanceof WechatError && error.key === 'answerTooLarge';
    if (lane !== 'answers' || !isTooLarge || letter.body.length <= shortAnswer) {
      outbox.giveUp(parcel);
      return;
    }
    const { reqId, name } = JSON.parse(letter.body) as { reqId: string; name: string };
    const body = writeResponse(reqId, name, failure(name, error));
    outbox.acknowledge(parcel);
    outbox.answer([{ ...letter, body }]).catch(() => undefined);
  }
}
