/**
 * A send queue with rate limits, since WeChat locks accounts that send too fast. The order within a conversation is
 * always kept.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { KeyedMutex } from '../../util/keyed-mutex';
import { WechatError } from '../errors';

/** The rate limits of one account. */
export interface RateLimits {
  /** Minimum time between the starts of two sends, in ms. */
  readonly minGap: number;
  /** Maximum random addition to each gap, in ms. */
  readonly jitter: number;
  /** Maximum sends started within any 60 s; 0 for no limit. */
  readonly perMinute: number;
}

const minuteMs = 60_000;
const maxQueued = 10_000;

/** The queue of sends of one account. */
export class SendQueue {
  readonly #limits: RateLimits;
  readonly #mutex = new KeyedMutex();
  readonly #startTimes: number[] = [];
  readonly #closing = new AbortController();
  readonly #now: () => number;
  #nextStart = 0;
  #queued = 0;

  /** @param now the clock, in ms; must be monotonic: a clock set back would stop all sends. */
  constructor(limits: RateLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
    // Every queued send listens for the abort.
    setMaxListeners(0, this.#closing.signal);
  }

  /** The number of queued sends. */
  get queued(): number {
    return this.#queued;
  }

  /**
   * Runs `send` after all earlier ones of its conversation, within the rate limits.
   * @throws WechatError RATE_LIMITED when the queue is full, FAILED when it was closed before `send` started.
   */
  async run<T>(conversation: string, send: () => Promise<T>): Promise<T> {
    if (this.#queued >= maxQueued)
      throw new WechatError('RATE_LIMITED', 'queueFull', { count: this.#queued });
    this.#queued += 1;
    return this.#mutex.runExclusive([conversation], async () => {
      try {
        await this.#waitForSlot();
      } finally {
        this.#queued -= 1;
      }
      return send();
    });
  }

  /** Rejects all queued sends; those already started continue. */
  close(): void {
    this.#closing.abort();
  }

  async #waitForSlot(): Promise<void> {
    this.#throwIfClosed();
    const waitMs = this.#reserveSlot(this.#now());
    if (waitMs > 0) {
      await delay(waitMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      this.#throwIfClosed();
    }
  }

  #throwIfClosed(): void {
    if (this.#closing.signal.aborted) throw new WechatError('FAILED', 'stoppedBeforeSend');
  }

  /** Reserves the next allowed start; returns the time until then, in ms. */
  #reserveSlot(now: number): number {
    const { minGap, jitter, perMinute } = this.#limits;
    let start = Math.max(now, this.#nextStart);
    if (perMinute > 0) {
      const windowStart = this.#startTimes[this.#startTimes.length - perMinute];
      if (windowStart !== undefined) start = Math.max(start, windowStart + minuteMs);
      this.#startTimes.push(start);
      if (this.#startTimes.length > perMinute) this.#startTimes.shift();
    }
    this.#nextStart = start + minGap + Math.random() * jitter;
    return start - now;
  }
}
