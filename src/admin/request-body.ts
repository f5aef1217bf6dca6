/** JSON bodies of admin requests. */
import type { Request } from 'express';
import { WechatError } from '../bot/errors';
import { parseLimitedJson } from '../bot/limited-json';
import { readLimited } from '../util/read-limited';

/** Maximum size of a body, in MB: a photo or a short video in base64. */
const maxBodyMb = 8;

/** The last of the characters that JSON allows around a value. */
const space = 0x20;

/** Content types that cross-site requests cannot have without a CORS preflight. */
const jsonType = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

const otherCharset = /;\s*charset\s*=\s*"?(?!utf-?8\b)/i;

/**
 * Reads the JSON body; an empty object if there is none.
 * @throws WechatError INVALID_PARAMS if it is not JSON, REFUSED if it is larger than 8 MB.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const type = request.headers['content-type'];
  if (type === undefined && !hasBody(request)) return {};
  if (type === undefined || !jsonType.test(type)) throw new WechatError('INVALID_PARAMS', 'jsonWanted');
  // Node-RED's own body parser has consumed `application/json`, but not other JSON types.
  if ((request as { _body?: boolean })._body === true) return withoutReplacements(request.body as unknown);
  const isEncoded = request.headers['content-encoding'] !== undefined || otherCharset.test(type);
  if (isEncoded) throw new WechatError('INVALID_PARAMS', 'jsonWanted');
  return parseJson(await readBytes(request));
}

/** Rejects U+FFFD, which Node-RED's body parser puts in place of bytes that are not UTF-8. */
function withoutReplacements(body: unknown): unknown {
  if (JSON.stringify(body).includes('\uFFFD')) throw new WechatError('INVALID_PARAMS', 'notUtf8');
  return body;
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

async function readBytes(request: Request): Promise<Buffer> {
  const body = await readLimited(request, maxBodyMb * 2 ** 20);
  if (body) return body;
  // Discards the rest instead of closing the connection: a client whose upload is aborted never sees the response.
  request.resume();
  throw new WechatError('REFUSED', 'bodyTooLarge', { limit: maxBodyMb });
}

function parseJson(json: Buffer): unknown {
  return json.every((byte) => byte <= space) ? {} : parseLimitedJson(json);
}
