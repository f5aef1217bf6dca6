/** Loads the attachment of a message. What cannot be loaded is omitted, so that the message itself is not lost. */
import type { MessageView } from '../../../bot/views';
import type { CommandDispatcher } from '../../dispatch/command-dispatcher';
import type { CachedFile, MediaCache } from '../../storage/media-cache';
import type { RunCommand } from '../../../commands/table';
import { extensionOf } from '../../../util/file-type';
import { kindOfMessage } from './media-kinds';
import type { AppFields, Attachment, MediaFields } from './messages';

/**
 * Loads what a message contains besides its text; its file only if `messageFile` is permitted.
 * @param media the cache for files; undefined: files are not loaded.
 */
export async function loadAttachment(
  message: MessageView,
  { run, query }: Pick<CommandDispatcher, 'run' | 'query'>,
  media?: MediaCache,
): Promise<Attachment> {
  const { id, type, text } = message;
  const kind = kindOfMessage(type);
  if (kind) {
    const file = media && (await orUndefined(loadFile(id, run, media)));
    return { format: 'media', kind, ...(file ? { file } : {}) };
  }
  switch (type) {
    case 'Url':
      return { format: 'app', app: (await orUndefined(loadLink(id, query))) ?? titleOnly(text) };
    case 'MiniProgram':
      return { format: 'app', app: (await orUndefined(loadMiniProgram(id, query))) ?? titleOnly(text) };
    case 'Contact': {
      const card = await orUndefined(query('messageContact', { id }));
      return card ? { format: 'card', card } : { format: 'text' };
    }
    case 'Recalled':
      return { format: 'revoke', revokedId: text };
    default:
      return { format: 'text' };
  }
}

/** The fields of a cached file. */
export function mediaFields({ name, path, size, mime }: CachedFile, cachedAt = Date.now()): MediaFields {
  return {
    media_path: path,
    media_name: name,
    media_size: size,
    media_mime: mime,
    media_mtime: Math.floor(cachedAt / 1000),
    media_ext: extensionOf(name),
  };
}

async function loadFile(id: string, run: RunCommand, media: MediaCache): Promise<MediaFields> {
  const { name, mimeType, data } = await run('messageFile', { id });
  const cached = await media.put(data, name, mimeType);
  return { ...mediaFields(cached), media_data: data.toString('base64') };
}

async function loadLink(id: string, query: RunCommand): Promise<AppFields> {
  const { url, title, description = '' } = await query('messageUrl', { id });
  return { app_id: '', app_name: '', app_title: title, app_desc: description, app_url: url };
}

async function loadMiniProgram(id: string, query: RunCommand): Promise<AppFields> {
  const program = await query('messageMiniProgram', { id });
  const { appid = '', username = '', title = '', description = '', pagePath = '' } = program;
  return {
    app_id: appid,
    app_name: username,
    app_title: title,
    app_desc: description,
    app_url: pagePath,
  };
}

function titleOnly(title: string): AppFields {
  return { app_id: '', app_name: '', app_title: title, app_desc: '', app_url: '' };
}

async function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch {
    return undefined;
  }
}
