/**
 * Sends like a person: one conversation in order, the account never faster than its owner allows. WeChat locks
 * accounts that send too fast; the limits are the owner's, the order within a conversation is always kept.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WechatError } from '../errors';

/** How fast an account may send. */
export interface PaceLimits {
  /** Least time between the beginnings of two sends, in ms. */
  readonly minGap: number;
  /** Up to this much is added to each gap at random, in ms. */
  readonly jitter: number;
  /** Sends begun within any 60 s; 0 for no limit. */
  readonly perMinute: number;
}

const minute = 60_000;
const queueLimit = 10_000;

/** The queue of sends of one account. */
export class Pace {
  readonly #limits: PaceLimits;
  readonly #tails = new Map<string, Promise<unknown>>();
  readonly #begun: number[] = [];
  readonly #closing = new AbortController();
  #nextBegin = 0;
  #waiting = 0;

  constructor(limits: PaceLimits) {
    this.#limits = limits;
    // Every send that waits listens for the closing.
    setMaxListeners(0, this.#closing.signal);
  }

  /** Sends that wait for their turn. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Runs `send` when its turn has come: after every earlier one of its conversation, and not too soon.
   * @throws WechatError RATE_LIMITED when too many wait, FAILED when the queue was closed before its turn.
   */
  async run<T>(conversation: string, send: () => Promise<T>): Promise<T> {
    if (this.#waiting >= queueLimit)
      throw new WechatError('RATE_LIMITED', 'queueFull', { count: this.#waiting });
    this.#waiting += 1;
    const earlier = this.#tails.get(conversation);
    const turn = (earlier ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.#wait())
      .finally(() => {
        this.#waiting -= 1;
      })
      .then(send);
    this.#tails.set(conversation, turn);
    try {
      return await turn;
    } finally {
      if (this.#tails.get(conversation) === turn) this.#tails.delete(conversation);
    }
  }

  /** Turns away all that still wait; those already begun go on. */
  close(): void {
    this.#closing.abort();
  }

  async #wait(): Promise<void> {
    this.#refuseWhenClosed();
    const pause = this.#claimBegin(Date.now());
    if (pause > 0) {
      await delay(pause, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      this.#refuseWhenClosed();
    }
  }

  #refuseWhenClosed(): void {
    if (this.#closing.signal.aborted) throw new WechatError('FAILED', 'stoppedBeforeSend');
  }

  /** Books the next allowed beginning and says how far away it is, in ms. */
  #claimBegin(now: number): number {
    const { minGap, jitter, perMinute } = this.#limits;
    let begin = Math.max(now, this.#nextBegin);
    if (perMinute > 0) {
      const windowStart = this.#begun[this.#begun.length - perMinute];
      if (windowStart !== undefined) begin = Math.max(begin, windowStart + minute);
      this.#begun.push(begin);
      if (this.#begun.length > perMinute) this.#begun.shift();
    }
    this.#nextBegin = begin + minGap + Math.random() * jitter;
    return begin - now;
  }
}
