/** Reads what a client gives with a request: in the query, as a form, or (which the document does not have) as JSON. */
import { WechatError } from '../../bot/errors';
import { parseUntrusted } from '../dispatch/limited-json';

/** Parameters by name. Where one came twice, the query wins, and of two in one place the last. */
export type Given = ReadonlyMap<string, string>;

/** Parameters of one request; the longest call of the document has nine. */
const mostParameters = 200;

/** The parameters in a query or a form. @throws WechatError REFUSED when there are too many. */
export function fromForm(text: string): Given {
  let separators = 0;
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    separators += 1;
    if (separators >= mostParameters) throw tooMany();
  }
  return new Map(new URLSearchParams(text));
}

/**
 * The parameters in a body; none where it is of a type that carries none.
 * @throws WechatError INVALID_PARAMS (not JSON, not an object of plain values), REFUSED (too many or too deep).
 */
export function fromBody(contentType: string | undefined, body: Buffer): Given {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (body.length === 0) return new Map();
  if (type === 'application/x-www-form-urlencoded') return fromForm(body.toString('utf8'));
  return /^(application|text)\/([\w.-]+\+)?json$/.test(type) ? fromJson(body) : new Map();
}

/** Both together. */
export function together(query: Given, body: Given): Given {
  return body.size === 0 ? query : new Map([...body, ...query]);
}

function fromJson(body: Buffer): Given {
  const parsed = parseUntrusted(body, { bytes: body.length, depth: 2, values: 10 * mostParameters });
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw notPlain();
  const given = new Map<string, string>();
  for (const [name, value] of Object.entries(parsed)) {
    if (value === null) continue;
    given.set(name, Array.isArray(value) ? value.map(plain).join(',') : plain(value));
  }
  if (given.size > mostParameters) throw tooMany();
  return given;
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw notPlain();
}

function notPlain(): WechatError {
  const problem = 'the body must be an object of texts, numbers and lists of them';
  return new WechatError('INVALID_PARAMS', 'notACommand', { problem });
}

function tooMany(): WechatError {
  return new WechatError('REFUSED', 'payloadTooComplex', { depth: 2, values: mostParameters });
}
