/** Reads the JSON body of a request, within a limit, and only from pages of this Node-RED. */
import type { Request } from 'express';
import { errorMessage, WechatError } from '../bot/errors';

/** The largest body, in MB: a photo or a short video in base64. */
const limitMb = 8;

/** Types that no form and no plain request of a foreign page can have. */
const jsonType = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

/** What Node-RED's authentication puts on a request. */
interface Authenticated {
  readonly user?: { readonly anonymous?: boolean };
}

/** Whether the caller showed a token of his own, which a browser never adds to somebody else's request. */
function showsToken(request: Request): boolean {
  const { user } = request as Authenticated;
  return user !== undefined && !user.anonymous && /^bearer /i.test(request.headers.authorization ?? '');
}

/**
 * Keeps pages of other sites out. Node-RED allows them every request (its answers carry
 * `Access-Control-Allow-Origin: *`), so that without a login any page its owner visits could read codes and chats.
 * @throws WechatError REFUSED
 */
export function refuseOtherSites(request: Request): void {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  if (showsToken(request)) return;
  if (typeof site === 'string') {
    if (site === 'same-origin' || site === 'none') return;
  } else if (origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)) return;
  throw new WechatError('REFUSED', 'otherSite');
}

/**
 * The body, or an empty object where there is none.
 * @throws WechatError INVALID_PARAMS when it is not JSON, REFUSED when it is larger than 8 MB.
 */
export async function bodyOf(request: Request): Promise<unknown> {
  const type = request.headers['content-type'];
  if (type === undefined && !hasBody(request)) return {};
  if (type === undefined || !jsonType.test(type)) throw new WechatError('INVALID_PARAMS', 'jsonWanted');
  // Node-RED has read `application/json`, up to its own limit; what it did not know it left alone.
  const isRead = (request as { _body?: boolean })._body === true;
  return isRead ? (request.body as unknown) : parsed(await read(request));
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

async function read(request: Request): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    // Read to its end, because a sender that is cut short never sees the answer.
    if (size > limitMb * 2 ** 20) pieces.length = 0;
    else pieces.push(piece);
  }
  if (size > limitMb * 2 ** 20) throw new WechatError('REFUSED', 'bodyTooLarge', { limit: limitMb });
  return Buffer.concat(pieces).toString('utf8');
}

function parsed(json: string): unknown {
  if (!json.trim()) return {};
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw new WechatError('INVALID_PARAMS', 'bodyNotJson', { error: errorMessage(error) });
  }
}
