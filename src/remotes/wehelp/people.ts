/** Contacts, members and rooms as WeHelp's callbacks have them. */
import type { ContactView, MemberView, RoomView } from '../../bot/views';
import { xmlText } from '../wechat/wechat-xml';
import { callbackTypes, type CallbackData } from './wire';

/** What WeHelp tells of a person. */
export interface Person {
  readonly wxid: string;
  /** The remark the bot gave. */
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

const sexes: Readonly<Record<string, string>> = { Male: '1', Female: '2' };

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
    sex: sexes[contact.gender] ?? '0',
    regionCode: '',
    sign: signature,
  };
}

/** The kind of contact in WeChat's own database: a friend, or somebody who is not. */
const kinds = { friend: 3, stranger: 0 };

/** Contacts in one callback: so that services that limit bodies to 1 MB get them. */
const contactsAtOnce = 500;
const roomsAtOnce = 100;

/** Contacts, in as many callbacks as it takes; at least one (section "好友列表详细信息"). */
export function contactsData(contacts: readonly ContactView[], cwxid: string): CallbackData[] {
  const items = contacts.map((contact) => {
    const person = personOf(contact);
    return {
      ...person,
      sex: Number(person.sex),
      type: contact.friend ? kinds.friend : kinds.stranger,
      groupId: 'None',
      cwxid,
    };
  });
  return portions(items, contactsAtOnce).map((userLists) => ({ type: callbackTypes.contacts, userLists }));
}

/** The members of a room (section "获取群成员列表"). */
export function membersData(room: string, members: readonly MemberView[]): CallbackData {
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

/** Between the ids of a room's members: a bell, as WeChat keeps them. */
const bell = '\u0007';

/** Rooms, in as many callbacks as it takes; at least one (section "获取群列表"). */
export function roomsData(
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
    userLists: memberIds.join(bell),
  }));
  return portions(items, roomsAtOnce).map((chatrooms) => ({ type: callbackTypes.rooms, chatrooms }));
}

function base64Xml(xml: string): string {
  return Buffer.from(`<?xml version="1.0"?>\n${xml}`).toString('base64');
}

function portions<Item>(items: readonly Item[], size: number): Item[][] {
  const found: Item[][] = [];
  for (let from = 0; from === 0 || from < items.length; from += size) {
    found.push(items.slice(from, from + size));
  }
  return found;
}
