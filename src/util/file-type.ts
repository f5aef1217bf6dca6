/**
 * Media types and extensions of files, from `mime` (types and extensions) and `magic-bytes.js` (content). Both lack
 * WeChat's voice formats.
 */
import { filetypeinfo } from 'magic-bytes.js';
import { Mime } from 'mime';
import otherTypes from 'mime/types/other.js';
import standardTypes from 'mime/types/standard.js';

/** How WeChat shows a file. */
export type MediaKind = 'image' | 'audio' | 'video' | 'emoticon' | 'file';

/** What is known of a file. */
export interface FileClues {
  /** Its bytes; the first 4 KiB or so are enough. */
  readonly content?: Uint8Array;
  /** The media type from its source, for example from a header. */
  readonly declared?: string | undefined;
  readonly name?: string;
}

/** The media type of a file of which nothing is known. */
export const unknownType = 'application/octet-stream';

const mime = new Mime(standardTypes, otherTypes).define(
  // The first extension of a type is the one new names get; `mime` has `mpga` and `oga` first.
  {
    'audio/silk': ['silk', 'sil'],
    'audio/speex': ['speex'],
    'audio/mpeg': ['mp3'],
    'audio/ogg': ['ogg'],
  },
  true,
);

/** WeChat's voice formats. WeChat writes a byte before the signature of SILK; its Speex has no signature. */
const voiceSignatures: readonly (readonly [signature: RegExp, type: string])[] = [
  [/^#!AMR/, 'audio/amr'],
  [/^.?#!SILK/, 'audio/silk'],
];

/** Types on which others are built, `.docx` and `.geojson` for example: a name tells more than the content. */
const containerTypes = new Set([
  'application/zip',
  'application/gzip',
  'application/json',
  'application/xml',
]);

/**
 * The media type of a file: by its content, else as declared, else by its name. The latter two also choose between
 * formats with the same magic bytes.
 * @returns `application/octet-stream` when it is unknown.
 */
export function mediaTypeOf({ content, declared, name = '' }: FileClues): string {
  const hint = normalizeType(declared) ?? mime.getType(extensionOf(name)) ?? unknownType;
  const [found, ...others] = content ? detectTypes(content) : [];
  if (content === undefined || found === undefined || hint === unknownType) return found ?? hint;
  // Text has no magic bytes, so that it may begin with those of another type, as `BM` of a bitmap.
  const isText = hint.startsWith('text/') && !content.subarray(0, 512).includes(0);
  // `audio/mp4` and `video/mp4` are one format.
  const isSameFormat = hint.split('/')[1] === found.split('/')[1];
  return isText || isSameFormat || others.includes(hint) || containerTypes.has(found) ? hint : found;
}

/** The usual extension of files of a media type, without a dot; `bin` when the type is unknown. */
export function extensionFor(mediaType: string): string {
  return mime.getExtension(mediaType) ?? 'bin';
}

/** The extension of a file name in lower case, without a dot; empty when there is none. */
export function extensionOf(name: string): string {
  return /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/**
 * How WeChat shows files of a media type. A GIF is an emoticon. Formats of one program (`image/vnd.dwg`) and XML
 * (`image/svg+xml`) are files, and so is `video/mp2t`: its extension `.ts` is rather TypeScript's.
 */
export function mediaKindOf(mediaType: string): MediaKind {
  if (mediaType === 'image/gif') return 'emoticon';
  const [, family] = /^(image|audio|video)\/(?!vnd\.|mp2t$)[\w.-]+$/.exec(mediaType) ?? [];
  return (family as 'image' | 'audio' | 'video' | undefined) ?? 'file';
}

/** A declared type without parameters; undefined when it tells nothing. */
function normalizeType(declared = ''): string | undefined {
  const type = declared.replace(/;.*$/s, '').trim().toLowerCase();
  return type === '' || type === unknownType ? undefined : type;
}

/** The types whose magic bytes a content has, the most likely one first. */
function detectTypes(content: Uint8Array): string[] {
  const start = Buffer.from(content.subarray(0, 16)).toString('latin1');
  const voice = voiceSignatures.find(([signature]) => signature.test(start));
  if (voice) return [voice[1]];
  // The libraries name some types differently, as `audio/x-wav` and `audio/wav`, but have the same extensions.
  return filetypeinfo(content).flatMap(
    ({ extension, mime: type }) => mime.getType(extension ?? '') ?? type ?? [],
  );
}
