/** Protects the admin API against web pages of other sites (CSRF, DNS rebinding). */
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { Request } from 'express';
import type { NodeAPI } from 'node-red';
import { WechatError } from '../bot/errors';

/** The field that Node-RED's authentication adds to a request. */
interface AuthenticatedRequest {
  readonly user?: { readonly anonymous?: boolean };
}

/** The settings of Node-RED that are read here; `wechatAdminHosts` is of this pack. */
interface HostSettings {
  readonly adminAuth?: unknown;
  readonly uiHost?: unknown;
  readonly wechatAdminHosts?: unknown;
}

/** Whether a request carries an access token, which browsers never add to cross-site requests. */
function hasBearerToken(request: Request): boolean {
  const { user } = request as AuthenticatedRequest;
  return user !== undefined && !user.anonymous && /^bearer /i.test(request.headers.authorization ?? '');
}

/**
 * Rejects cross-site requests. Node-RED sends `Access-Control-Allow-Origin: *`, so that without `adminAuth` any web
 * page could read login codes and chats.
 * @throws WechatError REFUSED
 */
export function rejectCrossSiteRequest(request: Request): void {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  if (hasBearerToken(request)) return;
  if (typeof site === 'string') {
    if (site === 'same-origin' || site === 'none') return;
  } else if (origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)) return;
  throw new WechatError('REFUSED', 'otherSite');
}

/**
 * Names that no site on the internet can have: names without a dot, and domains reserved for local networks (RFC 6761,
 * 6762 and 8375, and `internal` by ICANN).
 */
const localName = /^[^.]+$|\.(localhost|local|internal|home\.arpa)$/;

/**
 * Creates a check of the `Host` header. Without `adminAuth`, a page whose name was made to resolve to Node-RED's address
 * (DNS rebinding) would be of the same site; with it, the page has no access token.
 * @returns a function that throws WechatError REFUSED for a name that is not known to be Node-RED's own.
 */
export function createHostCheck(RED: NodeAPI): (request: Request) => void {
  const { adminAuth, uiHost, wechatAdminHosts } = RED.settings as HostSettings;
  if (adminAuth) return () => undefined;
  const extra: readonly unknown[] = Array.isArray(wechatAdminHosts) ? wechatAdminHosts : [wechatAdminHosts];
  const names = [hostname(), uiHost, ...extra].filter((name) => typeof name === 'string');
  const known = new Set(names.map(hostnameOf).filter(Boolean));
  return ({ headers: { host } }) => {
    if (host === undefined) return;
    const name = hostnameOf(host);
    if (isIP(name.replace(/^\[|\]$/g, '')) || localName.test(name) || known.has(name)) return;
    throw new WechatError('REFUSED', 'otherHost', { host: host.slice(0, 100) });
  };
}

/** The name in a `Host` header, in lower case, without the port and a final dot; empty if there is none. */
function hostnameOf(host: string): string {
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, '') : '';
}
