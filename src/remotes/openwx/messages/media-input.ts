/**
 * The media a client names: by path or URL, by its bytes, by the id an earlier send, upload or message had (the Openwx
 * document, parameters `media_path` and `media_id`; `media_data` and `media_name` as real servers take them).
 */
import { WechatError } from '../../../bot/errors';
import type { FilePolicy } from '../../../commands/command';
import { basenameOf } from '../../../commands/content/file-name';
import { fileFrom } from '../../../commands/content/file-input';
import type { Kept, MediaStore } from '../../storage/media-cache';
import type { Given } from '../request-params';
import type { Ask } from '../people/contact-query';
import { extensionOf, kindOfFile, type MediaKind, nameFor } from './media-kinds';

/** A file that can be sent, and is kept to be sent again. */
export interface Media {
  /** What this protocol calls it from now on. */
  readonly id: string;
  readonly kind: MediaKind;
  readonly name: string;
  readonly data: Buffer;
  readonly kept: Kept;
}

/** What is needed to get at media. */
export interface MediaSources {
  readonly ask: Ask;
  readonly media: MediaStore;
  readonly files: FilePolicy;
}

const prefix = '@crypt_';

/** Whether a request names any media. */
export function namesMedia(given: Given): boolean {
  return ['media_id', 'media_path', 'media_data'].some((name) => given.get(name));
}

/**
 * The media a request names.
 * @throws WechatError INVALID_PARAMS, NOT_FOUND, REFUSED (folder, address or size), and what fetching throws.
 */
export async function mediaNamed(given: Given, sources: MediaSources): Promise<Media> {
  const id = given.get('media_id');
  if (id) return mediaById(id, sources);
  const { files, media } = sources;
  const base64 = given.get('media_data') ?? '';
  const path = given.get('media_path') ?? '';
  const wanted = basenameOf(given.get('media_name') ?? '');
  const payload = base64 === '' ? path : { base64 };
  // A URL may end in no name at all.
  const isNameless = base64 !== '' || /^(data:|https?:\/\/[^/]*\/?$)/i.test(path);
  const stopgap = isNameless ? 'media' : undefined;
  const file = await fileFrom(payload, 'Attachment', wanted || stopgap, { files });
  const { data } = file;
  const name = extensionOf(file.name) ? file.name : named(file.name, data);
  const kept = await media.put(data, name);
  const kind = kindOfFile(name);
  return { id: `${prefix}${kept.id}:${kind.code}`, kind, name, data, kept };
}

async function mediaById(id: string, { ask, media }: MediaSources): Promise<Media> {
  const bare = id.replace(/:\d+$/, '');
  if (bare.startsWith(prefix)) {
    const kept = await media.get(bare.slice(prefix.length));
    if (!kept) throw new WechatError('NOT_FOUND', 'mediaNotFound', { id });
    const data = await kept.read();
    return { id, kind: kindOfFile(kept.name), name: kept.name, data, kept };
  }
  const { name, mimeType, data } = (await ask('messageFile', { id: bare })) as {
    name: string;
    mimeType: string;
    data: Buffer;
  };
  return { id, kind: kindOfFile(name), name, data, kept: await media.put(data, name, mimeType) };
}

function named(name: string, data: Buffer): string {
  const guess = nameFor(data);
  return name === '' || name === 'media' ? guess : `${name}.${extensionOf(guess)}`;
}
