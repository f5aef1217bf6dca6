/**
 * People and groups in the form this protocol has them (the Openwx document, sections "获取用户数据" to "获取群组数据").
 * Real numbers (`uid`) are known to nobody but WeChat: it is always empty.
 */
import type { ContactView, MemberView, RoomView } from '../../../bot/views';

/** The account itself, a friend, or a member of a group. */
export interface PersonJson {
  readonly account: string;
  readonly city: string;
  /** The name used in a group. */
  readonly display: string;
  /** What to call this person: `display`, else `markname`, else `name`. */
  readonly displayname: string;
  readonly id: string;
  /** The remark the bot gave. */
  readonly markname: string;
  readonly name: string;
  readonly province: string;
  readonly sex: 'male' | 'female' | '';
  readonly signature: string;
  readonly uid: string;
}

/** What a friend is. */
export type Category = '好友' | '公众号' | '系统帐号' | '群成员';

/** A friend. */
export interface FriendJson extends PersonJson {
  readonly category: Category;
}

/** A group, with its members where they were asked for. */
export interface GroupJson {
  readonly displayname: string;
  readonly id: string;
  readonly member?: readonly PersonJson[];
  readonly name: string;
  readonly uid: string;
}

/** WeChat's own accounts, by ids that are the same for everybody. */
const systemAccounts: ReadonlySet<string> = new Set([
  'blogapp',
  'feedsapp',
  'filehelper',
  'floatbottle',
  'fmessage',
  'helper_entry',
  'masssendapp',
  'medianote',
  'newsapp',
  'notifymessage',
  'officialaccounts',
  'qmessage',
  'qqmail',
  'tmessage',
  'voip',
  'weibo',
  'weixin',
]);

const sexes: Readonly<Record<ContactView['gender'], PersonJson['sex']>> = {
  Unknown: '',
  Male: 'male',
  Female: 'female',
};

/** The account itself, or anybody as they are without a group. */
export function personJson(contact: ContactView): PersonJson {
  const { id, name, alias, gender, handle = '', city = '', province = '', signature = '' } = contact;
  return {
    account: handle,
    city,
    display: '',
    displayname: alias || name,
    id,
    markname: alias,
    name,
    province,
    sex: sexes[gender],
    signature,
    uid: '',
  };
}

/** A friend. */
export function friendJson(contact: ContactView): FriendJson {
  return { ...personJson(contact), category: categoryOf(contact) };
}

/** What a contact is in the words of this protocol. */
export function categoryOf({ id, type, friend }: ContactView): Category {
  if (systemAccounts.has(id)) return '系统帐号';
  if (type === 'Official') return '公众号';
  return friend ? '好友' : '群成员';
}

/** A member of a group, of whom the group knows little. */
export function memberJson({ id, name, roomAlias }: MemberView): PersonJson {
  return {
    account: '',
    city: '',
    display: roomAlias,
    displayname: roomAlias || name,
    id,
    markname: '',
    name,
    province: '',
    sex: '',
    signature: '',
    uid: '',
  };
}

/** A group. */
export function groupJson(room: RoomView & { readonly members?: readonly MemberView[] }): GroupJson {
  const { id, topic, members } = room;
  const member = members && { member: members.map(memberJson) };
  return { displayname: topic, id, ...member, name: topic, uid: '' };
}

/** Those of whom every attribute given has exactly the value given. */
export function having<Kind extends object>(
  these: readonly Kind[],
  wanted: ReadonlyMap<string, string>,
): Kind[] {
  return these.filter((one) => {
    const attributes = one as Readonly<Record<string, unknown>>;
    return [...wanted].every(
      ([name, value]) => Object.hasOwn(attributes, name) && attributes[name] === value,
    );
  });
}
