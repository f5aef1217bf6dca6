/** The kinds of media this protocol knows, by the numbers WeChat gives them. */
import type { MessageTypeName } from '../../../bot/views';

/** A kind of media. */
export interface MediaKind {
  /** WeChat's number. */
  readonly code: number;
  /** This protocol's word. */
  readonly type: 'image' | 'video' | 'voice' | 'emoticon' | 'file';
  /** What stands in a message's content. */
  readonly label: string;
  /** What the commands call it. */
  readonly messageType: 'Image' | 'Video' | 'Audio' | 'Emoticon' | 'Attachment';
}

const image: MediaKind = { code: 3, type: 'image', label: '[图片]', messageType: 'Image' };
const voice: MediaKind = { code: 34, type: 'voice', label: '[语音]', messageType: 'Audio' };
const video: MediaKind = { code: 43, type: 'video', label: '[视频]', messageType: 'Video' };
const emoticon: MediaKind = { code: 47, type: 'emoticon', label: '[表情]', messageType: 'Emoticon' };
const file: MediaKind = { code: 6, type: 'file', label: '[文件]', messageType: 'Attachment' };

const ofMessages: Readonly<Partial<Record<MessageTypeName, MediaKind>>> = {
  Image: image,
  Audio: voice,
  Video: video,
  Emoticon: emoticon,
  Attachment: file,
};

/** The kind of media a message of a type carries, if it carries any. */
export function kindOfMessage(type: MessageTypeName): MediaKind | undefined {
  return ofMessages[type];
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

/** The kind of a file by its name; anything unknown is sent as a file. */
export function kindOfFile(name: string): MediaKind {
  return kindByExtension[extensionOf(name)] ?? file;
}

/** What comes after the last dot of a name, in small letters; empty where there is none. */
export function extensionOf(name: string): string {
  return /\.(\w{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** First bytes of files, in Latin-1, and the extension that belongs to them. */
const beginnings: readonly (readonly [RegExp, string])[] = [
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

/** A name for bytes that came without one: WeChat goes by the extension. */
export function nameFor(data: Buffer): string {
  const start = data.subarray(0, 16).toString('latin1');
  const extension = beginnings.find(([beginning]) => beginning.test(start))?.[1] ?? 'bin';
  return `media.${extension}`;
}
