/** Media kinds of this protocol, with WeChat's numbers. */
import type { MessageTypeName } from '../../../bot/views';
import { extensionFor, mediaKindOf, mediaTypeOf, type MediaKind as FileKind } from '../../../util/file-type';

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

const kinds: Readonly<Record<FileKind, MediaKind>> = { image, audio: voice, video, emoticon, file };

/** The media kind of a file by its content and name; `file` by default. */
export function kindOfFile(name: string, content: Buffer): MediaKind {
  return kinds[mediaKindOf(mediaTypeOf({ content, name }))];
}

/** A file name by magic bytes, for data without a name: WeChat relies on the extension. */
export function guessName(content: Buffer): string {
  return `media.${extensionFor(mediaTypeOf({ content }))}`;
}
