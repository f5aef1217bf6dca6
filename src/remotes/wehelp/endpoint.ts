/** One URL of the user's service: asks it, keeps how it is doing, and knows when to try again. */
import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage, WechatError } from '../../bot/errors';
import type { HttpClient, Question } from '../http/http-client';
import type { ServiceHealth, WehelpTimes } from './settings';

/** What a service is reached with. */
export interface ServiceParts {
  readonly client: HttpClient;
  readonly url: string;
  /** What it is for, in logs. */
  readonly name: 'callbacks' | 'tasks';
  readonly times: WehelpTimes;
  readonly stopped: AbortSignal;
  readonly changed: () => void;
  readonly log: (level: 'info' | 'warn', sentence: string) => void;
}

/** One URL of the user's service. */
export class Service {
  readonly #parts: ServiceParts;
  #failures = 0;
  #health: ServiceHealth = { isFine: undefined, since: Date.now(), error: '' };

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  get health(): ServiceHealth {
    return this.#health;
  }

  /**
   * Asks once.
   * @param read what to make of the answer; it is no good answer if this throws.
   * @throws WechatError what `HttpClient` throws; FAILED (`serviceAnswered`) for any status but 2xx.
   */
  async ask<T>(question: Omit<Question, 'timeout'>, read: (body: Buffer) => T): Promise<T> {
    const { client, url, times, stopped } = this.#parts;
    try {
      const { status, body } = await client.ask(url, { ...question, timeout: times.answer });
      if (status < 200 || status > 299) throw new WechatError('FAILED', 'serviceAnswered', { status });
      const made = read(body);
      this.#succeeded();
      return made;
    } catch (error) {
      if (!stopped.aborted) this.#failed(errorMessage(error));
      throw error;
    }
  }

  /** Waits before the next try: longer after each failure. */
  async pause(atLeast = 0): Promise<void> {
    const { againFirst, againAtMost } = this.#parts.times;
    const again = this.#failures === 0 ? 0 : Math.min(againFirst * 2 ** (this.#failures - 1), againAtMost);
    await this.#wait(Math.max(again, atLeast));
  }

  async #wait(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#parts.stopped }).catch(() => undefined);
  }

  #succeeded(): void {
    this.#failures = 0;
    if (this.#health.isFine) return;
    if (this.#health.isFine === false) {
      this.#parts.log('info', `The service for ${this.#parts.name} answers again.`);
    }
    this.#health = { isFine: true, since: Date.now(), error: '' };
    this.#parts.changed();
  }

  #failed(error: string): void {
    this.#failures += 1;
    const isNews = this.#health.isFine !== false;
    if (isNews) this.#parts.log('warn', `The service for ${this.#parts.name} fails: ${error}`);
    this.#health = { isFine: false, since: isNews ? Date.now() : this.#health.since, error };
    this.#parts.changed();
  }
}
