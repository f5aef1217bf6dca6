/**
 * JSON parser with limits, for all input from outside: oversized documents are rejected before they are parsed. A few
 * megabytes of nested arrays would take hundreds of megabytes of memory.
 */
import { decodeUtf8, NotUtf8Error } from '../util/decode-utf8';
import { errorMessage, WechatError } from './errors';

/** Limits of a JSON document. */
export interface JsonLimits {
  /** Length in bytes. */
  readonly maxBytes: number;
  /** Nesting of objects and arrays. */
  readonly maxDepth: number;
  /** Total number of values. */
  readonly maxValues: number;
}

/** Enough for any command with an embedded file of 5 MB. */
export const defaultJsonLimits: JsonLimits = { maxBytes: 8 * 1024 * 1024, maxDepth: 32, maxValues: 100_000 };

/**
 * Parses JSON of limited size, depth and number of values, in UTF-8 with or without a byte order mark.
 * @throws WechatError REFUSED (too large, too deep) or INVALID_PARAMS (not UTF-8, not JSON).
 */
export function parseLimitedJson(bytes: Buffer, limits: JsonLimits = defaultJsonLimits): unknown {
  if (bytes.length > limits.maxBytes) {
    throw new WechatError('REFUSED', 'payloadTooLarge', { limit: Math.floor(limits.maxBytes / 1024 / 1024) });
  }
  checkShape(bytes, limits);
  try {
    return JSON.parse(decodeUtf8(bytes));
  } catch (error) {
    if (error instanceof NotUtf8Error) throw new WechatError('INVALID_PARAMS', 'notUtf8');
    throw new WechatError('INVALID_PARAMS', 'notJson', { error: reasonOf(error, bytes) }, { cause: error });
  }
}

/** Why bytes are not JSON. V8's message is used without the text it quotes, which is untrusted. */
function reasonOf(error: unknown, bytes: Buffer): string {
  if (bytes.subarray(0, 2).includes(0)) return 'it is UTF-16 and not UTF-8';
  return (
    errorMessage(error).replace(/(, )?(\.\.\.)?".*$/s, '') ||
    'it is a word that JSON does not have, such as NaN'
  );
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;

/** Counts brackets and commas outside of strings, without parsing. */
function checkShape(bytes: Buffer, { maxDepth, maxValues }: JsonLimits): void {
  let level = 0;
  let count = 1;
  for (let index = 0; index < bytes.length; index += 1) {
    switch (bytes[index]) {
      case quote:
        index = endOfString(bytes, index);
        break;
      case 0x7b:
      case 0x5b:
        level += 1;
        count += 1;
        break;
      case 0x7d:
      case 0x5d:
        level -= 1;
        break;
      case comma:
        count += 1;
        break;
    }
    if (level > maxDepth || count > maxValues) {
      throw new WechatError('REFUSED', 'payloadTooComplex', { depth: maxDepth, values: maxValues });
    }
  }
}

/** Index of the closing quote of the string that begins at `start`. */
function endOfString(bytes: Buffer, start: number): number {
  for (let end = bytes.indexOf(quote, start + 1); end !== -1; end = bytes.indexOf(quote, end + 1)) {
    let escapes = 0;
    while (bytes[end - 1 - escapes] === backslash) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return bytes.length;
}
