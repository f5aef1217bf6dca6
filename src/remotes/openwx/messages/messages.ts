/**
 * JSON of messages (the Openwx document, section "自定义事件(消息)上报地址"; the fields of each kind and the content of
 * media messages as recorded from a real server).
 */
import type { ContactView, MessageView, RoomView } from '../../../bot/views';
import type { EventOf } from '../../../events/table';
import type { MediaKind } from './media-kinds';
import { type Category, categoryOf, personJson } from '../people/people';

/** A received or sent message. */
export interface MessageJson {
  readonly post_type: 'receive_message' | 'send_message';
  readonly type: 'friend_message' | 'group_message' | 'group_notice';
  readonly class: 'recv' | 'send';
  readonly format: 'text' | 'media' | 'app' | 'revoke' | 'card';
  readonly id: string;
  /** In seconds since 1970. */
  readonly time: number;
  readonly content: string;
  readonly [field: string]: string | number;
}

/** The fields of a `message` event. */
type MessageEvent = Pick<EventOf<'message'>, 'message' | 'talker' | 'listener' | 'room'>;

/** Why the remote sent a message: a client request (`api`) or a reply of `post_api` (`code`). */
export type SendOrigin = 'api' | 'code';

/** The fields of a file. */
export interface MediaFields {
  readonly media_path: string;
  readonly media_name: string;
  readonly media_size: number;
  readonly media_mime: string;
  /** In seconds since 1970. */
  readonly media_mtime: number;
  readonly media_ext: string;
  /** In Base64. */
  readonly media_data?: string;
}

/** What a message contains besides its text. */
export type Attachment =
  | { readonly format: 'text' }
  | { readonly format: 'media'; readonly kind: MediaKind; readonly file?: MediaFields }
  | { readonly format: 'app'; readonly app: AppFields }
  | { readonly format: 'card'; readonly card: ContactView }
  | { readonly format: 'revoke'; readonly revokedId: string };

/** A link or a mini program. */
export interface AppFields {
  readonly app_id: string;
  readonly app_name: string;
  readonly app_title: string;
  readonly app_desc: string;
  readonly app_url: string;
}

/** Maps a `message` event to JSON. @param self the account of the bot. */
export function messageJson(
  event: MessageEvent,
  self: ContactView,
  attachment: Attachment,
  origin: SendOrigin | undefined,
): MessageJson {
  const { message, room } = event;
  const { content, ...fields } = attachmentFields(attachment, message);
  const isNotice = room !== null && message.type === 'GroupNote';
  return {
    post_type: message.self ? 'send_message' : 'receive_message',
    type: isNotice ? 'group_notice' : room ? 'group_message' : 'friend_message',
    class: message.self ? 'send' : 'recv',
    format: attachment.format,
    id: message.id,
    time: Math.floor(message.timestamp / 1000),
    content,
    ...fields,
    ...(room && groupFields(room)),
    ...(message.self ? sentFields(event, self, origin) : receivedFields(event, self, isNotice)),
  };
}

/** The id that `revoke_message` takes: the message's id and the receiver's. */
export function sentId(messageId: string, receiverId: string): string {
  return `${messageId}:${receiverId}`;
}

function receivedFields({ talker, room }: MessageEvent, self: ContactView, isNotice: boolean): Fields {
  return {
    ...receiverFields(self),
    ...(talker && !isNotice ? senderFields(talker) : {}),
    ...(talker && !room ? { sender_category: categoryOf(talker) satisfies Category } : {}),
  };
}

function sentFields(
  { message, listener, room }: MessageEvent,
  self: ContactView,
  origin: SendOrigin | undefined,
): Fields {
  const receiver = room ? { receiver_id: '' } : receiverFields(listener ?? unknownContact);
  const fields = { ...receiver, ...senderFields(self), code: '', msg: '发送成功' };
  if (origin === undefined) return { ...fields, info: '来自其他设备', source: 'outer' };
  return {
    ...fields,
    ...(room ? {} : { group_id: '' }),
    from: origin,
    id: sentId(message.id, room?.id ?? listener?.id ?? ''),
    info: 'success',
    source: 'local',
    ttl: 4,
    uid: message.id,
  };
}

type Fields = Readonly<Record<string, string | number>>;

/** Stands for the account while nobody is logged in. */
export const unknownContact: ContactView = {
  id: '',
  name: '',
  alias: '',
  friend: false,
  type: 'Unknown',
  gender: 'Unknown',
};

function groupFields({ id, topic }: RoomView): Fields {
  return { group: topic, group_id: id, group_name: topic, group_uid: '' };
}

// Two similar functions on purpose: computed field names take five times as long, and these run for every message.

function senderFields({ id, name, alias, handle = '' }: ContactView): Fields {
  return {
    sender: alias || name,
    sender_account: handle,
    sender_id: id,
    sender_markname: alias,
    sender_name: name,
    sender_uid: '',
  };
}

function receiverFields({ id, name, alias, handle = '' }: ContactView): Fields {
  return {
    receiver: alias || name,
    receiver_account: handle,
    receiver_id: id,
    receiver_markname: alias,
    receiver_name: name,
    receiver_uid: '',
  };
}

function attachmentFields(
  attachment: Attachment,
  { id, text }: MessageView,
): Fields & { readonly content: string } {
  switch (attachment.format) {
    case 'text':
      return { content: text };
    case 'media': {
      const { code, type, label } = attachment.kind;
      const media = { media_code: code, media_id: `${id}:${code}`, media_type: type, ...attachment.file };
      return { content: label, ...media };
    }
    case 'app':
      return { content: appText(attachment.app), ...attachment.app };
    case 'card':
      return cardJson(attachment.card);
    case 'revoke':
      return { content: '[撤回消息]', revoke_id: attachment.revokedId };
  }
}

function appText({ app_title, app_desc, app_name, app_url }: AppFields): string {
  const lines = { 标题: app_title, 描述: app_desc, 应用: app_name, 链接: app_url };
  return Object.entries(lines)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `[应用分享]${name}：${value}`)
    .join('\n');
}

function cardJson(contact: ContactView): Fields & { readonly content: string } {
  const { id, name, account, city, province, sex } = personJson(contact);
  const avatar = contact.avatar ?? '';
  const lines = { 昵称: name, 性别: sex, 位置: `${province} ${city}`.trim(), 头像: avatar };
  const content = Object.entries(lines).map(([title, value]) => `[名片]${title}：${value}`);
  return {
    content: content.join('\n'),
    card_account: account,
    card_avatar: avatar,
    card_city: city,
    card_id: id,
    card_name: name,
    card_province: province,
    card_sex: sex,
  };
}
