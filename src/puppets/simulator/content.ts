import { type payloads, types } from 'wechaty-puppet';
import type { MediaKind } from '../../util/file-type';

/** A file in a message. */
export interface FileContent {
  readonly kind: MediaKind;
  readonly name: string;
  readonly data: Buffer;
}

/** The content of a message. */
export type Content =
  | { readonly kind: 'text'; readonly text: string }
  | FileContent
  | { readonly kind: 'url'; readonly url: payloads.UrlLink }
  | { readonly kind: 'mini-program'; readonly miniProgram: payloads.MiniProgram }
  | { readonly kind: 'location'; readonly location: payloads.Location }
  | { readonly kind: 'card'; readonly contactId: string }
  | { readonly kind: 'post'; readonly title: string }
  | { readonly kind: 'recall'; readonly messageId: string };

/** Content that can be sent directly; posts and recalls have methods of their own. */
export type SayableContent = Exclude<Content, { kind: 'post' | 'recall' }>;

const { Message } = types;

const messageTypes: Record<Content['kind'], types.Message> = {
  text: Message.Text,
  image: Message.Image,
  video: Message.Video,
  audio: Message.Audio,
  emoticon: Message.Emoticon,
  file: Message.Attachment,
  url: Message.Url,
  'mini-program': Message.MiniProgram,
  location: Message.Location,
  card: Message.Contact,
  post: Message.Post,
  recall: Message.Recalled,
};

/** Wechaty's message type for a content. */
export function messageTypeOf(content: Content): types.Message {
  return messageTypes[content.kind];
}

/** Whether a content is a file of any kind. */
export function isFile(content: Content): content is FileContent {
  return 'data' in content;
}

/** The text in the message payload: for a recall, the id of the recalled message, as Wechaty expects it. */
export function textOf(content: Content): string {
  switch (content.kind) {
    case 'text':
      return content.text;
    case 'url':
      return content.url.title;
    case 'mini-program':
      return content.miniProgram.title ?? '';
    case 'location':
      return content.location.name;
    case 'card':
      return content.contactId;
    case 'post':
      return content.title;
    case 'recall':
      return content.messageId;
    default:
      return content.name;
  }
}
