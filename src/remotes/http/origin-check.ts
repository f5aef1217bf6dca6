/**
 * Recognises requests of web pages (CSRF, DNS rebinding): a browser sends them on behalf of any page, from the address of
 * its user, and also by a foreign name that resolves to loopback.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4 } from 'node:net';

/** Whether a host name or address is loopback, so that only the same machine reaches it. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}

/** Matches the usual Host headers without the cost of a URL parser. */
const commonLoopback = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/;

/** Whether a request to a loopback server uses a name that is not loopback, as after DNS rebinding. */
export function hasForeignHost({ host }: IncomingHttpHeaders): boolean {
  return host !== undefined && !commonLoopback.test(host) && !isLoopbackHost(hostnameOf(`http://${host}`));
}

/** Whether a request comes from a web page of another site; pages on loopback are of the same machine. */
export function isFromForeignPage({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return site === 'cross-site';
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  return url === undefined || (!isLoopbackHost(url.hostname) && url.host !== host?.toLowerCase());
}

function hostnameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}
