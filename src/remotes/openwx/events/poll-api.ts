/**
 * Polls a URL whose server may answer with a redirect to a call of this API, for programs that cannot reach it directly
 * (the Openwx document, section "心跳请求").
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpClient } from '../../http/http-client';
import { isLoopbackHost } from '../../http/origin-check';

/** Redirects that are followed in a row. */
const maxRedirects = 7;

/** What is polled and how. */
export interface PollOptions {
  readonly client: HttpClient;
  readonly url: string;
  /** Between two polls, in ms. */
  readonly intervalMs: number;
  /** For one response, in ms. */
  readonly timeoutMs: number;
  /** Stops polling. */
  readonly signal: AbortSignal;
  /** Host and port of this API. */
  readonly address: () => string;
  /** Whether the bot is ready; otherwise polls are skipped. */
  readonly isBotReady: () => boolean;
  /** Runs a call of this API. Never rejects. */
  readonly runCall: (url: URL) => Promise<void>;
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

/** Polls until the signal aborts. */
export async function pollLoop(options: PollOptions): Promise<void> {
  const { intervalMs, signal, isBotReady, log } = options;
  let isFailing = false;
  while (!signal.aborted) {
    if (isBotReady()) {
      try {
        await poll(options);
        if (isFailing) log('info', 'poll_api answers again.');
        isFailing = false;
      } catch (error) {
        if (!isFailing && !isAborted(signal)) log('warn', `poll_api: ${(error as Error).message}`);
        isFailing = true;
      }
    }
    await delay(intervalMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

async function poll({ client, url, timeoutMs, address, runCall, log }: PollOptions): Promise<void> {
  const first = new URL(url);
  let next = first;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const { status, headers } = await client.request(next.href, { method: 'GET', timeoutMs });
    const { location } = headers;
    if (status < 300 || status > 399 || location === undefined) return;
    if (!URL.canParse(location, next)) return;
    next = new URL(location, next);
    if (isOwnUrl(next, address())) {
      await runCall(next);
      return;
    }
    // A redirect must not make this client request other servers of the network.
    if (next.origin !== first.origin) {
      log('warn', `poll_api redirects to ${next.host}, which is neither itself nor this API: not followed.`);
      return;
    }
  }
}

/** Whether a URL is one of this API, seen from the same machine. */
function isOwnUrl({ protocol, hostname, host, port }: URL, address: string): boolean {
  if (protocol !== 'http:') return false;
  return host === address || (isLoopbackHost(hostname) && (port || '80') === address.replace(/^.*:/, ''));
}

/** A separate function: within the loop TypeScript takes the signal for not aborted. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
