/** Cross-site protection and JSON bodies of admin requests. */
import type { Request } from 'express';
import { errorMessage, WechatError } from '../bot/errors';
import { readLimited } from '../util/read-limited';

/** Maximum size of a body, in MB: a photo or a short video in base64. */
const maxBodyMb = 8;

/** Content types that cross-site requests cannot have without a CORS preflight. */
const jsonType = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

/** The field that Node-RED's authentication adds to a request. */
interface AuthenticatedRequest {
  readonly user?: { readonly anonymous?: boolean };
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
 * Reads the JSON body; an empty object if there is none.
 * @throws WechatError INVALID_PARAMS if it is not JSON, REFUSED if it is larger than 8 MB.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const type = request.headers['content-type'];
  if (type === undefined && !hasBody(request)) return {};
  if (type === undefined || !jsonType.test(type)) throw new WechatError('INVALID_PARAMS', 'jsonWanted');
  // Node-RED's own body parser has consumed `application/json`, but not other JSON types.
  const isParsed = (request as { _body?: boolean })._body === true;
  return isParsed ? (request.body as unknown) : parseJson(await readText(request));
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

async function readText(request: Request): Promise<string> {
  const body = await readLimited(request, maxBodyMb * 2 ** 20);
  if (body) return body.toString('utf8');
  // Discards the rest instead of closing the connection: a client whose upload is aborted never sees the response.
  request.resume();
  throw new WechatError('REFUSED', 'bodyTooLarge', { limit: maxBodyMb });
}

function parseJson(json: string): unknown {
  if (!json.trim()) return {};
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw new WechatError('INVALID_PARAMS', 'bodyNotJson', { error: errorMessage(error) });
  }
}
