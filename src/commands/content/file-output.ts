/** Reads files that the puppet returns. */
import type { FileBoxInterface } from 'file-box';
import type { Puppet } from 'wechaty-puppet';
import { type Account, callTimeouts } from '../../bot/account';
import type { Static } from 'typebox';
import { readLimited } from '../../util/read-limited';
import { fileTooLargeError } from './file-name';
import type { FileView } from '../shared-schemas';
import { mediaTypeOf } from '../../util/file-type';

/**
 * Calls the puppet and reads the file it returns into memory.
 * @param limit in bytes.
 * @throws WechatError REFUSED when it is larger, and what `Account.call` throws.
 */
export function readFileBox(
  account: Account,
  call: string,
  work: (puppet: Puppet) => Promise<FileBoxInterface>,
  limit: number,
): Promise<Static<typeof FileView>> {
  return account.call(call, async (puppet) => readAll(await work(puppet), limit), callTimeouts.send);
}

async function readAll(box: FileBoxInterface, limit: number): Promise<Static<typeof FileView>> {
  const stream = await box.toStream();
  const data = await readLimited(stream, limit);
  if (!data) {
    stream.destroy();
    throw fileTooLargeError(box.name, limit);
  }
  const mimeType = mediaTypeOf({ content: data, declared: box.mediaType, name: box.name });
  return { name: box.name, mimeType, size: data.length, data };
}
