/** Request parameters from the query, a form body, or (beyond the document) a multipart or JSON body. */
import { WechatError } from '../../bot/errors';
import { parseLimitedJson } from '../../bot/limited-json';
import { decodeUtf8 } from '../../util/decode-utf8';
import { asUtf8, type DecodeText, textDecoderFor } from '../http/body-decoding';

/** Parameters by name. The query wins over the body; of duplicates in one of them the last wins. */
export type RequestParams = ReadonlyMap<string, string>;

/** Maximum number of parameters in one request; the longest call of the document has nine. */
const maxParams = 200;

/**
 * Parses a query or a form body.
 * @param text one character for each byte (latin1), as Node.js has URLs.
 * @param decode decodes names and values, after their percent-encoding.
 * @throws WechatError REFUSED when there are too many parameters, INVALID_PARAMS when one cannot be decoded.
 */
export function parseForm(text: string, decode: DecodeText = decodeUtf8): RequestParams {
  if (isMoreOften(text, '&')) throw tooManyError();
  const params = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = decodePart(at < 0 ? pair : pair.slice(0, at), decode, '');
    params.set(name, at < 0 ? '' : decodePart(pair.slice(at + 1), decode, name));
  }
  return params;
}

const percentEncoded = /%([0-9a-f]{2})/gi;
const fromHex = (_match: string, hex: string): string => String.fromCharCode(parseInt(hex, 16));

/** @param name of the parameter, for the error. */
function decodePart(part: string, decode: DecodeText, name: string): string {
  const text = part.replaceAll('+', ' ');
  try {
    return decode(Buffer.from(text.replace(percentEncoded, fromHex), 'latin1'));
  } catch (error) {
    throw notTextError(name, error);
  }
}

/**
 * Parses a body by its content type; other types have no parameters.
 * @throws WechatError INVALID_PARAMS (not JSON, not an object of plain values, not in its charset), REFUSED (too many or
 *   too deep).
 */
export async function parseBody(contentType: string | undefined, body: Buffer): Promise<RequestParams> {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (body.length === 0) return new Map();
  if (type === 'application/x-www-form-urlencoded')
    return parseForm(body.toString('latin1'), textDecoderFor(contentType));
  if (type === 'multipart/form-data') return parseMultipart(contentType ?? '', body);
  return /^(application|text)\/([\w.-]+\+)?json$/.test(type)
    ? parseJson(asUtf8(contentType, body))
    : new Map();
}

/** Merges both; the query wins. */
export function mergeParams(query: RequestParams, body: RequestParams): RequestParams {
  return body.size === 0 ? query : new Map([...body, ...query]);
}

/** U+FFFD in UTF-8, which Node.js' parser of forms puts in place of bytes that are not UTF-8. */
const replacement = Buffer.from('\uFFFD');

/** Parses a multipart form; its file, whatever its name, is the media of the request. */
async function parseMultipart(contentType: string, body: Buffer): Promise<RequestParams> {
  if (isMoreOften(body, 'Content-Disposition:')) throw tooManyError();
  const headers = { 'content-type': contentType };
  const form = await new Response(new Uint8Array(body), { headers }).formData().catch((error: unknown) => {
    throw new WechatError('INVALID_PARAMS', 'notAForm', {}, { cause: error });
  });
  const params = new Map<string, string>();
  for (const [name, value] of form) {
    if (typeof value !== 'string') {
      params.set('media_data', Buffer.from(await value.arrayBuffer()).toString('base64'));
      if (value.name && !params.has('media_name')) params.set('media_name', value.name);
    } else {
      if (value.includes('\uFFFD') && !body.includes(replacement)) throw notTextError(name);
      params.set(name, value);
    }
  }
  return params;
}

function parseJson(body: Buffer): RequestParams {
  const limits = { maxBytes: body.length, maxDepth: 2, maxValues: 10 * maxParams };
  const parsed = parseLimitedJson(body, limits);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw notPlainError();
  const params = new Map<string, string>();
  for (const [name, value] of Object.entries(parsed)) {
    if (value === null) continue;
    params.set(name, Array.isArray(value) ? value.map(toParam).join(',') : toParam(value));
  }
  if (params.size > maxParams) throw tooManyError();
  return params;
}

function toParam(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw notPlainError();
}

/** Whether a separator occurs more often than parameters are allowed; counted before anything is parsed. */
function isMoreOften(source: string | Buffer, separator: string): boolean {
  let count = 0;
  for (let at = source.indexOf(separator); at !== -1; at = source.indexOf(separator, at + 1)) {
    count += 1;
    if (count >= maxParams) return true;
  }
  return false;
}

function notTextError(name: string, cause?: unknown): WechatError {
  return new WechatError('INVALID_PARAMS', 'notText', { parameter: name.slice(0, 100) }, { cause });
}

function notPlainError(): WechatError {
  const problem = 'the body must be an object of texts, numbers and lists of them';
  return new WechatError('INVALID_PARAMS', 'notACommand', { problem });
}

function tooManyError(): WechatError {
  return new WechatError('REFUSED', 'payloadTooComplex', { depth: 2, values: maxParams });
}
