/** Request parameters from the query, a form body, or (beyond the document) a JSON body. */
import { WechatError } from '../../bot/errors';
import { parseLimitedJson } from '../../bot/limited-json';

/** Parameters by name. The query wins over the body; of duplicates in one of them the last wins. */
export type RequestParams = ReadonlyMap<string, string>;

/** Maximum number of parameters in one request; the longest call of the document has nine. */
const maxParams = 200;

/** Parses a query or a form body. @throws WechatError REFUSED when there are too many parameters. */
export function parseForm(text: string): RequestParams {
  let separators = 0;
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    separators += 1;
    if (separators >= maxParams) throw tooManyError();
  }
  return new Map(new URLSearchParams(text));
}

/**
 * Parses a body by its content type; other types have no parameters.
 * @throws WechatError INVALID_PARAMS (not JSON, not an object of plain values), REFUSED (too many or too deep).
 */
export function parseBody(contentType: string | undefined, body: Buffer): RequestParams {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (body.length === 0) return new Map();
  if (type === 'application/x-www-form-urlencoded') return parseForm(body.toString('utf8'));
  return /^(application|text)\/([\w.-]+\+)?json$/.test(type) ? parseJson(body) : new Map();
}

/** Merges both; the query wins. */
export function mergeParams(query: RequestParams, body: RequestParams): RequestParams {
  return body.size === 0 ? query : new Map([...body, ...query]);
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

function notPlainError(): WechatError {
  const problem = 'the body must be an object of texts, numbers and lists of them';
  return new WechatError('INVALID_PARAMS', 'notACommand', { problem });
}

function tooManyError(): WechatError {
  return new WechatError('REFUSED', 'payloadTooComplex', { depth: 2, values: maxParams });
}
