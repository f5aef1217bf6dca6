/** From iLink's messages to stored ones. */
import { createHash } from 'node:crypto';
import { idOf, numberOf, objectOf, objectsOf, textOf } from './client/fields';
import { itemType, type Media, type WireObject } from './client/wire-types';
import { isHexKey, parseKey } from './media/aes';
import { safeFileName } from './media/file-name';
import type { MessageKind, Quote, StoredMessage } from './bindings/records';

/** A received message with what tells repeats from new ones. */
export interface IncomingMessage {
  readonly message: StoredMessage;
  readonly contextToken: string;
  /** Of what was said, without ids. */
  readonly contentHash: string;
  readonly clientId: string;
  /** When it was written, in ms since 1970. */
  readonly writtenAt: number;
}

const kinds: Readonly<Record<number, MessageKind>> = {
  [itemType.text]: 'text',
  [itemType.image]: 'image',
  [itemType.voice]: 'voice',
  [itemType.file]: 'file',
  [itemType.video]: 'video',
};

/** The fields of items that hold the content of each kind. */
const contentFields = {
  text: 'text_item',
  image: 'image_item',
  voice: 'voice_item',
  file: 'file_item',
  video: 'video_item',
};

const defaultExtensions = { image: 'jpg', voice: 'silk', file: 'bin', video: 'mp4' };

/**
 * Reads a received message. An entry of several items becomes a message each.
 * @param receivedAt used when the message has no time
 * @returns nothing for messages of the bot itself, and for those without a sender
 */
export function readIncoming(wire: WireObject, receivedAt: number): IncomingMessage[] {
  const userId = textOf(wire.from_user_id);
  if (userId === '' || numberOf(wire.message_type) === 2) return [];
  const items = objectsOf(wire.item_list);
  const clientId = idOf(wire.client_id);
  const id = idOf(wire.message_id) || clientId || hashOf([userId, wire.create_time_ms, items]);
  const writtenAt = numberOf(wire.create_time_ms) ?? receivedAt;
  return items.map((item, index) => {
    const own = { id: index === 0 ? id : `${id}.${index}`, userId, timestamp: writtenAt };
    const content = readItem(item, own.id);
    return {
      message: { ...own, isOwn: false, ...content },
      contextToken: textOf(wire.context_token),
      contentHash: hashOf([userId, index, withoutIds(item)]),
      clientId,
      writtenAt,
    };
  });
}

type Content = Pick<StoredMessage, 'kind' | 'text' | 'fileName' | 'media' | 'quote'>;

function readItem(item: WireObject, id: string): Content {
  const kind = kinds[numberOf(item.type) ?? 0] ?? 'other';
  const quote = readQuote(objectOf(item.ref_msg));
  const quoted = quote ? { quote } : {};
  if (kind === 'other') return { kind, text: '', ...quoted };
  const content = objectOf(item[contentFields[kind]]);
  const text = textOf(content.text);
  if (kind === 'text') return { kind, text, ...quoted };
  const media = readMedia(content);
  const fallback = `${id}.${defaultExtensions[kind]}`.replace(/[^\w.-]/g, '_');
  const fileName = kind === 'file' ? safeFileName(textOf(content.file_name), fallback) : fallback;
  return { kind, text, fileName, ...(media ? { media } : {}), ...quoted };
}

function readMedia(content: WireObject): Media | undefined {
  const media = objectOf(content.media);
  const [param, fullUrl] = [textOf(media.encrypt_query_param), textOf(media.full_url)];
  if (param === '' && fullUrl === '') return undefined;
  const hex = textOf(content.aeskey);
  return { param, fullUrl, key: isHexKey(hex) ? hex : parseKey(textOf(media.aes_key)) };
}

/** A quote; newer clients may give only the id of the message. */
function readQuote(ref: WireObject): Quote | undefined {
  const item = objectOf(ref.message_item);
  const id = idOf(ref.svr_id) || idOf(item.msg_id);
  const text =
    textOf(objectOf(item.text_item).text) || textOf(objectOf(item.voice_item).text) || textOf(ref.title);
  return id === '' && text === '' ? undefined : { id, text, talkerId: '' };
}

/** An item without what differs between two deliveries of one message. */
function withoutIds({ msg_id, create_time_ms, update_time_ms, ...content }: WireObject): WireObject {
  return content;
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}
