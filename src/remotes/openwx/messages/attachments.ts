/** Finds out what is in a message beside its text. What cannot be found out is left out: a message must not be lost. */
import type { ContactView, MessageView } from '../../../bot/views';
import type { Kept, MediaStore } from '../../storage/media-cache';
import type { Ask } from '../people/contact-query';
import { extensionOf, kindOfMessage } from './media-kinds';
import type { AppFields, Inside, MediaFields } from './messages';

/** A file as the commands give it. */
interface File {
  readonly name: string;
  readonly mimeType: string;
  readonly data: Buffer;
}

/**
 * What is in a message.
 * @param media where files are kept that are fetched; without it they are not.
 */
export async function insideOf(message: MessageView, ask: Ask, media?: MediaStore): Promise<Inside> {
  const { id, type, text } = message;
  const kind = kindOfMessage(type);
  if (kind) {
    const file = media && (await orNothing(fileOf(id, ask, media)));
    return { format: 'media', kind, ...(file ? { file } : {}) };
  }
  switch (type) {
    case 'Url':
      return { format: 'app', app: (await orNothing(linkOf(id, ask))) ?? titled(text) };
    case 'MiniProgram':
      return { format: 'app', app: (await orNothing(programOf(id, ask))) ?? titled(text) };
    case 'Contact': {
      const card = await orNothing(ask('messageContact', { id }));
      return card ? { format: 'card', card: card as ContactView } : { format: 'text' };
    }
    case 'Recalled':
      return { format: 'revoke', revokedId: text };
    default:
      return { format: 'text' };
  }
}

/** What is told of a file that is kept. */
export function mediaFields({ name, path, size, mime }: Kept, keptAt = Date.now()): MediaFields {
  return {
    media_path: path,
    media_name: name,
    media_size: size,
    media_mime: mime,
    media_mtime: Math.floor(keptAt / 1000),
    media_ext: extensionOf(name),
  };
}

async function fileOf(id: string, ask: Ask, media: MediaStore): Promise<MediaFields> {
  const { name, mimeType, data } = (await ask('messageFile', { id })) as File;
  const kept = await media.put(data, name, mimeType);
  return { ...mediaFields(kept), media_data: data.toString('base64') };
}

async function linkOf(id: string, ask: Ask): Promise<AppFields> {
  const link = (await ask('messageUrl', { id })) as { url?: string; title?: string; description?: string };
  const { url = '', title = '', description = '' } = link;
  return { app_id: '', app_name: '', app_title: title, app_desc: description, app_url: url };
}

async function programOf(id: string, ask: Ask): Promise<AppFields> {
  const program = (await ask('messageMiniProgram', { id })) as Readonly<Record<string, string | undefined>>;
  const { appid = '', username = '', title = '', description = '', pagePath = '' } = program;
  return {
    app_id: appid,
    app_name: username,
    app_title: title,
    app_desc: description,
    app_url: pagePath,
  };
}

function titled(title: string): AppFields {
  return { app_id: '', app_name: '', app_title: title, app_desc: '', app_url: '' };
}

async function orNothing<Found>(asked: Promise<Found>): Promise<Found | undefined> {
  try {
    return await asked;
  } catch {
    return undefined;
  }
}
