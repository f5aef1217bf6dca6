/** Downloads what a URL leads to, from nowhere it may not lead to, and never for ever. */
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { errorMessage, WechatError } from '../../bot/errors';
import type { FilePolicy } from '../command';
import { basenameOf, tooLarge } from './file-name';

/** How long a download may take, in ms. */
export interface FetchTimes {
  /** Without any sign of life: while connecting, waiting for an answer, or between two pieces. */
  readonly idle: number;
  readonly overall: number;
}

const usualTimes: FetchTimes = { idle: 15_000, overall: 5 * 60_000 };
const redirectLimit = 5;

/** What was downloaded. */
export interface Fetched {
  readonly data: Buffer;
  /** By what its server or its URL calls it; empty where neither has a name for it. */
  readonly name: string;
}

/**
 * Downloads a file.
 * @param progress told the percentage whenever it changes and the server announced the size.
 * @throws WechatError INVALID_PARAMS (no http(s) URL), REFUSED (address or size), TIMEOUT, FAILED.
 */
export async function fetchFile(
  address: string,
  policy: Pick<FilePolicy, 'privateAddresses' | 'maxBytes'>,
  progress: (percent: number) => void = () => undefined,
  times: FetchTimes = usualTimes,
): Promise<Fetched> {
  const first = parseUrl(address);
  const patience = new Patience(first, times);
  try {
    let url = first;
    for (let redirects = 0; redirects <= redirectLimit; redirects += 1) {
      const answer = await ask(url, agentFor(url, first, policy), patience);
      const location = answer.headers.location;
      if (isRedirect(answer) && location !== undefined) {
        answer.destroy();
        url = parseUrl(location, url);
      } else {
        const data = await bodyOf(answer, url, policy.maxBytes, progress, patience);
        return { data, name: nameOf(answer.headers['content-disposition'], first, url) };
      }
    }
    throw failed(first, `it redirects more than ${redirectLimit} times`);
  } catch (error) {
    if (patience.isOver) throw new WechatError('TIMEOUT', 'fetchTimeout', { url: shown(first) });
    if (error instanceof WechatError) throw error;
    const reason = errorMessage(error);
    // The sentence of request-filtering-agent, which gives its errors no code.
    if (reason.includes('is not allowed. Because'))
      throw new WechatError('REFUSED', 'urlRefused', { url: shown(first) });
    throw failed(first, reason);
  } finally {
    patience.end();
  }
}

/** Ends a download when nothing has come for a while, or when all of it takes too long. */
class Patience {
  readonly #stop = new AbortController();
  readonly #idle: NodeJS.Timeout;
  readonly #overall: NodeJS.Timeout;

  constructor(
    readonly url: URL,
    times: FetchTimes,
  ) {
    const giveUp = (): void => {
      this.#stop.abort();
    };
    this.#idle = setTimeout(giveUp, times.idle);
    this.#overall = setTimeout(giveUp, times.overall);
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get isOver(): boolean {
    return this.#stop.signal.aborted;
  }

  /** To be called when something came. */
  renew(): void {
    this.#idle.refresh();
  }

  end(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#overall);
  }
}

function parseUrl(address: string, base?: URL): URL {
  const url = URL.canParse(address, base) ? new URL(address, base) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new WechatError('INVALID_PARAMS', 'urlInvalid', { url: url ? shown(url) : address.slice(0, 100) });
  }
  return url;
}

/** A URL as it may be shown: without passwords, and without a query, in which tokens like to be. */
function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** Addresses are checked when the connection is made: a name that was harmless a moment ago may not be any more. */
function agentFor(
  url: URL,
  first: URL,
  { privateAddresses }: Pick<FilePolicy, 'privateAddresses'>,
): HttpAgent {
  const isNamed = url.origin === first.origin;
  const isFree = privateAddresses === 'allow' || (privateAddresses === 'direct' && isNamed);
  if (url.protocol === 'https:') return isFree ? new HttpsAgent() : new RequestFilteringHttpsAgent();
  return isFree ? new HttpAgent() : new RequestFilteringHttpAgent();
}

function ask(url: URL, agent: HttpAgent, patience: Patience): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'node-red-wechaty' };
    request(url, { agent, headers, signal: patience.signal }, (answer) => {
      patience.renew();
      resolve(answer);
    })
      .on('error', reject)
      .end();
  });
}

function isRedirect({ statusCode = 0 }: IncomingMessage): boolean {
  return [301, 302, 303, 307, 308].includes(statusCode);
}

async function bodyOf(
  answer: IncomingMessage,
  url: URL,
  limit: number,
  progress: (percent: number) => void,
  patience: Patience,
): Promise<Buffer> {
  const { statusCode, headers } = answer;
  try {
    if (statusCode !== 200) throw failed(url, `the server answered ${statusCode ?? 'nothing'}`);
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') throw failed(url, `it is encoded as ${encoding}`);
    const announced = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
    if (announced !== undefined && announced > limit) throw tooLarge(shown(url), limit);
    const pieces: Buffer[] = [];
    let size = 0;
    let told = -1;
    for await (const piece of answer as AsyncIterable<Buffer>) {
      patience.renew();
      pieces.push(piece);
      size += piece.length;
      if (size > limit) throw tooLarge(shown(url), limit);
      const percent = announced ? Math.floor((size / announced) * 100) : told;
      if (percent !== told) progress(percent);
      told = percent;
    }
    if (announced !== undefined && size !== announced)
      throw failed(url, `only ${size} of ${announced} bytes came`);
    return Buffer.concat(pieces);
  } finally {
    answer.destroy();
  }
}

function failed(url: URL, error: string): WechatError {
  return new WechatError('FAILED', 'fetchFailed', { url: shown(url), error });
}

/** What the server calls the file, else the last part of the URL: the first asked for that has an extension. */
function nameOf(disposition: string | undefined, first: URL, last: URL): string {
  const names = [urlName(first), urlName(last)].filter((name) => name !== '');
  return dispositionName(disposition ?? '') || (names.find((name) => /\.\w+$/.test(name)) ?? names[0] ?? '');
}

function urlName({ pathname }: URL): string {
  return basenameOf(decoded(pathname));
}

function dispositionName(header: string): string {
  const extended = /filename\*\s*=\s*(?:utf-8|iso-8859-1)'[^']*'([^;\s]+)/i.exec(header)?.[1];
  if (extended !== undefined) return basenameOf(decoded(extended));
  const [, quoted, plain] = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header) ?? [];
  const name = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
  // Servers write UTF-8 here, and Node reads headers as Latin-1.
  return basenameOf(Buffer.from(name, 'latin1').toString('utf8'));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
