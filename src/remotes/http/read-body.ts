import type { IncomingMessage } from 'node:http';
import { WechatError } from '../../bot/errors';
import { readLimited } from '../../util/read-limited';

/**
 * Reads the body of a request.
 * @throws WechatError REFUSED (`payloadTooLarge`) as soon as it exceeds `maxBytes`; the rest is not read, and the server
 *   closes the connection after its response. FAILED (`requestCutShort`) when the client disconnects.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const isTooLarge = Number(request.headers['content-length'] ?? 0) > maxBytes;
  const body = isTooLarge ? undefined : await readLimited(request, maxBytes).catch(asCutShort);
  if (body) return body;
  const limit = Number((maxBytes / 2 ** 20).toFixed(3));
  throw new WechatError('REFUSED', 'payloadTooLarge', { limit });
}

function asCutShort(error: unknown): never {
  throw new WechatError('FAILED', 'requestCutShort', {}, { cause: error });
}
