/** Reads a request body up to a size limit. */
import type { IncomingMessage } from 'node:http';
import { WechatError } from '../../bot/errors';

/**
 * The whole body of a request.
 * @throws WechatError REFUSED (`payloadTooLarge`) as soon as the size exceeds `maxBytes`; the rest is not read, and the
 *   server closes the connection after its response. FAILED (`requestCutShort`) when the client aborts.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const limit = Number((maxBytes / 2 ** 20).toFixed(3));
  const tooLarge = (): WechatError => new WechatError('REFUSED', 'payloadTooLarge', { limit });
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (error?: WechatError): void => {
      request.off('data', onData).off('end', onEnd).off('close', onAborted).off('error', onAborted);
      if (error) reject(error);
      else resolve(Buffer.concat(chunks, size));
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      request.pause();
      settle(tooLarge());
    };
    const onEnd = (): void => {
      settle();
    };
    const onAborted = (): void => {
      settle(new WechatError('FAILED', 'requestCutShort'));
    };
    request.on('data', onData).once('end', onEnd).once('close', onAborted).once('error', onAborted);
  });
}
