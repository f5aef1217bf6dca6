/** Maps contacts, members and rooms to WeHelp callbacks. */
import type { ContactView, MemberView, RoomView } from '../../bot/views';
import { sexCodes, xmlText } from '../wechat/wechat-xml';
import { callbackTypes, type CallbackData } from './wire';

/** A person in WeHelp's callbacks. */
export interface Person {
  readonly wxid: string;
  /** The bot's alias for the contact. */
  readonly asName: string;
  readonly headPic: string;
  readonly sheadPic: string;
  readonly nick: string;
  /** The WeChat number. */
  readonly username: string;
  readonly province: string;
  readonly city: string;
  /** "1" male, "2" female, "0" unknown. */
  readonly sex: string;
  readonly regionCode: string;
  readonly sign: string;
}

/** A person (the WeHelp document, sections "登录后获取个人信息" and "获取v2"). */
export function personOf(contact: ContactView): Person {
  const { id, name, alias, avatar = '', handle = '', province = '', city = '', signature = '' } = contact;
  return {
    wxid: id,
    asName: alias,
    headPic: avatar,
    sheadPic: avatar,
    nick: name,
    username: handle,
    province,
    city,
    sex: sexCodes[contact.gender],
    regionCode: '',
    sign: signature,
  };
}

/** The type of a contact in WeChat's own database. */
const contactTypes = { friend: 3, nonFriend: 0 };

/** Maximum items in one callback: many services limit bodies to 1 MB. */
const contactsPerCallback = 500;
const roomsPerCallback = 100;

/** Contacts, in one or more callbacks (section "好友列表详细信息"). */
export function contactCallbacks(contacts: readonly ContactView[], cwxid: string): CallbackData[] {
  const items = contacts.map((contact) => {
    const person = personOf(contact);
    return {
      ...person,
      sex: Number(person.sex),
      type: contact.friend ? contactTypes.friend : contactTypes.nonFriend,
      groupId: 'None',
      cwxid,
    };
  });
  return chunk(items, contactsPerCallback).map((userLists) => ({ type: callbackTypes.contacts, userLists }));
}

/** The members of a room (section "获取群成员列表"). */
export function membersCallback(room: string, members: readonly MemberView[]): CallbackData {
  const names = members.map(
    ({ id, roomAlias }) =>
      `<Member UserName="${xmlText(id)}"><DisplayName>${xmlText(roomAlias)}</DisplayName></Member>`,
  );
  return {
    type: callbackTypes.members,
    wxid: room,
    info: base64Xml(`<RoomData>${names.join('')}</RoomData>`),
    userLists: members.map(({ id, name, roomAlias, avatar = '' }) => ({
      wxid: id,
      headPic: avatar,
      sheadPic: avatar,
      nick: name,
      username: '',
      asName: roomAlias,
      province: '',
      city: '',
      sex: '0',
      regionCode: '',
      sign: '',
    })),
  };
}

/** Separates member ids: BEL, as in WeChat's database. */
const memberSeparator = '\u0007';

/** Rooms, in one or more callbacks (section "获取群列表"). */
export function roomCallbacks(
  rooms: readonly (RoomView & { readonly memberIds?: readonly string[] })[],
  cwxid: string,
): CallbackData[] {
  const items = rooms.map(({ id, topic, memberCount, ownerId, avatar = '', memberIds = [] }) => ({
    xml: base64Xml(
      `<room><nickname>${xmlText(topic)}</nickname><headimgurl>${xmlText(avatar)}</headimgurl></room>`,
    ),
    wxid: id,
    exist: true,
    count: memberCount,
    roomLord: ownerId !== undefined && ownerId === cwxid,
    nick: topic,
    headPic: avatar,
    sheadPic: avatar,
    userLists: memberIds.join(memberSeparator),
  }));
  return chunk(items, roomsPerCallback).map((chatrooms) => ({ type: callbackTypes.rooms, chatrooms }));
}

function base64Xml(xml: string): string {
  return Buffer.from(`<?xml version="1.0"?>\n${xml}`).toString('base64');
}

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = [];
  for (let from = 0; from === 0 || from < items.length; from += size) {
    chunks.push(items.slice(from, from + size));
  }
  return chunks;
}
