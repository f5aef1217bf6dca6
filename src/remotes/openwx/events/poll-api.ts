/**
 * Asks the owner's program again and again, so that it can call this API from where it cannot reach it (the Openwx
 * document, section "心跳请求"): it answers with a redirect to the call.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { isLoopback } from '../../http/origin-check';
import type { HttpClient } from '../../http/http-client';

/** Redirects that are followed in a row. */
const redirectLimit = 7;

/** What a heartbeat works with. */
export interface HeartbeatParts {
  readonly client: HttpClient;
  readonly url: string;
  /** Between two polls, in ms. */
  readonly interval: number;
  /** For an answer to come in, in ms. */
  readonly timeout: number;
  readonly stopped: AbortSignal;
  /** Host and port this API listens on. */
  readonly address: () => string;
  /** Whether the bot runs; while it does not, nothing is asked. */
  readonly isRunning: () => boolean;
  /** Executes a call of this API. Never rejects. */
  readonly call: (url: URL) => Promise<void>;
  readonly log: (level: 'info' | 'warn', sentence: string) => void;
}

/** Polls until it is stopped; resolves then. */
export async function beat(parts: HeartbeatParts): Promise<void> {
  const { interval, stopped, isRunning, log } = parts;
  let isFailing = false;
  while (!stopped.aborted) {
    if (isRunning()) {
      try {
        await poll(parts);
        if (isFailing) log('info', 'poll_api answers again.');
        isFailing = false;
      } catch (error) {
        if (!isFailing && !isStopped(stopped)) log('warn', `poll_api: ${(error as Error).message}`);
        isFailing = true;
      }
    }
    await delay(interval, undefined, { signal: stopped, ref: false }).catch(() => undefined);
  }
}

async function poll({ client, url, timeout, address, call, log }: HeartbeatParts): Promise<void> {
  const first = new URL(url);
  let next = first;
  for (let redirects = 0; redirects <= redirectLimit; redirects += 1) {
    const { status, headers } = await client.ask(next.href, { method: 'GET', timeout });
    const location = headers.location;
    if (status < 300 || status > 399 || location === undefined) return;
    if (!URL.canParse(location, next)) return;
    next = new URL(location, next);
    if (isOurs(next, address())) {
      await call(next);
      return;
    }
    // Whoever answers there must not make us ask other servers in this network.
    if (next.origin !== first.origin) {
      log('warn', `poll_api redirects to ${next.host}, which is neither itself nor this API: not followed.`);
      return;
    }
  }
}

/** Whether a URL is one of this API, as seen from this machine. */
function isOurs({ protocol, hostname, host, port }: URL, address: string): boolean {
  if (protocol !== 'http:') return false;
  return host === address || (isLoopback(hostname) && (port || '80') === address.replace(/^.*:/, ''));
}

function isStopped(signal: AbortSignal): boolean {
  return signal.aborted;
}
