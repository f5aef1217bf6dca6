/** What a bot tells, as WeHelp's callbacks. */
import type { BotEvent } from '../../bot/events';
import type { ContactView, MessageView, RoomView } from '../../bot/views';
import { type Ask, wechatContent, wechatTypes } from '../wechat/wechat-xml';
import {
  friendNotice,
  friendRequest,
  joinNotice,
  leaveNotice,
  roomInvite,
  topicNotice,
  verifyNotice,
} from '../wechat/wechat-system-messages';
import type { Codes } from './v2-codes';
import { personOf } from './people';
import { callbackTypes, type CallbackData, packet, qrCodeCode } from './wire';

/** What is needed to tell something. */
export interface TellingParts {
  readonly ask: Ask;
  readonly codes: Codes;
  /** The bot's own account. */
  readonly selfId: string;
}

/** The reason Wechaty gives when the bot itself logged out. */
const ownLogout = 'logout()';

/** `msgType`s of what is no message of people (the WeHelp document, section "消息"). */
const types = { friendRequest: '37', link: '49', notice: '10000' };

/** The fields of an event, each as its table says. */
type Fields<Names extends string, Value> = Readonly<Record<Names, Value>>;

/** The callbacks an event leads to; none where WeHelp has none for it. */
export async function tell(event: BotEvent, parts: TellingParts): Promise<CallbackData[]> {
  switch (event.event) {
    case 'login':
      return loggedIn(event.contact as ContactView | null);
    case 'scan':
      return event.qrcode ? [{ code: qrCodeCode, message: event.qrcode }] : [];
    case 'logout':
      return [loggedOut(String(event.reason))];
    case 'message':
      return said(event as unknown as Said, parts);
    case 'friendship':
      return befriended(event as unknown as Befriended, parts);
    case 'room-join':
      return joined(event as unknown as Joined, parts);
    case 'room-leave': {
      const { room, leaverList, remover } = event as unknown as Left;
      return [noticeIn(room, leaveNotice(leaverList, remover, parts.selfId))];
    }
    case 'room-topic': {
      const { room, topic, changer } = event as unknown as Renamed;
      return [noticeIn({ ...room, topic }, topicNotice(topic, changer, parts.selfId))];
    }
    case 'room-invite': {
      const { id, topic, inviter } = event as unknown as Invited;
      return inviter ? [messageFrom(inviter, types.link, roomInvite(id, topic, inviter))] : [];
    }
    default:
      return [];
  }
}

function loggedIn(contact: ContactView | null): CallbackData[] {
  const login: CallbackData = { type: callbackTypes.login, code: 200 };
  return contact ? [login, { type: callbackTypes.self, ...personOf(contact) }] : [login];
}

function loggedOut(reason: string): CallbackData {
  return reason === ownLogout
    ? { type: callbackTypes.logout, cgi: '/cgi-bin/micromsg-bin/logout', ...packet([]) }
    : { type: callbackTypes.phoneLogout, cgi: '/cgi-bin/micromsg-bin/autoauth', ...packet([reason]) };
}

type Said = Fields<'message', MessageView> &
  Fields<'talker', ContactView | null> &
  Fields<'room', RoomView | null>;

/** What the bot itself says is not told: services answer what they are told. */
async function said({ message, talker, room }: Said, { ask }: TellingParts): Promise<CallbackData[]> {
  if (message.self) return [];
  const content = await wechatContent(message, ask);
  const msgType = String(wechatTypes[message.type]);
  const wxid = talker?.id ?? '';
  if (!room) {
    return [{ type: callbackTypes.message, msgType, wxid, nick: talker?.name ?? '', message: content }];
  }
  // Spelt as in the document.
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

type Befriended = Fields<'id' | 'type' | 'hello', string> & Fields<'contact', ContactView | null>;

function befriended({ id, type, hello, contact }: Befriended, { codes }: TellingParts): CallbackData[] {
  if (!contact) return [];
  switch (type) {
    case 'Receive':
      return [messageFrom(contact, types.friendRequest, friendRequest(contact, hello, codes.ofRequest(id)))];
    case 'Confirm':
      return [messageFrom(contact, types.notice, friendNotice(contact))];
    default:
      return [messageFrom(contact, types.notice, verifyNotice(contact))];
  }
}

type Joined = Fields<'room', RoomView> &
  Fields<'inviteeList', readonly ContactView[]> &
  Fields<'inviter', ContactView | null>;

function joined({ room, inviteeList, inviter }: Joined, { selfId }: TellingParts): CallbackData[] {
  const notice = noticeIn(room, joinNotice(inviteeList, inviter, selfId));
  const isNew = inviteeList.some(({ id }) => id === selfId);
  return isNew ? [{ type: callbackTypes.roomCreated, xml: '', chatroom: room.id }, notice] : [notice];
}

type Left = Fields<'room', RoomView> &
  Fields<'leaverList', readonly ContactView[]> &
  Fields<'remover', ContactView | null>;
type Renamed = Fields<'room', RoomView> & Fields<'topic', string> & Fields<'changer', ContactView | null>;
type Invited = Fields<'id' | 'topic', string> & Fields<'inviter', ContactView | null>;

function messageFrom({ id, name }: ContactView, msgType: string, message: string): CallbackData {
  return { type: callbackTypes.message, msgType, wxid: id, nick: name, message };
}

function noticeIn({ id, topic }: RoomView, message: string): CallbackData {
  return {
    type: callbackTypes.message,
    msgType: types.notice,
    wxid: id,
    formWxid: '',
    nick: topic,
    message,
  };
}
