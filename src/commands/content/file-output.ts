/** Reads files out of WeChat. */
import type { FileBoxInterface } from 'file-box';
import type { Puppet } from 'wechaty-puppet';
import { type Account, callLimits } from '../../bot/account';
import type { Static } from 'typebox';
import { tooLarge } from './file-name';
import type { FileView } from '../shared-schemas';

/**
 * Asks the puppet for a file and reads it to its end.
 * @param limit in bytes.
 * @throws WechatError REFUSED when it is larger, and what `Account.call` throws.
 */
export function fileOf(
  account: Account,
  call: string,
  work: (puppet: Puppet) => Promise<FileBoxInterface>,
  limit: number,
): Promise<Static<typeof FileView>> {
  return account.call(call, async (puppet) => read(await work(puppet), limit), callLimits.send);
}

async function read(box: FileBoxInterface, limit: number): Promise<Static<typeof FileView>> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of (await box.toStream()) as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > limit) throw tooLarge(box.name, limit);
    pieces.push(piece);
  }
  const mimeType = box.mediaType || 'application/octet-stream';
  return { name: box.name, mimeType, size, data: Buffer.concat(pieces) };
}
