/**
 * Loads the media of a request: by path or URL, as Base64, or by the id of an earlier send, upload or message (the Openwx
 * document, parameters `media_path` and `media_id`; `media_data` and `media_name` as in real servers).
 */
import { WechatError } from '../../../bot/errors';
import type { FilePolicy } from '../../../commands/command';
import type { RunCommand } from '../../../commands/table';
import { basenameOf } from '../../../commands/content/file-name';
import { loadFile } from '../../../commands/content/file-input';
import type { CachedFile, MediaCache } from '../../storage/media-cache';
import type { RequestParams } from '../request-params';
import { extensionOf } from '../../../util/file-type';
import { kindOfFile, type MediaKind, guessName } from './media-kinds';

/** A file to be sent; cached, so that it can be sent again by its id. */
export interface Media {
  /** The `media_id` for later requests. */
  readonly id: string;
  readonly kind: MediaKind;
  readonly name: string;
  readonly data: Buffer;
  readonly cached: CachedFile;
}

/** Where media can be loaded from. */
export interface MediaSources {
  /** Loads the file of a message. */
  readonly run: RunCommand;
  readonly media: MediaCache;
  readonly files: FilePolicy;
}

const mediaIdPrefix = '@crypt_';

/** Whether a request contains media. */
export function hasMedia(params: RequestParams): boolean {
  return ['media_id', 'media_path', 'media_data'].some((name) => params.get(name));
}

/**
 * Loads the media of a request.
 * @throws WechatError INVALID_PARAMS, NOT_FOUND, REFUSED (folder, address or size), and errors of the download.
 */
export async function loadMedia(params: RequestParams, sources: MediaSources): Promise<Media> {
  const id = params.get('media_id');
  if (id) return loadMediaById(id, sources);
  const { files, media } = sources;
  const base64 = params.get('media_data') ?? '';
  const path = params.get('media_path') ?? '';
  const requestedName = basenameOf(params.get('media_name') ?? '');
  const payload = base64 === '' ? path : { base64 };
  // A URL may not end in a file name.
  const isNameless = base64 !== '' || /^(data:|https?:\/\/[^/]*\/?$)/i.test(path);
  const fallbackName = isNameless ? 'media' : undefined;
  const file = await loadFile(payload, 'Attachment', requestedName || fallbackName, { files });
  const { data } = file;
  const name = extensionOf(file.name) ? file.name : withExtension(file.name, data);
  const cached = await media.put(data, name);
  const kind = kindOfFile(name, data);
  return { id: `${mediaIdPrefix}${cached.id}:${kind.code}`, kind, name, data, cached };
}

async function loadMediaById(id: string, { run, media }: MediaSources): Promise<Media> {
  const messageId = id.replace(/:\d+$/, '');
  if (messageId.startsWith(mediaIdPrefix)) {
    const cached = await media.get(messageId.slice(mediaIdPrefix.length));
    if (!cached) throw new WechatError('NOT_FOUND', 'mediaNotFound', { id });
    const data = await cached.read();
    return { id, kind: kindOfFile(cached.name, data), name: cached.name, data, cached };
  }
  const { name, mimeType, data } = await run('messageFile', { id: messageId });
  return { id, kind: kindOfFile(name, data), name, data, cached: await media.put(data, name, mimeType) };
}

function withExtension(name: string, data: Buffer): string {
  const guess = guessName(data);
  return name === '' || name === 'media' ? guess : `${name}.${extensionOf(guess)}`;
}
