import type { IncomingMessage } from 'node:http';
import { WechatError } from '../../bot/errors';
import { readLimited } from '../../util/read-limited';
import { decompressBody, tooLargeError } from './body-decoding';

/**
 * Reads the body of a request, and decompresses it.
 * @throws WechatError REFUSED (`payloadTooLarge`) as soon as it exceeds `maxBytes`, compressed or not; the rest is not
 *   read, and the server closes the connection after its response. INVALID_PARAMS (`encodingUnknown`, `encodingBroken`).
 *   FAILED (`requestCutShort`) when the client disconnects.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const isTooLarge = Number(request.headers['content-length'] ?? 0) > maxBytes;
  const body = isTooLarge ? undefined : await readLimited(request, maxBytes).catch(asCutShort);
  if (!body) throw tooLargeError(maxBytes);
  return decompressBody(request.headers, body, maxBytes);
}

function asCutShort(error: unknown): never {
  throw new WechatError('FAILED', 'requestCutShort', {}, { cause: error });
}
