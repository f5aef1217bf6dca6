/**
 * Rejects cross-site browser requests (CSRF, DNS rebinding) to loopback servers: a browser on the same machine reaches
 * loopback on behalf of any page, also by a foreign name that resolves to it.
 */
import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';

/** Whether a host name or address is loopback, so that only the same machine reaches it. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}

/** Matches the usual Host headers without the cost of a URL parser. */
const commonLoopback = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/;

/** Whether a request to a loopback server comes from a web page of another site. */
export function isCrossSiteRequest({ headers }: IncomingMessage): boolean {
  const { host, origin } = headers;
  if (host !== undefined && !commonLoopback.test(host) && !isLoopbackHost(hostnameOf(`http://${host}`)))
    return true;
  if (origin !== undefined) return !isLoopbackHost(hostnameOf(origin));
  return headers['sec-fetch-site'] === 'cross-site';
}

function hostnameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}
