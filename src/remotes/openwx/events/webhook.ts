/**
 * Posts what is told to the owner's program (the Openwx document, section "自定义事件(消息)上报地址"), and says for it
 * what it answers. One conversation waits for its own answers and for nobody else's.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { WechatError } from '../../../bot/errors';
import type { HttpAnswer, HttpClient } from '../../http/http-client';
import { parseUntrusted } from '../../dispatch/limited-json';
import type { OpenwxTimes } from '../settings';
import type { Post } from './event-mapper';

/** What the program wants said in the conversation a message came from. */
export interface PostReply {
  readonly text: string;
  /** The path or URL of a file. */
  readonly media: string;
}

/** What a post office works with. */
export interface PostOfficeParts {
  readonly client: HttpClient;
  readonly url: string;
  readonly times: Pick<OpenwxTimes, 'post' | 'postAgain'>;
  readonly stopped: AbortSignal;
  /** Told once when posts begin to fail, and once when they succeed again. */
  readonly log: (level: 'info' | 'warn', sentence: string) => void;
}

/** Posts events. */
export class PostOffice {
  readonly #parts: PostOfficeParts;
  #isFailing = false;
  #lost = 0;

  constructor(parts: PostOfficeParts) {
    this.#parts = parts;
  }

  /** Events that could not be posted. */
  get lost(): number {
    return this.#lost;
  }

  /** Posts one event; resolves to what is to be said in return, if anything. Never rejects. */
  async deliver(post: Post): Promise<PostReply | undefined> {
    try {
      const answer = await this.#post(JSON.stringify(post));
      if (answer.status >= 400) throw new WechatError('FAILED', 'fetchFailed', this.#said(answer.status));
      if (this.#isFailing) this.#parts.log('info', 'post_api answers again.');
      this.#isFailing = false;
      return replyIn(answer);
    } catch (error) {
      if (this.#parts.stopped.aborted) return undefined;
      this.#lost += 1;
      if (!this.#isFailing) this.#parts.log('warn', `post_api: ${(error as Error).message}`);
      this.#isFailing = true;
      return undefined;
    }
  }

  /** What reached nobody is tried once more; what may have been read is not, or it would be answered twice. */
  async #post(body: string): Promise<HttpAnswer> {
    const { client, url, times, stopped } = this.#parts;
    const headers = { 'content-type': 'application/json', accept: '*/*' };
    const question = { method: 'POST', headers, body, timeout: times.post } as const;
    try {
      return await client.ask(url, question);
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as { code?: unknown };
      if (code !== 'ECONNREFUSED' && code !== 'ENOTFOUND' && code !== 'EAI_AGAIN') throw error;
      await delay(times.postAgain, undefined, { signal: stopped });
      return client.ask(url, question);
    }
  }

  #said(status: number): { url: string; error: string } {
    return { url: new URL(this.#parts.url).origin, error: `the server answered ${status}` };
  }
}

function replyIn({ headers, body }: HttpAnswer): PostReply | undefined {
  if (!/^(text|application)\/json\b/i.test(headers['content-type'] ?? '')) return undefined;
  let parsed: unknown;
  try {
    parsed = parseUntrusted(body);
  } catch {
    return undefined;
  }
  const { reply, media } = (parsed ?? {}) as { reply?: unknown; media?: unknown };
  const text = typeof reply === 'string' || typeof reply === 'number' ? String(reply) : '';
  const file = typeof media === 'string' ? media : '';
  return text.trim() === '' && file === '' ? undefined : { text, media: file };
}
