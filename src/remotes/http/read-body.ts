/** Reads what comes with a request, and no more of it than can be borne. */
import type { IncomingMessage } from 'node:http';
import { WechatError } from '../../bot/errors';

/**
 * The whole body of a request.
 * @throws WechatError REFUSED (`payloadTooLarge`) as soon as it is known to be larger; the rest is not read: the
 *   listener hangs up once the answer is out. FAILED (`requestCutShort`) when the client went away.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const limit = Number((maxBytes / 2 ** 20).toFixed(3));
  const tooLarge = (): WechatError => new WechatError('REFUSED', 'payloadTooLarge', { limit });
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const settle = (error?: WechatError): void => {
      request.off('data', take).off('end', end).off('close', cut).off('error', cut);
      if (error) reject(error);
      else resolve(Buffer.concat(pieces, size));
    };
    const take = (piece: Buffer): void => {
      size += piece.length;
      if (size <= maxBytes) {
        pieces.push(piece);
        return;
      }
      request.pause();
      settle(tooLarge());
    };
    const end = (): void => {
      settle();
    };
    const cut = (): void => {
      settle(new WechatError('FAILED', 'requestCutShort'));
    };
    request.on('data', take).once('end', end).once('close', cut).once('error', cut);
  });
}
