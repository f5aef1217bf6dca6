/**
 * The only event of the protocol: a message was received or sent. The document leaves open what is in it; it is what
 * programs around WeChat's own protocol agree on, with its names and numbers.
 */
import type { ContactView, MessageView, RoomView } from '../../bot/views';
import { type Ask, wechatContent, wechatSource, wechatTypes } from '../wechat/wechat-xml';
import { messageIds, writeWithIds } from './message-ids';

/** A message as the bot tells it. */
export interface ToldMessage {
  readonly message: MessageView;
  readonly talker: ContactView | null;
  readonly room: RoomView | null;
  readonly listener: ContactView | null;
}

/** Whose message it is: the account of a bot. */
export interface UserInfo {
  readonly wxid: string;
  readonly nickname: string;
}

/**
 * The content of a message as the protocol has it: WeChat's own, in rooms with who said it in front.
 * @returns at once where nothing needs to be asked for.
 */
export function contentOf({ message, talker, room }: ToldMessage, ask: Ask): string | Promise<string> {
  const { self, type, text } = message;
  const isRecall = type === 'Recalled' && text !== '';
  const content = wechatContent(isRecall ? { ...message, text: messageIds(text).NewMsgId } : message, ask);
  if (!room || self || !talker || isNotice(type)) return content;
  const withTalker = (told: string): string => `${talker.id}:\n${told}`;
  return typeof content === 'string' ? withTalker(content) : content.then(withTalker);
}

/** Writes the event. @param seq counts up from message to message. */
export function writeAddMsg(told: ToldMessage, content: string, userInfo: UserInfo, seq: number): string {
  const { message, talker, room } = told;
  const { from, to } = parties(told, userInfo.wxid);
  const isImage = message.type === 'Image';
  const event = writeWithIds(messageIds(message.id), {
    FromUserName: { string: from },
    ToUserName: { string: to },
    MsgType: wechatTypes[message.type],
    Content: { string: content },
    Status: 3,
    ImgStatus: isImage ? 2 : 1,
    ImgBuf: { iLen: 0 },
    CreateTime: Math.floor(message.timestamp / 1000),
    MsgSource: wechatSource(message, room?.memberCount),
    PushContent: pushed(message, talker),
    MsgSeq: seq,
  });
  return `{"userInfo":${JSON.stringify(userInfo)},"eventType":"AddMsg","event":${event}}`;
}

/** In a room everybody talks to the room, and the room to the account. */
function parties(
  { message, talker, room, listener }: ToldMessage,
  wxid: string,
): { from: string; to: string } {
  if (room) return message.self ? { from: wxid, to: room.id } : { from: room.id, to: wxid };
  return { from: talker?.id ?? '', to: listener?.id ?? '' };
}

/** What the lock screen of a phone would show. */
function pushed({ self, type, text }: MessageView, talker: ContactView | null): string {
  return self || type !== 'Text' || !talker ? '' : `${talker.alias || talker.name} : ${text}`;
}

/** Notices come from WeChat and not from a member of the room. */
function isNotice(type: MessageView['type']): boolean {
  return type === 'GroupNote' || type === 'Recalled';
}
