/** Turns the many ways in which a file is handed over into its bytes and its name. */
import { fileURLToPath } from 'node:url';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { errorMessage, WechatError } from '../../bot/errors';
import type { CommandContext } from '../command';
import { fetchFile } from './download';
import { basenameOf, tooLarge } from './file-name';
import { readLocalFile } from './local-file';

/** The types whose content is a file, with the name a nameless one gets. WeChat goes by the name's extension. */
export const fileTypes = {
  Image: 'image.jpg',
  Video: 'video.mp4',
  Audio: 'audio.mp3',
  Emoticon: 'emoticon.gif',
  Attachment: '',
} as const;
/** A type whose content is a file. */
export type FileType = keyof typeof fileTypes;

/** A file, read to its end. */
export interface FileContent {
  readonly name: string;
  readonly data: Buffer;
  /** How long a voice message lasts, in ms, where that is known. */
  readonly voiceLength?: number;
}

/**
 * A file with its source and, perhaps, its name. Bytes may lie in `buffer` or, so that what `messageFile` answers can
 * be sent as it is, in `data`.
 */
const Described = Type.Object({
  name: Type.Optional(Type.String()),
  base64: Type.Optional(Type.String()),
  url: Type.Optional(Type.String()),
  path: Type.Optional(Type.String()),
  voiceLength: Type.Optional(Type.Number({ minimum: 0 })),
});

/** Where the bytes are. */
type Source = { readonly data: Buffer } | { readonly url: string } | { readonly path: string };

/**
 * Reads a file from a Buffer, a data: or http(s) URL, a local path, or an object that holds one of these.
 * @param filename overrides every other name.
 * @throws WechatError INVALID_PARAMS, and what `readLocalFile` and `fetchFile` throw.
 */
export async function fileFrom(
  payload: unknown,
  type: FileType,
  filename: string | undefined,
  context: CommandContext,
): Promise<FileContent> {
  const { source, ownName, voiceLength } = sourceOf(payload, type);
  const explicit = basenameOf(filename ?? '') || basenameOf(ownName);
  const { name: foundName, data } = await read(source, explicit, context);
  const { maxBytes } = context.files;
  if (data.length > maxBytes) throw tooLarge(explicit || foundName || type, maxBytes);
  if (data.length === 0) throw new WechatError('INVALID_PARAMS', 'emptyContent');
  const name = explicit || withExtension(foundName, type);
  if (!name) throw new WechatError('INVALID_PARAMS', 'fileNameMissing');
  return { name, data, ...(voiceLength === undefined ? {} : { voiceLength }) };
}

/** What was given, and what was said of it. */
interface Given extends Pick<FileContent, 'voiceLength'> {
  readonly source: Source;
  readonly ownName: string;
}

function sourceOf(payload: unknown, type: FileType): Given {
  if (typeof payload === 'string') return { source: sourceIn(payload, type), ownName: '' };
  if (payload instanceof Uint8Array) return { source: { data: Buffer.from(payload) }, ownName: '' };
  if (!Value.Check(Described, payload)) throw notAFile(type);
  const { buffer, data } = payload as { buffer?: unknown; data?: unknown };
  const { base64, url, path, name: ownName = '', voiceLength } = payload;
  const told = { ownName, ...(voiceLength === undefined ? {} : { voiceLength }) };
  const bytes = [buffer, data].find((given) => given instanceof Uint8Array);
  if (bytes) return { source: { data: Buffer.from(bytes) }, ...told };
  if (base64 !== undefined) return { source: { data: decodedBase64(base64, type) }, ...told };
  if (url !== undefined) return { source: { url }, ...told };
  if (path !== undefined) return { source: { path }, ...told };
  throw notAFile(type);
}

function sourceIn(text: string, type: FileType): Source {
  if (text.trim() === '') throw new WechatError('INVALID_PARAMS', 'emptyContent');
  if (/^data:/i.test(text)) return { data: dataUrl(text, type) };
  if (/^file:/i.test(text)) return { path: pathOf(text, type) };
  // A single letter before the colon is a drive of Windows.
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text) ? { url: text } : { path: text };
}

async function read(
  source: Source,
  explicitName: string,
  { files, progress }: CommandContext,
): Promise<FileContent> {
  if ('data' in source) return { name: '', data: source.data };
  if ('path' in source) return readLocalFile(source.path, files);
  return fetchFile(source.url, files, (percent) => {
    progress?.({ kind: 'fetch', file: explicitName || labelOf(source.url), percent });
  });
}

function labelOf(address: string): string {
  const { pathname, host } = new URL(address);
  return basenameOf(pathname) || host;
}

function pathOf(fileUrl: string, type: FileType): string {
  try {
    return fileURLToPath(fileUrl);
  } catch (error) {
    throw new WechatError('INVALID_PARAMS', 'badContent', { type, problem: errorMessage(error) });
  }
}

function dataUrl(url: string, type: FileType): Buffer {
  const [, parameters, encoded] = /^data:([^,]*),(.*)$/is.exec(url) ?? [];
  if (encoded === undefined || parameters === undefined) throw notAFile(type);
  if (/;\s*base64\s*$/i.test(parameters)) return decodedBase64(encoded, type);
  try {
    return Buffer.from(decodeURIComponent(encoded));
  } catch {
    throw notAFile(type);
  }
}

function decodedBase64(text: string, type: FileType): Buffer {
  // Some programs hand over a whole data URL where the Base64 alone is asked for.
  const bare = text.replace(/^data:[^,]*,/i, '');
  if (!/^[\w+/=\s-]*$/.test(bare)) {
    throw new WechatError('INVALID_PARAMS', 'badContent', { type, problem: 'it is not Base64' });
  }
  return Buffer.from(bare, 'base64');
}

function withExtension(name: string, type: FileType): string {
  const usual = fileTypes[type];
  if (!name) return usual;
  return /\.\w+$/.test(name) || !usual ? name : `${name}${usual.slice(usual.indexOf('.'))}`;
}

function notAFile(type: FileType): WechatError {
  const problem =
    'give a Buffer, a data: or http(s) URL, a path, or an object with buffer, base64, url or path';
  return new WechatError('INVALID_PARAMS', 'badContent', { type, problem });
}
