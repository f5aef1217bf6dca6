/**
 * Tells programs of this machine from web pages of strangers. A browser on this machine reaches loopback too, on behalf
 * of any page it shows, and by a name that a stranger lets resolve to it.
 */
import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';

/** Whether only this machine reaches what listens there. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}

/** What nearly every program calls it; the rest is worth a parser of URLs. */
const plainLoopback = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/;

/** Whether a request to something that only listens on loopback was caused by somebody else's web page. */
export function isFromForeignPage({ headers }: IncomingMessage): boolean {
  const { host, origin } = headers;
  if (host !== undefined && !plainLoopback.test(host) && !isLoopback(hostnameIn(`http://${host}`)))
    return true;
  if (origin !== undefined) return !isLoopback(hostnameIn(origin));
  return headers['sec-fetch-site'] === 'cross-site';
}

function hostnameIn(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}
