/** Maps bot events to WeHelp callbacks. */
import type { ContactView, RoomView } from '../../bot/views';
import type { RunCommand } from '../../commands/table';
import type { EventOf, TypedEvent } from '../../events/table';
import { wechatContent, wechatTypes } from '../wechat/wechat-xml';
import {
  friendNotice,
  friendRequestXml,
  roomInviteXml,
  roomNotice,
  verifyNotice,
} from '../wechat/wechat-system-messages';
import type { V2Codes } from './v2-codes';
import { personOf } from './people';
import { callbackTypes, type CallbackData, packet, qrCodeCode } from './wire';

/** Services the mapper uses. */
export interface MapperContext {
  /** Loads message payloads. */
  readonly query: RunCommand;
  readonly v2Codes: V2Codes;
  /** The bot's own account. */
  readonly selfId: string;
}

/** Wechaty's reason for a logout by the bot itself. */
const ownLogout = 'logout()';

/** `msgType`s of system messages (the WeHelp document, section "消息"). */
const msgTypes = { friendRequest: '37', link: '49', notice: '10000' };

/** The callbacks for an event about the login; undefined for any other event. */
export function mapLoginEvent(event: TypedEvent): CallbackData[] | undefined {
  switch (event.event) {
    case 'login':
      return loginCallbacks(event.contact);
    case 'scan':
      return event.qrcode ? [{ code: qrCodeCode, message: event.qrcode }] : [];
    case 'logout':
      return [mapLogout(event.reason)];
    default:
      return undefined;
  }
}

/** The callbacks that tell who is logged in. */
export function loginCallbacks(self: ContactView): CallbackData[] {
  return [
    { type: callbackTypes.login, code: 200 },
    { type: callbackTypes.self, ...personOf(self) },
  ];
}

/** The callbacks for any other event; none if WeHelp has none for it. */
export async function mapEvent(event: TypedEvent, context: MapperContext): Promise<CallbackData[]> {
  switch (event.event) {
    case 'message':
      return mapMessage(event, context);
    case 'friendship':
      return mapFriendship(event, context);
    case 'room-join':
      return mapRoomJoin(event, context);
    case 'room-leave':
      return [roomMessage(event.room, roomNotice(event, context.selfId))];
    case 'room-topic':
      return [roomMessage({ ...event.room, topic: event.topic }, roomNotice(event, context.selfId))];
    case 'room-invite': {
      const { id, topic, inviter } = event;
      return inviter ? [messageFrom(inviter, msgTypes.link, roomInviteXml(id, topic, inviter))] : [];
    }
    default:
      return [];
  }
}

function mapLogout(reason: string): CallbackData {
  return reason === ownLogout
    ? { type: callbackTypes.logout, cgi: '/cgi-bin/micromsg-bin/logout', ...packet([]) }
    : { type: callbackTypes.phoneLogout, cgi: '/cgi-bin/micromsg-bin/autoauth', ...packet([reason]) };
}

/** Echo prevention: the bot's own messages are not posted, because services reply to what is posted. */
async function mapMessage(
  { message, talker, room }: EventOf<'message'>,
  { query }: MapperContext,
): Promise<CallbackData[]> {
  if (message.self) return [];
  const msgType = String(wechatTypes[message.type]);
  const wxid = talker?.id ?? '';
  // `formWxid` is the document's spelling.
  const from = room
    ? { wxid: room.id, formWxid: wxid, nick: room.topic }
    : { wxid, nick: talker?.name ?? '' };
  const content = await wechatContent(message, query, talker);
  return [{ type: callbackTypes.message, msgType, ...from, message: content }];
}

function mapFriendship(
  { id, type, hello, contact }: EventOf<'friendship'>,
  { v2Codes }: MapperContext,
): CallbackData[] {
  if (!contact) return [];
  if (type === 'Receive') {
    const xml = friendRequestXml(contact, hello, v2Codes.encodeFriendship(id));
    return [messageFrom(contact, msgTypes.friendRequest, xml)];
  }
  const notice = type === 'Confirm' ? friendNotice(contact) : verifyNotice(contact);
  return [messageFrom(contact, msgTypes.notice, notice)];
}

function mapRoomJoin(event: EventOf<'room-join'>, { selfId }: MapperContext): CallbackData[] {
  const { room, inviteeList } = event;
  const notice = roomMessage(room, roomNotice(event, selfId));
  const isBotInvited = inviteeList.some(({ id }) => id === selfId);
  return isBotInvited ? [{ type: callbackTypes.roomCreated, xml: '', chatroom: room.id }, notice] : [notice];
}

function messageFrom({ id, name }: ContactView, msgType: string, message: string): CallbackData {
  return { type: callbackTypes.message, msgType, wxid: id, nick: name, message };
}

function roomMessage({ id, topic }: RoomView, message: string): CallbackData {
  return {
    type: callbackTypes.message,
    msgType: msgTypes.notice,
    wxid: id,
    formWxid: '',
    nick: topic,
    message,
  };
}
