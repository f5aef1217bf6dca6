/** Maps contacts and rooms to PadChat records, singly and as an address book in pages. */
import type { ContactView, MemberView, RoomView } from '../../bot/views';
import type { RunCommand } from '../../commands/table';
import { contactMsgType, pageEndMsgType, type PushItem } from './events/events';
import { encodeV1 } from '../wechat/v1-code';
import { labelIdOf } from './derived-ids';
import { sexCodes } from '../wechat/wechat-xml';

/** Records in one push. */
const pageSize = 100;

/** How long loaded pages are reused, in ms: clients reconnect at the same time. */
const cacheMs = 3_000;

/** WeChat's limit of members in a room. */
const maxRoomMembers = 500;

/** Fields of contacts and rooms that Wechaty does not have, such as the Pinyin of names. */
const unknownFields = {
  country: '',
  pyInitial: '',
  quanPin: '',
  remarkPyInitial: '',
  remarkQuanPin: '',
};

/**
 * A contact (the PadChat document, 获取用户信息).
 * @param labels if they were loaded.
 */
export function contactRecordOf(contact: ContactView, labels: readonly string[] = []): object {
  const { id, name, alias, gender, avatar = '', city = '', province = '', signature = '', friend } = contact;
  return {
    userName: id,
    nickName: name,
    remark: alias,
    sex: Number(sexCodes[gender]),
    city,
    provincia: province,
    signature,
    intro: contact.corporation ?? '',
    bigHead: avatar,
    smallHead: avatar,
    ...unknownFields,
    label: labels.map(labelIdOf).join(','),
    stranger: encodeV1(id),
    ticket: friend ? '' : encodeV1(id),
  };
}

/** A room, with the ids of its members if they were loaded. */
export function roomRecordOf(room: RoomView & { readonly memberIds?: readonly string[] }): object {
  const { id, topic, ownerId = '', avatar = '', memberCount, memberIds } = room;
  return {
    userName: id,
    nickName: topic,
    remark: '',
    sex: 0,
    city: '',
    provincia: '',
    signature: '',
    intro: '',
    bigHead: avatar,
    smallHead: avatar,
    ...unknownFields,
    label: '',
    stranger: '',
    ticket: '',
    chatroomId: 0,
    chatroomOwner: ownerId,
    maxMemberCount: maxRoomMembers,
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

/** The address book of one bot, loaded on request. */
export class AddressBook {
  readonly #runCommand: RunCommand;
  #pages: Promise<PushItem[][]> | undefined;
  #readAt = 0;

  constructor(runCommand: RunCommand) {
    this.#runCommand = runCommand;
  }

  /** All pages, at least one. @throws WechatError as `contactFindAll` and `roomFindAll`. */
  pages(): Promise<PushItem[][]> {
    if (!this.#pages || performance.now() - this.#readAt > cacheMs) {
      this.#readAt = performance.now();
      const reading = this.#read();
      this.#pages = reading;
      reading.catch(() => {
        if (this.#pages === reading) this.#pages = undefined;
      });
    }
    return this.#pages;
  }

  /** Drops cached pages; call it when the account, contacts or rooms change. */
  invalidate(): void {
    this.#pages = undefined;
  }

  async #read(): Promise<PushItem[][]> {
    const contacts = await this.#runCommand('contactFindAll', {});
    const rooms = await this.#runCommand('roomFindAll', {});
    const items = [...contacts.map((one) => contactRecordOf(one)), ...rooms.map(roomRecordOf)].map(
      (record): PushItem => ({
        msgType: contactMsgType,
        ...record,
      }),
    );
    const pages: PushItem[][] = [];
    for (let start = 0; start < items.length; start += pageSize) {
      pages.push(items.slice(start, start + pageSize));
    }
    return pages.length > 0 ? pages : [[]];
  }
}

/** The last item of a page in version C: whether more pages follow. */
export function pageEndItem(isLast: boolean): PushItem {
  return { msgType: pageEndMsgType, continue: isLast ? 0 : 1 };
}
