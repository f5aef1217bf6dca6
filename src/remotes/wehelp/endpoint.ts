/** HTTP client for one URL of the user's service, with health status and exponential back-off. */
import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage, WechatError } from '../../bot/errors';
import { Backoff } from '../../util/backoff';
import type { HttpClient, HttpRequestOptions } from '../http/http-client';
import type { EndpointHealth, WehelpTimes } from './settings';

/** Options of an endpoint. */
export interface EndpointOptions {
  readonly client: HttpClient;
  readonly url: string;
  /** Its purpose, in logs. */
  readonly name: 'callbacks' | 'tasks';
  readonly times: WehelpTimes;
  readonly stopped: AbortSignal;
  readonly onChange: () => void;
  readonly log: (level: 'info' | 'warn', sentence: string) => void;
}

/** One URL of the user's service. */
export class Endpoint {
  readonly #options: EndpointOptions;
  readonly #backoff: Backoff;
  #delayMs = 0;
  #health: EndpointHealth = { isHealthy: undefined, since: Date.now(), error: '' };

  constructor(options: EndpointOptions) {
    this.#options = options;
    const { minBackOffMs, maxBackOffMs } = options.times;
    this.#backoff = new Backoff({ minMs: minBackOffMs, maxMs: maxBackOffMs });
  }

  get health(): EndpointHealth {
    return this.#health;
  }

  /**
   * Sends one request.
   * @param parse parses the response body; the request fails if it throws.
   * @throws WechatError as `HttpClient`; FAILED (`serviceAnswered`) for any status but 2xx.
   */
  async request<T>(request: Omit<HttpRequestOptions, 'timeoutMs'>, parse: (body: Buffer) => T): Promise<T> {
    const { client, url, times, stopped } = this.#options;
    try {
      const { status, body } = await client.request(url, { ...request, timeoutMs: times.requestTimeoutMs });
      if (status < 200 || status > 299) throw new WechatError('FAILED', 'serviceAnswered', { status });
      const result = parse(body);
      this.#succeeded();
      return result;
    } catch (error) {
      if (!stopped.aborted) this.#failed(errorMessage(error));
      throw error;
    }
  }

  /** Waits before the next request: longer after each failure, and at least `minMs`. */
  async backOff(minMs = 0): Promise<void> {
    const { stopped } = this.#options;
    await delay(Math.max(this.#delayMs, minMs), undefined, { signal: stopped }).catch(() => undefined);
  }

  #succeeded(): void {
    this.#backoff.reset();
    this.#delayMs = 0;
    if (this.#health.isHealthy) return;
    if (this.#health.isHealthy === false) {
      this.#options.log('info', `The service for ${this.#options.name} answers again.`);
    }
    this.#health = { isHealthy: true, since: Date.now(), error: '' };
    this.#options.onChange();
  }

  #failed(error: string): void {
    this.#delayMs = this.#backoff.next();
    const isNewFailure = this.#health.isHealthy !== false;
    if (isNewFailure) this.#options.log('warn', `The service for ${this.#options.name} fails: ${error}`);
    this.#health = { isHealthy: false, since: isNewFailure ? Date.now() : this.#health.since, error };
    this.#options.onChange();
  }
}
