/** Loads a file parameter, in any of its forms, into bytes and a name. */
import { fileURLToPath } from 'node:url';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { errorMessage, WechatError } from '../../bot/errors';
import type { CommandContext } from '../command';
import { downloadFile } from './download';
import { extensionFor, extensionOf, mediaKindOf, mediaTypeOf, unknownType } from '../../util/file-type';
import { basenameOf, fileTooLargeError } from './file-name';
import { readLocalFile } from './local-file';

/** The file types and their default file names. WeChat recognises a file by the extension of its name. */
export const defaultFileNames = {
  Image: 'image.jpg',
  Video: 'video.mp4',
  Audio: 'audio.mp3',
  Emoticon: 'emoticon.gif',
  Attachment: '',
} as const;
/** A content type whose content is a file. */
export type FileType = keyof typeof defaultFileNames;

/** A loaded file. */
export interface FileContent {
  readonly name: string;
  readonly data: Buffer;
  /** The length of a voice message in ms, if known. */
  readonly voiceLength?: number;
}

/**
 * A file by its source, with an optional name. Bytes are in `buffer` or in `data`, so that the result of
 * `messageFile` can be sent unchanged.
 */
const FileDescriptor = Type.Object({
  name: Type.Optional(Type.String()),
  base64: Type.Optional(Type.String()),
  url: Type.Optional(Type.String()),
  path: Type.Optional(Type.String()),
  voiceLength: Type.Optional(Type.Number({ minimum: 0 })),
});

/** The source of the bytes. */
type Source =
  | { readonly data: Buffer; readonly declared?: string }
  | { readonly url: string }
  | { readonly path: string };

/**
 * Loads a file from a Buffer, a data: or http(s) URL, a local path, or an object that contains one of these.
 * @param filename overrides every other name.
 * @throws WechatError INVALID_PARAMS, and what `readLocalFile` and `fetchFile` throw.
 */
export async function loadFile(
  payload: unknown,
  type: FileType,
  filename: string | undefined,
  context: CommandContext,
): Promise<FileContent> {
  const { source, ownName: declaredName, voiceLength } = sourceOf(payload, type);
  const explicitName = basenameOf(filename ?? '') || basenameOf(declaredName);
  const { name: sourceName, data, declared } = await readSource(source, explicitName, context);
  const { maxBytes } = context.files;
  if (data.length > maxBytes) throw fileTooLargeError(explicitName || sourceName || type, maxBytes);
  if (data.length === 0) throw new WechatError('INVALID_PARAMS', 'emptyContent');
  const servedName = 'url' in source ? withoutWrongExtension(sourceName, data, declared) : sourceName;
  const isChosen = 'path' in source && type === 'Attachment';
  const name = explicitName || (isChosen ? sourceName : addExtension(servedName, type, data, declared));
  if (!name) throw new WechatError('INVALID_PARAMS', 'fileNameMissing');
  return { name, data, ...(voiceLength === undefined ? {} : { voiceLength }) };
}

/** A file parameter, parsed. */
interface FileInput extends Pick<FileContent, 'voiceLength'> {
  readonly source: Source;
  readonly ownName: string;
}

function sourceOf(payload: unknown, type: FileType): FileInput {
  if (typeof payload === 'string') return { source: parseSource(payload, type), ownName: '' };
  if (payload instanceof Uint8Array) return { source: { data: Buffer.from(payload) }, ownName: '' };
  if (!Value.Check(FileDescriptor, payload)) throw notAFileError(type);
  const { buffer, data } = payload as { buffer?: unknown; data?: unknown };
  const { base64, url, path, name: ownName = '', voiceLength } = payload;
  const details = { ownName, ...(voiceLength === undefined ? {} : { voiceLength }) };
  const bytes = [buffer, data].find((value) => value instanceof Uint8Array);
  if (bytes) return { source: { data: Buffer.from(bytes) }, ...details };
  if (base64 !== undefined) return { source: { data: decodeBase64(base64, type) }, ...details };
  if (url !== undefined) return { source: { url }, ...details };
  if (path !== undefined) return { source: { path }, ...details };
  throw notAFileError(type);
}

function parseSource(text: string, type: FileType): Source {
  if (text.trim() === '') throw new WechatError('INVALID_PARAMS', 'emptyContent');
  if (/^data:/i.test(text)) return decodeDataUrl(text, type);
  if (/^file:/i.test(text)) return { path: parseFileUrl(text, type) };
  // A single letter before the colon is a Windows drive.
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text) ? { url: text } : { path: text };
}

async function readSource(
  source: Source,
  explicitName: string,
  { files, progress }: CommandContext,
): Promise<FileContent & { readonly declared?: string }> {
  if ('data' in source) return { name: '', ...source };
  if ('path' in source) return readLocalFile(source.path, files);
  return downloadFile(source.url, files, (percent) => {
    progress?.({ kind: 'fetch', file: explicitName || labelOf(source.url), percent });
  });
}

function labelOf(address: string): string {
  const { pathname, host } = new URL(address);
  return basenameOf(pathname) || host;
}

function parseFileUrl(fileUrl: string, type: FileType): string {
  try {
    return fileURLToPath(fileUrl);
  } catch (error) {
    throw new WechatError('INVALID_PARAMS', 'badContent', { type, problem: errorMessage(error) });
  }
}

function decodeDataUrl(url: string, type: FileType): Source {
  const [, parameters, encoded] = /^data:([^,]*),(.*)$/is.exec(url) ?? [];
  if (encoded === undefined || parameters === undefined) throw notAFileError(type);
  const declared = parameters;
  if (/;\s*base64\s*$/i.test(parameters)) return { data: decodeBase64(encoded, type), declared };
  try {
    return { data: Buffer.from(decodeURIComponent(encoded)), declared };
  } catch {
    throw notAFileError(type);
  }
}

function decodeBase64(text: string, type: FileType): Buffer {
  // Some clients pass a data URL where plain Base64 is expected.
  const base64 = text.replace(/^data:[^,]*,/i, '');
  if (!/^[\w+/=\s-]*$/.test(base64)) {
    throw new WechatError('INVALID_PARAMS', 'badContent', { type, problem: 'it is not Base64' });
  }
  return Buffer.from(base64, 'base64');
}

/** Extensions of programs that serve files: part of an address, not of a file's name. */
const programExtension = /\.(php\d?|aspx?|ashx|jspx?|cgi|do|action)$/i;

/** A name from an address without an extension that contradicts the kind of the content, as `/random.php` of an image. */
function withoutWrongExtension(name: string, content: Buffer, declared = ''): string {
  const actual = mediaTypeOf({ content, declared });
  const isOther = mediaKindOf(mediaTypeOf({ content, name })) !== mediaKindOf(mediaTypeOf({ name }));
  const isMedia = mediaKindOf(actual) !== 'file';
  const isWrong = programExtension.test(name)
    ? actual !== unknownType && !actual.startsWith('text/')
    : isMedia && isOther && mediaTypeOf({ name }) !== unknownType;
  return isWrong ? name.replace(/\.\w+$/, '') : name;
}

/** Completes a name from which WeChat would not recognise the type: by content, declared type or else content type. */
function addExtension(name: string, type: FileType, content: Buffer, declared = ''): string {
  if (mediaTypeOf({ name }) !== unknownType) return name;
  const found = mediaTypeOf({ content, declared });
  const defaultName = defaultFileNames[type];
  if (!defaultName) return found === unknownType ? name : `${name || 'file'}.${extensionFor(found)}`;
  const kind = mediaKindOf(found);
  // A GIF is an image as well.
  const isOfType =
    kind === mediaKindOf(mediaTypeOf({ name: defaultName })) || (type === 'Image' && kind === 'emoticon');
  const extension = isOfType ? extensionFor(found) : extensionOf(defaultName);
  return `${name || type.toLowerCase()}.${extension}`;
}

function notAFileError(type: FileType): WechatError {
  const problem =
    'give a Buffer, a data: or http(s) URL, a path, or an object with buffer, base64, url or path';
  return new WechatError('INVALID_PARAMS', 'badContent', { type, problem });
}
