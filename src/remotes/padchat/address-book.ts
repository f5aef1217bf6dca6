/** Contacts and rooms in the form in which PadChat has them, alone and as an address book in pages. */
import type { ContactView, MemberView, RoomView } from '../../bot/views';
import { contactRecord, pageEnd, type PushItem } from './events/events';
import { strangerOf } from '../wechat/v1-code';

/** Contacts and rooms in one push. */
const pageSize = 100;

/** For so long what was read serves everybody who asks, in ms: clients that come back come back together. */
const freshFor = 3_000;

const sexes: Readonly<Record<ContactView['gender'], number>> = { Unknown: 0, Male: 1, Female: 2 };

/** A room may hold so many people. */
const roomLimit = 500;

/** A contact (the PadChat document, 获取用户信息). What Wechaty does not tell is empty, such as the spelling in Pinyin. */
export function contactRecordOf(contact: ContactView): object {
  const { id, name, alias, gender, avatar = '', city = '', province = '', signature = '', friend } = contact;
  return {
    userName: id,
    nickName: name,
    remark: alias,
    sex: sexes[gender],
    city,
    provincia: province,
    country: '',
    signature,
    intro: contact.corporation ?? '',
    label: '',
    bigHead: avatar,
    smallHead: avatar,
    pyInitial: '',
    quanPin: '',
    remarkPyInitial: '',
    remarkQuanPin: '',
    stranger: strangerOf(id),
    ticket: friend ? '' : strangerOf(id),
  };
}

/** A room, with the ids of its members if they are known. */
export function roomRecordOf(room: RoomView & { readonly memberIds?: readonly string[] }): object {
  const { id, topic, ownerId = '', avatar = '', memberCount, memberIds } = room;
  return {
    userName: id,
    nickName: topic,
    remark: '',
    sex: 0,
    city: '',
    provincia: '',
    country: '',
    signature: '',
    intro: '',
    label: '',
    bigHead: avatar,
    smallHead: avatar,
    pyInitial: '',
    quanPin: '',
    remarkPyInitial: '',
    remarkQuanPin: '',
    stranger: '',
    ticket: '',
    chatroomId: 0,
    chatroomOwner: ownerId,
    maxMemberCount: roomLimit,
    memberCount,
    ...(memberIds ? { member: memberIds } : {}),
  };
}

/** A member of a room (the PadChat document, 获取群成员). */
export function memberRecordOf({ id, name, roomAlias, avatar = '', inviterId = '' }: MemberView): object {
  return {
    userName: id,
    nickName: name,
    chatroomNickName: roomAlias,
    invitedBy: inviterId,
    bigHead: avatar,
    smallHead: avatar,
  };
}

/** Executes a command of the table. @throws WechatError */
type Ask = (command: string) => Promise<unknown>;

/** The address book of one bot, read when somebody asks. */
export class AddressBook {
  readonly #ask: Ask;
  #pages: Promise<PushItem[][]> | undefined;
  #readAt = 0;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** All pages, at least one. @throws WechatError what `contactFindAll` and `roomFindAll` throw. */
  pages(): Promise<PushItem[][]> {
    if (!this.#pages || Date.now() - this.#readAt > freshFor) {
      this.#readAt = Date.now();
      const reading = this.#read();
      this.#pages = reading;
      reading.catch(() => {
        if (this.#pages === reading) this.#pages = undefined;
      });
    }
    return this.#pages;
  }

  /** Forgets what was read; to be called when the account is another one or somebody came in. */
  forget(): void {
    this.#pages = undefined;
  }

  async #read(): Promise<PushItem[][]> {
    const contacts = (await this.#ask('contactFindAll')) as ContactView[];
    const rooms = (await this.#ask('roomFindAll')) as RoomView[];
    const items = [...contacts.map(contactRecordOf), ...rooms.map(roomRecordOf)].map((record): PushItem => ({
      msgType: contactRecord,
      ...record,
    }));
    const pages: PushItem[][] = [];
    for (let start = 0; start < items.length; start += pageSize) {
      pages.push(items.slice(start, start + pageSize));
    }
    return pages.length > 0 ? pages : [[]];
  }
}

/** What closes a page in generation C: whether there are more. */
export function pageEndItem(isLast: boolean): PushItem {
  return { msgType: pageEnd, continue: isLast ? 0 : 1 };
}
