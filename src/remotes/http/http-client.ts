/**
 * Asks servers its owner named: of what they answer no more is read than can be borne, and when it is closed nothing of
 * it is left.
 */
import {
  Agent as HttpAgent,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestHttp,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { WechatError } from '../../bot/errors';

/** What is asked. */
export interface Question {
  readonly method: 'GET' | 'POST';
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer | string;
  /** For the whole answer to come in, in ms. */
  readonly timeout: number;
}

/** What was answered; redirects are not followed. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Largest answer that is read, in bytes. */
const usualMaxBytes = 1024 * 1024;

/** Connections to one server at once, and how long an unused one stays open, in ms. */
const connections = { maxSockets: 16, keepAliveMsecs: 1000, timeout: 15_000 };

/** The connections of one remote to the servers of its owner. */
export class HttpClient {
  readonly #maxBytes: number;
  readonly #plain = new HttpAgent({ keepAlive: true, ...connections });
  readonly #secure = new HttpsAgent({ keepAlive: true, ...connections });
  readonly #closing = new AbortController();

  constructor(maxBytes = usualMaxBytes) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Asks once.
   * @throws WechatError INVALID_PARAMS (no http(s) URL), TIMEOUT, REFUSED (`payloadTooLarge`), FAILED; what they say
   *   names the server without what else is in the URL, in which tokens like to be.
   */
  async ask(address: string, question: Question): Promise<HttpAnswer> {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
      throw new WechatError('INVALID_PARAMS', 'urlInvalid', { url: url ? shown(url) : '' });
    }
    const patience = AbortSignal.timeout(question.timeout);
    const signal = AbortSignal.any([patience, this.#closing.signal]);
    try {
      return await this.#ask(url, question, signal);
    } catch (error) {
      if (patience.aborted) throw new WechatError('TIMEOUT', 'fetchTimeout', { url: shown(url) });
      if (error instanceof WechatError) throw error;
      const reason = (error as NodeJS.ErrnoException).code ?? 'no answer';
      throw new WechatError('FAILED', 'fetchFailed', { url: shown(url), error: reason }, { cause: error });
    }
  }

  /** Ends all that is being asked. */
  close(): void {
    this.#closing.abort();
    this.#plain.destroy();
    this.#secure.destroy();
  }

  async #ask(url: URL, { method, headers = {}, body }: Question, signal: AbortSignal): Promise<HttpAnswer> {
    const isSecure = url.protocol === 'https:';
    const request = isSecure ? requestHttps : requestHttp;
    const agent = isSecure ? this.#secure : this.#plain;
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const all = { 'user-agent': 'node-red-wechaty', ...headers, ...length };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { agent, method, headers: all, signal }, resolve).on('error', reject).end(body);
    });
    try {
      const pieces: Buffer[] = [];
      let size = 0;
      for await (const piece of answer as AsyncIterable<Buffer>) {
        size += piece.length;
        if (size > this.#maxBytes) {
          throw new WechatError('REFUSED', 'payloadTooLarge', { limit: this.#maxBytes / 2 ** 20 });
        }
        pieces.push(piece);
      }
      return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(pieces) };
    } catch (error) {
      answer.destroy();
      throw error;
    }
  }
}

function shown(url: URL): string {
  return `${url.protocol}//${url.host}`;
}
