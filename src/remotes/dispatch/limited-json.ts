/** Reads JSON of strangers: too much of it is refused before it can cost time or memory. */
import { errorMessage, WechatError } from '../../bot/errors';

/** How much is too much. */
export interface JsonLimits {
  /** Length in bytes. */
  readonly bytes: number;
  /** Objects and lists within each other. */
  readonly depth: number;
  /** Values in total. */
  readonly values: number;
}

/** Enough for any command with a file of 5 MB inside. */
export const usualLimits: JsonLimits = { bytes: 8 * 1024 * 1024, depth: 32, values: 100_000 };

/**
 * Parses JSON of a bounded size and shape.
 * @throws WechatError REFUSED (too large, too deep) or INVALID_PARAMS (not JSON).
 */
export function parseUntrusted(bytes: Buffer, limits: JsonLimits = usualLimits): unknown {
  if (bytes.length > limits.bytes) {
    throw new WechatError('REFUSED', 'payloadTooLarge', { limit: Math.floor(limits.bytes / 1024 / 1024) });
  }
  checkShape(bytes, limits);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    // What V8 says quotes the text, which may be anything.
    const position = /position \d+/.exec(errorMessage(error))?.[0];
    throw new WechatError('INVALID_PARAMS', 'notJson', { error: position ?? 'unexpected end' });
  }
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;

/** Counts brackets and commas outside of texts, without parsing. */
function checkShape(bytes: Buffer, { depth, values }: JsonLimits): void {
  let level = 0;
  let count = 1;
  for (let index = 0; index < bytes.length; index += 1) {
    switch (bytes[index]) {
      case quote:
        index = endOfText(bytes, index);
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
    if (level > depth || count > values) {
      throw new WechatError('REFUSED', 'payloadTooComplex', { depth, values });
    }
  }
}

/** Where the text that begins at `start` ends. */
function endOfText(bytes: Buffer, start: number): number {
  for (let end = bytes.indexOf(quote, start + 1); end !== -1; end = bytes.indexOf(quote, end + 1)) {
    let escapes = 0;
    while (bytes[end - 1 - escapes] === backslash) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return bytes.length;
}
