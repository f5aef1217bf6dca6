/** Posts events to `post_api` and returns its replies (the Openwx document, section "自定义事件(消息)上报地址"). */
import { setTimeout as delay } from 'node:timers/promises';
import { WechatError } from '../../../bot/errors';
import { parseLimitedJson } from '../../../bot/limited-json';
import type { HttpClient, HttpResponse } from '../../http/http-client';
import type { OpenwxTimeouts } from '../settings';
import type { Post } from './event-mapper';

/** What is to be sent to the conversation of a posted message. */
export interface WebhookReply {
  readonly text: string;
  /** The path or URL of a file. */
  readonly media: string;
}

/** Where events are posted and how. */
export interface WebhookOptions {
  readonly client: HttpClient;
  readonly url: string;
  readonly timeouts: Pick<OpenwxTimeouts, 'post' | 'postRetry'>;
  /** Cancels retries. */
  readonly signal: AbortSignal;
  /** Called once when posts start to fail, and once when they succeed again. */
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

/** Client of `post_api`. */
export class WebhookClient {
  readonly #options: WebhookOptions;
  #isFailing = false;
  #lost = 0;

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  /** Events that could not be posted. */
  get lost(): number {
    return this.#lost;
  }

  /** Posts one event; resolves to the reply, if any. Never rejects. */
  async post(post: Post): Promise<WebhookReply | undefined> {
    try {
      const response = await this.#send(JSON.stringify(post));
      if (response.status >= 400) throw this.#statusError(response.status);
      if (this.#isFailing) this.#options.log('info', 'post_api answers again.');
      this.#isFailing = false;
      return parseReply(response);
    } catch (error) {
      if (this.#options.signal.aborted) return undefined;
      this.#lost += 1;
      if (!this.#isFailing) this.#options.log('warn', `post_api: ${(error as Error).message}`);
      this.#isFailing = true;
      return undefined;
    }
  }

  /** Retries once when the connection failed; a request that may have been received is not repeated. */
  async #send(body: string): Promise<HttpResponse> {
    const { client, url, timeouts, signal } = this.#options;
    const headers = { 'content-type': 'application/json', accept: '*/*' };
    const options = { method: 'POST', headers, body, timeoutMs: timeouts.post } as const;
    try {
      return await client.request(url, options);
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as { code?: unknown };
      if (code !== 'ECONNREFUSED' && code !== 'ENOTFOUND' && code !== 'EAI_AGAIN') throw error;
      await delay(timeouts.postRetry, undefined, { signal });
      return client.request(url, options);
    }
  }

  #statusError(status: number): WechatError {
    const { origin } = new URL(this.#options.url);
    return new WechatError('FAILED', 'fetchFailed', {
      url: origin,
      error: `the server answered ${status}`,
    });
  }
}

function parseReply({ headers, body }: HttpResponse): WebhookReply | undefined {
  if (!/^(text|application)\/json\b/i.test(headers['content-type'] ?? '')) return undefined;
  let parsed: unknown;
  try {
    parsed = parseLimitedJson(body);
  } catch {
    return undefined;
  }
  const { reply, media } = (parsed ?? {}) as { reply?: unknown; media?: unknown };
  const text = typeof reply === 'string' || typeof reply === 'number' ? String(reply) : '';
  const file = typeof media === 'string' ? media : '';
  return text.trim() === '' && file === '' ? undefined : { text, media: file };
}
