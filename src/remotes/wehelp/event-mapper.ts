/** Maps bot events to WeHelp callbacks. */
import type { BotEvent } from '../../bot/events';
import type { ContactView, MessageView, RoomView } from '../../bot/views';
import { type RunCommand, wechatContent, wechatTypes } from '../wechat/wechat-xml';
import {
  friendNotice,
  friendRequestXml,
  joinNotice,
  leaveNotice,
  roomInviteXml,
  topicNotice,
  verifyNotice,
} from '../wechat/wechat-system-messages';
import type { V2Codes } from './v2-codes';
import { personOf } from './people';
import { callbackTypes, type CallbackData, packet, qrCodeCode } from './wire';

/** Services the mapper uses. */
export interface MapperContext {
  readonly runCommand: RunCommand;
  readonly v2Codes: V2Codes;
  /** The bot's own account. */
  readonly selfId: string;
}

/** Wechaty's reason for a logout by the bot itself. */
const ownLogout = 'logout()';

/** `msgType`s of system messages (the WeHelp document, section "消息"). */
const msgTypes = { friendRequest: '37', link: '49', notice: '10000' };

/** The fields of an event, each as its table says. */
type Fields<Names extends string, Value> = Readonly<Record<Names, Value>>;

/** The callbacks for an event; none if WeHelp has none for it. */
export async function mapEvent(event: BotEvent, context: MapperContext): Promise<CallbackData[]> {
  switch (event.event) {
    case 'login':
      return mapLogin(event.contact as ContactView | null);
    case 'scan':
      return event.qrcode ? [{ code: qrCodeCode, message: event.qrcode }] : [];
    case 'logout':
      return [mapLogout(String(event.reason))];
    case 'message':
      return mapMessage(event as unknown as MessageEvent, context);
    case 'friendship':
      return mapFriendship(event as unknown as FriendshipEvent, context);
    case 'room-join':
      return mapRoomJoin(event as unknown as RoomJoinEvent, context);
    case 'room-leave': {
      const { room, leaverList, remover } = event as unknown as RoomLeaveEvent;
      return [roomNotice(room, leaveNotice(leaverList, remover, context.selfId))];
    }
    case 'room-topic': {
      const { room, topic, changer } = event as unknown as RoomTopicEvent;
      return [roomNotice({ ...room, topic }, topicNotice(topic, changer, context.selfId))];
    }
    case 'room-invite': {
      const { id, topic, inviter } = event as unknown as RoomInviteEvent;
      return inviter ? [messageFrom(inviter, msgTypes.link, roomInviteXml(id, topic, inviter))] : [];
    }
    default:
      return [];
  }
}

function mapLogin(contact: ContactView | null): CallbackData[] {
  const login: CallbackData = { type: callbackTypes.login, code: 200 };
  return contact ? [login, { type: callbackTypes.self, ...personOf(contact) }] : [login];
}

function mapLogout(reason: string): CallbackData {
  return reason === ownLogout
    ? { type: callbackTypes.logout, cgi: '/cgi-bin/micromsg-bin/logout', ...packet([]) }
    : { type: callbackTypes.phoneLogout, cgi: '/cgi-bin/micromsg-bin/autoauth', ...packet([reason]) };
}

type MessageEvent = Fields<'message', MessageView> &
  Fields<'talker', ContactView | null> &
  Fields<'room', RoomView | null>;

/** Echo prevention: the bot's own messages are not posted, because services reply to what is posted. */
async function mapMessage(
  { message, talker, room }: MessageEvent,
  { runCommand }: MapperContext,
): Promise<CallbackData[]> {
  if (message.self) return [];
  const content = await wechatContent(message, runCommand);
  const msgType = String(wechatTypes[message.type]);
  const wxid = talker?.id ?? '';
  if (!room) {
    return [{ type: callbackTypes.message, msgType, wxid, nick: talker?.name ?? '', message: content }];
  }
  // The document's spelling.
  const speaker = { formWxid: wxid };
  return [
    {
      type: callbackTypes.message,
      msgType,
      wxid: room.id,
      ...speaker,
      nick: room.topic,
      message: content,
    },
  ];
}

type FriendshipEvent = Fields<'id' | 'type' | 'hello', string> & Fields<'contact', ContactView | null>;

function mapFriendship(
  { id, type, hello, contact }: FriendshipEvent,
  { v2Codes }: MapperContext,
): CallbackData[] {
  if (!contact) return [];
  switch (type) {
    case 'Receive':
      return [
        messageFrom(
          contact,
          msgTypes.friendRequest,
          friendRequestXml(contact, hello, v2Codes.encodeFriendship(id)),
        ),
      ];
    case 'Confirm':
      return [messageFrom(contact, msgTypes.notice, friendNotice(contact))];
    default:
      return [messageFrom(contact, msgTypes.notice, verifyNotice(contact))];
  }
}

type RoomJoinEvent = Fields<'room', RoomView> &
  Fields<'inviteeList', readonly ContactView[]> &
  Fields<'inviter', ContactView | null>;

function mapRoomJoin(
  { room, inviteeList, inviter }: RoomJoinEvent,
  { selfId }: MapperContext,
): CallbackData[] {
  const notice = roomNotice(room, joinNotice(inviteeList, inviter, selfId));
  const isBotInvited = inviteeList.some(({ id }) => id === selfId);
  return isBotInvited ? [{ type: callbackTypes.roomCreated, xml: '', chatroom: room.id }, notice] : [notice];
}

type RoomLeaveEvent = Fields<'room', RoomView> &
  Fields<'leaverList', readonly ContactView[]> &
  Fields<'remover', ContactView | null>;
type RoomTopicEvent = Fields<'room', RoomView> &
  Fields<'topic', string> &
  Fields<'changer', ContactView | null>;
type RoomInviteEvent = Fields<'id' | 'topic', string> & Fields<'inviter', ContactView | null>;

function messageFrom({ id, name }: ContactView, msgType: string, message: string): CallbackData {
  return { type: callbackTypes.message, msgType, wxid: id, nick: name, message };
}

function roomNotice({ id, topic }: RoomView, message: string): CallbackData {
  return {
    type: callbackTypes.message,
    msgType: msgTypes.notice,
    wxid: id,
    formWxid: '',
    nick: topic,
    message,
  };
}
