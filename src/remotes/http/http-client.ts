/** HTTP client of a remote: bounded responses, one timeout for the whole exchange, no redirects. */
import {
  Agent as HttpAgent,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestHttp,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { WechatError } from '../../bot/errors';
import { readLimited } from '../../util/read-limited';
import { decompressBody, tooLargeError } from './body-decoding';

/** One request. */
export interface HttpRequestOptions {
  readonly method: 'GET' | 'POST';
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer | string;
  /** Until the whole response is read, in ms. */
  readonly timeoutMs: number;
}

/** The response; redirects are not followed. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Decompressed. */
  readonly body: Buffer;
}

/** Maximum size of a response body, in bytes. */
const defaultMaxBytes = 1024 * 1024;

/** Concurrent connections per server, and how long an idle one stays open, in ms. */
const agentOptions = { keepAlive: true, maxSockets: 16, keepAliveMsecs: 1000, timeout: 15_000 };

/** Connection pool of one remote for the servers its settings name. */
export class HttpClient {
  readonly #maxBytes: number;
  readonly #httpAgent = new HttpAgent(agentOptions);
  readonly #httpsAgent = new HttpsAgent(agentOptions);
  readonly #closing = new AbortController();

  constructor(maxBytes = defaultMaxBytes) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Sends one request; there is no retry.
   * @throws WechatError INVALID_PARAMS (not an http(s) URL), TIMEOUT, REFUSED (`payloadTooLarge`), FAILED; INVALID_PARAMS also for an unknown `Content-Encoding`. Messages name
   *   only the URL's origin, because paths and queries often contain tokens.
   */
  async request(address: string, options: HttpRequestOptions): Promise<HttpResponse> {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
      throw new WechatError('INVALID_PARAMS', 'urlInvalid', { url: url?.origin ?? '' });
    }
    const timeout = AbortSignal.timeout(options.timeoutMs);
    const signal = AbortSignal.any([timeout, this.#closing.signal]);
    try {
      return await this.#send(url, options, signal);
    } catch (error) {
      if (timeout.aborted) throw new WechatError('TIMEOUT', 'fetchTimeout', { url: url.origin });
      if (error instanceof WechatError) throw error;
      const reason = (error as NodeJS.ErrnoException).code ?? 'no answer';
      throw new WechatError('FAILED', 'fetchFailed', { url: url.origin, error: reason }, { cause: error });
    }
  }

  /** Aborts running requests and closes idle connections. */
  close(): void {
    this.#closing.abort();
    this.#httpAgent.destroy();
    this.#httpsAgent.destroy();
  }

  async #send(
    url: URL,
    { method, headers, body }: HttpRequestOptions,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const isSecure = url.protocol === 'https:';
    const request = isSecure ? requestHttps : requestHttp;
    const agent = isSecure ? this.#httpsAgent : this.#httpAgent;
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const allHeaders = { 'user-agent': 'node-red-wechaty', ...headers, ...length };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { agent, method, headers: allHeaders, signal }, resolve).on('error', reject).end(body);
    });
    const received = await readLimited(response, this.#maxBytes);
    if (!received) {
      response.destroy();
      throw tooLargeError(this.#maxBytes);
    }
    const decompressed = await decompressBody(response.headers, received, this.#maxBytes);
    return { status: response.statusCode ?? 0, headers: response.headers, body: decompressed };
  }
}

/** Whether a text is an http or https URL. */
export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
