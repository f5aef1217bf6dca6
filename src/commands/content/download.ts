/** HTTP(S) downloads with limits on size, time, redirects and private addresses. */
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { errorMessage, WechatError } from '../../bot/errors';
import type { FilePolicy } from '../command';
import { extensionOf } from '../../util/file-type';
import { readLimited } from '../../util/read-limited';
import { dispositionName, utf8Of } from './disposition';
import { basenameOf, fileTooLargeError } from './file-name';

/** Time-outs of a download, in ms. */
export interface DownloadTimeouts {
  /** Without any data: while connecting, waiting for a response, or between two chunks. */
  readonly idle: number;
  readonly overall: number;
}

const defaultTimeouts: DownloadTimeouts = { idle: 15_000, overall: 5 * 60_000 };
const maxRedirects = 5;

/** A downloaded file. */
export interface DownloadedFile {
  readonly data: Buffer;
  /** From Content-Disposition or the URL; empty if neither has one. */
  readonly name: string;
  /** The media type that the server declares; empty if none. */
  readonly declared: string;
}

/**
 * Downloads a file.
 * @param progress called with the percentage when it changes, if the server declared the size.
 * @throws WechatError INVALID_PARAMS (no http(s) URL), REFUSED (address or size), TIMEOUT, FAILED.
 */
export async function downloadFile(
  address: string,
  policy: Pick<FilePolicy, 'privateAddresses' | 'maxBytes'>,
  progress: (percent: number) => void = () => undefined,
  timeouts: DownloadTimeouts = defaultTimeouts,
): Promise<DownloadedFile> {
  const first = parseUrl(address);
  const timeout = new DownloadTimeout(timeouts);
  try {
    let url = first;
    for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
      const response = await sendRequest(url, agentFor(url, first, policy), timeout);
      const location = response.headers.location;
      if (isRedirect(response) && location !== undefined) {
        response.destroy();
        // Servers write UTF-8 here; Node decodes headers as Latin-1.
        url = parseUrl(utf8Of(Buffer.from(location, 'latin1')) ?? location, url);
      } else {
        const data = await readBody(response, url, policy.maxBytes, progress, timeout);
        const { 'content-disposition': disposition, 'content-type': declared = '' } = response.headers;
        return { data, name: nameOf(disposition, first, url), declared };
      }
    }
    throw downloadError(first, `it redirects more than ${maxRedirects} times`);
  } catch (error) {
    if (timeout.isExpired) throw new WechatError('TIMEOUT', 'fetchTimeout', { url: redactUrl(first) });
    if (error instanceof WechatError) throw error;
    const reason = errorMessage(error);
    // request-filtering-agent's errors have no code, only this message.
    if (reason.includes('is not allowed. Because'))
      throw new WechatError('REFUSED', 'urlRefused', { url: redactUrl(first) });
    throw downloadError(first, reason);
  } finally {
    timeout.clear();
  }
}

/** Aborts a download that is idle or that takes too long overall. */
class DownloadTimeout {
  readonly #abort = new AbortController();
  readonly #idle: NodeJS.Timeout;
  readonly #overall: NodeJS.Timeout;

  constructor({ idle, overall }: DownloadTimeouts) {
    const abort = (): void => {
      this.#abort.abort();
    };
    this.#idle = setTimeout(abort, idle);
    this.#overall = setTimeout(abort, overall);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get isExpired(): boolean {
    return this.#abort.signal.aborted;
  }

  /** Restarts the idle time-out. */
  refresh(): void {
    this.#idle.refresh();
  }

  clear(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#overall);
  }
}

function parseUrl(address: string, base?: URL): URL {
  const url = URL.canParse(address, base) ? new URL(address, base) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new WechatError('INVALID_PARAMS', 'urlInvalid', {
      url: url ? redactUrl(url) : address.slice(0, 100),
    });
  }
  return url;
}

/** A URL without credentials and query, for errors and logs. */
function redactUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** The address is checked when the connection is made, which defeats DNS rebinding. */
function agentFor(
  url: URL,
  first: URL,
  { privateAddresses }: Pick<FilePolicy, 'privateAddresses'>,
): HttpAgent {
  const isNamed = url.origin === first.origin;
  const isAllowed = privateAddresses === 'allow' || (privateAddresses === 'direct' && isNamed);
  if (url.protocol === 'https:') return isAllowed ? new HttpsAgent() : new RequestFilteringHttpsAgent();
  return isAllowed ? new HttpAgent() : new RequestFilteringHttpAgent();
}

function sendRequest(url: URL, agent: HttpAgent, timeout: DownloadTimeout): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'node-red-wechaty' };
    request(url, { agent, headers, signal: timeout.signal }, (response) => {
      timeout.refresh();
      resolve(response);
    })
      .on('error', reject)
      .end();
  });
}

function isRedirect({ statusCode = 0 }: IncomingMessage): boolean {
  return [301, 302, 303, 307, 308].includes(statusCode);
}

async function readBody(
  response: IncomingMessage,
  url: URL,
  limit: number,
  progress: (percent: number) => void,
  timeout: DownloadTimeout,
): Promise<Buffer> {
  const { statusCode, headers } = response;
  try {
    if (statusCode !== 200) throw downloadError(url, `the server answered ${statusCode ?? 'nothing'}`);
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') throw downloadError(url, `it is encoded as ${encoding}`);
    const declared = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
    if (declared !== undefined && declared > limit) throw fileTooLargeError(redactUrl(url), limit);
    let reported = -1;
    const body = await readLimited(response, limit, (size) => {
      timeout.refresh();
      const percent = declared ? Math.floor((size / declared) * 100) : reported;
      if (percent !== reported) progress(percent);
      reported = percent;
    });
    if (!body) throw fileTooLargeError(redactUrl(url), limit);
    if (declared !== undefined && body.length !== declared)
      throw downloadError(url, `only ${body.length} of ${declared} bytes came`);
    return body;
  } finally {
    response.destroy();
  }
}

function downloadError(url: URL, error: string): WechatError {
  return new WechatError('FAILED', 'fetchFailed', { url: redactUrl(url), error });
}

/** The name in Content-Disposition, else the last part of the first or last URL, preferring one with an extension. */
function nameOf(disposition: string | undefined, first: URL, last: URL): string {
  const names = [urlName(first), urlName(last)].filter((name) => name !== '');
  return (
    dispositionName(disposition ?? '') || (names.find((name) => extensionOf(name) !== '') ?? names[0] ?? '')
  );
}

function urlName({ pathname }: URL): string {
  return basenameOf(decodeUri(pathname));
}

function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
