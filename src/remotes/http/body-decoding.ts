/** Decodes bodies by their `Content-Encoding` and `charset`: what cannot be decoded is an error, not a wrong text. */
import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from 'node:zlib';
import { WechatError } from '../../bot/errors';
import { decodeUtf8 } from '../../util/decode-utf8';

type Decompress = (body: Buffer, options: ZlibOptions) => Promise<Buffer>;

const decompressors: Readonly<Record<string, Decompress>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * Decompresses a body.
 * @param maxBytes the maximum size when decompressed.
 * @throws WechatError INVALID_PARAMS (`encodingUnknown`, or `encodingBroken` for damaged data), REFUSED
 *   (`payloadTooLarge`).
 */
export async function decompressBody(
  { 'content-encoding': encoding = 'identity' }: IncomingHttpHeaders,
  body: Buffer,
  maxBytes: number,
): Promise<Buffer> {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '' || body.length === 0) return body;
  const decompress = decompressors[name];
  if (!decompress)
    throw new WechatError('INVALID_PARAMS', 'encodingUnknown', { encoding: name.slice(0, 40) });
  try {
    return await decompress(body, { maxOutputLength: maxBytes });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLargeError(maxBytes);
    throw new WechatError('INVALID_PARAMS', 'encodingBroken', { encoding: name }, { cause: error });
  }
}

/** The error for a body of more than `maxBytes`. */
export function tooLargeError(maxBytes: number): WechatError {
  return new WechatError('REFUSED', 'payloadTooLarge', { limit: Number((maxBytes / 2 ** 20).toFixed(3)) });
}

/** The HTTP status of an error that concerns the body itself; undefined for other errors. */
export function bodyErrorStatus({ key }: WechatError): 413 | 415 | undefined {
  if (key === 'payloadTooLarge') return 413;
  return key === 'encodingUnknown' || key === 'charsetUnknown' ? 415 : undefined;
}

/** Decodes a text, without a byte order mark. @throws Error when the bytes are not in the charset. */
export type DecodeText = (bytes: Buffer) => string;

/**
 * The decoder for the charset of a content type; UTF-8 if it has none.
 * @throws WechatError INVALID_PARAMS (`charsetUnknown`).
 */
export function textDecoderFor(contentType = ''): DecodeText {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  if (/^utf-?8$/i.test(charset)) return decodeUtf8;
  try {
    const decoder = new TextDecoder(charset, { fatal: true });
    return (bytes) => decoder.decode(bytes);
  } catch {
    throw new WechatError('INVALID_PARAMS', 'charsetUnknown', { charset: charset.slice(0, 40) });
  }
}

/**
 * A JSON body as UTF-8, whatever the charset of its content type.
 * @throws WechatError INVALID_PARAMS (`charsetUnknown`, or `notJson` for bytes that are not in the charset).
 */
export function asUtf8(contentType: string | undefined, body: Buffer): Buffer {
  const decode = textDecoderFor(contentType);
  if (decode === decodeUtf8) return body;
  try {
    return Buffer.from(decode(body));
  } catch (error) {
    throw new WechatError('INVALID_PARAMS', 'notJson', { error: 'not in its charset' }, { cause: error });
  }
}
