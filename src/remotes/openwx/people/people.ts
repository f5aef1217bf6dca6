/**
 * JSON of people and groups (the Openwx document, sections "获取用户数据" to "获取群组数据"). `uid` is always empty: Wechaty
 * does not provide it.
 */
import type { ContactView, MemberView, RoomView } from '../../../bot/views';

/** The account, a friend, or a member of a group. */
export interface PersonJson {
  readonly account: string;
  readonly city: string;
  /** The name within a group. */
  readonly display: string;
  /** `display`, else `markname`, else `name`. */
  readonly displayname: string;
  readonly id: string;
  /** The remark set by the account. */
  readonly markname: string;
  readonly name: string;
  readonly province: string;
  readonly sex: 'male' | 'female' | '';
  readonly signature: string;
  readonly uid: string;
}

/** The category of a contact. */
export type Category = '好友' | '公众号' | '系统帐号' | '群成员';

/** A friend. */
export interface FriendJson extends PersonJson {
  readonly category: Category;
}

/** A group, with its members if requested. */
export interface GroupJson {
  readonly displayname: string;
  readonly id: string;
  readonly member?: readonly PersonJson[];
  readonly name: string;
  readonly uid: string;
}

/** Ids of WeChat's system accounts. */
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

/** The account or a contact, outside of groups. */
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

/** The category of a contact in this protocol. */
export function categoryOf({ id, type, friend }: ContactView): Category {
  if (systemAccounts.has(id)) return '系统帐号';
  if (type === 'Official') return '公众号';
  return friend ? '好友' : '群成员';
}

/** A member of a group; most attributes are unknown. */
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

/** Those items of which every attribute has exactly the given value. */
export function matching<Item extends object>(
  items: readonly Item[],
  attributes: ReadonlyMap<string, string>,
): Item[] {
  return items.filter((item) => {
    const actual = item as Readonly<Record<string, unknown>>;
    return [...attributes].every(([name, value]) => Object.hasOwn(actual, name) && actual[name] === value);
  });
}
