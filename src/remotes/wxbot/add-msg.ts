/**
 * Encodes `AddMsg`, the only event of the protocol: a message was received or sent. The document does not specify its
 * fields; they follow the conventions of programs for WeChat's own protocol.
 */
import type { ContactView, MessageView } from '../../bot/views';
import type { RunCommand } from '../../commands/table';
import type { EventOf } from '../../events/table';
import { wechatContent, wechatSource, wechatTypes } from '../wechat/wechat-xml';
import { messageIds, encodeWithIds } from './message-ids';

/** The fields of a `message` event. */
export type MessageEvent = Pick<EventOf<'message'>, 'message' | 'talker' | 'room' | 'listener'>;

/** The account of the bot. */
export interface UserInfo {
  readonly wxid: string;
  readonly nickname: string;
}

/**
 * The content of a message in WeChat's own format; in rooms it starts with the id of the sender.
 * @returns synchronously when no command is needed.
 */
export function messageContent(
  { message, talker, room }: MessageEvent,
  query: RunCommand,
): string | Promise<string> {
  const { self, type, text } = message;
  const isRecall = type === 'Recalled' && text !== '';
  const content = wechatContent(
    isRecall ? { ...message, text: messageIds(text).NewMsgId } : message,
    query,
    talker,
  );
  if (!room || self || !talker || isSystemMessage(type)) return content;
  const withTalker = (text: string): string => `${talker.id}:\n${text}`;
  return typeof content === 'string' ? withTalker(content) : content.then(withTalker);
}

/** Encodes the event as JSON. @param seq a number that increases with every message. */
export function encodeAddMsg(event: MessageEvent, content: string, userInfo: UserInfo, seq: number): string {
  const { message, talker, room } = event;
  const { from, to } = parties(event, userInfo.wxid);
  const isImage = message.type === 'Image';
  const body = encodeWithIds(messageIds(message.id), {
    FromUserName: { string: from },
    ToUserName: { string: to },
    MsgType: wechatTypes[message.type],
    Content: { string: content },
    Status: 3,
    ImgStatus: isImage ? 2 : 1,
    ImgBuf: { iLen: 0 },
    CreateTime: Math.floor(message.timestamp / 1000),
    MsgSource: wechatSource(message, room?.memberCount),
    PushContent: pushPreview(message, talker),
    MsgSeq: seq,
  });
  return `{"userInfo":${JSON.stringify(userInfo)},"eventType":"AddMsg","event":${body}}`;
}

/** Sender and receiver. In a room, members send to the room and the room sends to the account. */
function parties(
  { message, talker, room, listener }: MessageEvent,
  wxid: string,
): { from: string; to: string } {
  if (room) return message.self ? { from: wxid, to: room.id } : { from: room.id, to: wxid };
  return { from: talker?.id ?? '', to: listener?.id ?? '' };
}

/** The text of a push notification. */
function pushPreview({ self, type, text }: MessageView, talker: ContactView | null): string {
  return self || type !== 'Text' || !talker ? '' : `${talker.alias || talker.name} : ${text}`;
}

/** Whether a message comes from WeChat and not from a member of the room. */
function isSystemMessage(type: MessageView['type']): boolean {
  return type === 'GroupNote' || type === 'Recalled';
}
