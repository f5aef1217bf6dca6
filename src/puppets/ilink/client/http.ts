/** HTTP requests with a time-out, a size limit, no redirects and, if configured, a proxy. */
import { Agent as HttpAgent, type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { readLimited } from '../../../util/read-limited';
import { ProxyAgent } from './proxy';

/** A request. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly timeoutMs: number;
  /** Longer answers are an error. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** A complete answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** No answer within the time-out, which in a long poll means nothing. */
export class HttpTimeout extends Error {}

/** Connections of one puppet. */
export class Http {
  readonly #agents: { readonly 'http:': HttpAgent; readonly 'https:': HttpAgent };

  /** @param proxy through which everything goes; default: directly */
  constructor(proxy?: URL) {
    this.#agents = proxy
      ? { 'http:': new ProxyAgent(proxy, 'http:'), 'https:': new ProxyAgent(proxy, 'https:') }
      : { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };
  }

  /** @throws HttpTimeout; Error when the connection fails, the answer is too long, or `signal` aborts. */
  async request({
    method,
    url,
    headers,
    body,
    timeoutMs,
    maxBytes,
    signal,
  }: HttpRequest): Promise<HttpAnswer> {
    // Not `AbortSignal.any`, which in Node.js 20 keeps every signal that was derived from a long-lived one.
    const controller = new AbortController();
    const abort = (): void => {
      controller.abort(signal?.reason);
    };
    const timeout = new HttpTimeout(`No answer within ${timeoutMs / 1000} s.`);
    const timer = setTimeout(() => {
      controller.abort(timeout);
    }, timeoutMs);
    signal?.addEventListener('abort', abort, { once: true });
    const isTls = url.protocol === 'https:';
    try {
      signal?.throwIfAborted();
      return await new Promise<HttpAnswer>((resolve, reject) => {
        const request = (isTls ? httpsRequest : httpRequest)(url, {
          method,
          headers,
          agent: this.#agents[isTls ? 'https:' : 'http:'],
          signal: controller.signal,
        });
        request.once('error', reject);
        request.once('response', (response) => {
          readLimited(response, maxBytes).then((content) => {
            if (content === undefined) {
              request.destroy();
              reject(new Error(`The answer is longer than ${maxBytes} bytes.`));
            } else resolve({ status: response.statusCode ?? 0, headers: response.headers, body: content });
          }, reject);
        });
        request.end(body);
      });
    } catch (error) {
      if (controller.signal.reason === timeout) throw timeout;
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Closes all connections. */
  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }
}
