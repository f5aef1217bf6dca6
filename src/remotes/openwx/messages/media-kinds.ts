/** Media kinds of this protocol, with WeChat's numbers. */
import type { MessageTypeName } from '../../../bot/views';

/** A media kind. */
export interface MediaKind {
  /** WeChat's number. */
  readonly code: number;
  /** `media_type` of this protocol. */
  readonly type: 'image' | 'video' | 'voice' | 'emoticon' | 'file';
  /** The `content` of such a message. */
  readonly label: string;
  /** `messageType` of the commands. */
  readonly messageType: 'Image' | 'Video' | 'Audio' | 'Emoticon' | 'Attachment';
}

const image: MediaKind = { code: 3, type: 'image', label: '[图片]', messageType: 'Image' };
const voice: MediaKind = { code: 34, type: 'voice', label: '[语音]', messageType: 'Audio' };
const video: MediaKind = { code: 43, type: 'video', label: '[视频]', messageType: 'Video' };
const emoticon: MediaKind = { code: 47, type: 'emoticon', label: '[表情]', messageType: 'Emoticon' };
const file: MediaKind = { code: 6, type: 'file', label: '[文件]', messageType: 'Attachment' };

const kindByMessageType: Readonly<Partial<Record<MessageTypeName, MediaKind>>> = {
  Image: image,
  Audio: voice,
  Video: video,
  Emoticon: emoticon,
  Attachment: file,
};

/** The media kind of a message type; undefined when it has no media. */
export function kindOfMessage(type: MessageTypeName): MediaKind | undefined {
  return kindByMessageType[type];
}

const kindByExtension: Readonly<Record<string, MediaKind>> = {
  jpg: image,
  jpeg: image,
  png: image,
  bmp: image,
  webp: image,
  gif: emoticon,
  mp4: video,
  mp3: voice,
  amr: voice,
  silk: voice,
  sil: voice,
};

/** The media kind of a file by its extension; `file` by default. */
export function kindOfFile(name: string): MediaKind {
  return kindByExtension[extensionOf(name)] ?? file;
}

/** The extension of a file name in lower case; empty when there is none. */
export function extensionOf(name: string): string {
  return /\.(\w{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** Magic bytes, as Latin-1, and the extension of such files. */
const signatures: readonly (readonly [RegExp, string])[] = [
  [/^\xff\xd8\xff/, 'jpg'],
  [/^\x89PNG\r\n/, 'png'],
  [/^GIF8/, 'gif'],
  [/^BM/, 'bmp'],
  [/^RIFF[^]{4}WEBP/, 'webp'],
  [/^[^]{4}ftyp/, 'mp4'],
  [/^(ID3|\xff[\xfb\xf3\xf2])/, 'mp3'],
  [/^#!AMR/, 'amr'],
  [/^.?#!SILK/, 'silk'],
  [/^%PDF/, 'pdf'],
  [/^PK/, 'zip'],
];

/** A file name by magic bytes, for data without a name: WeChat relies on the extension. */
export function guessName(data: Buffer): string {
  const start = data.subarray(0, 16).toString('latin1');
  const extension = signatures.find(([signature]) => signature.test(start))?.[1] ?? 'bin';
  return `media.${extension}`;
}
