/** Tasks on contacts and friend requests. */
import Type from 'typebox';
import { WechatError } from '../../../bot/errors';
import type { ContactView } from '../../../bot/views';
import { rejectPattern, resolveContactId } from '../../wechat/v1-code';
import { contactCallbacks, personOf } from '../people';
import { callbackTypes, packet } from '../wire';
import { id, noParams, task, type TaskContext, unsupportedTask } from './task';

/** Maximum number of contacts in one task (section "查询好友信息"). */
const maxPeople = 50;

/** The contact with this id. @throws WechatError NOT_FOUND */
export async function findContact({ run }: TaskContext, wxid: string): Promise<ContactView> {
  const contact = await run('contactFind', { id: rejectPattern(wxid) });
  if (!contact) throw new WechatError('NOT_FOUND', 'contactNotFound', { query: wxid.slice(0, 128) });
  return contact;
}

const addUserEvent = task({
  api: 'addUserEvent',
  code: 5,
  summary: { 'en-US': 'sends a friend request', 'zh-CN': '添加好友' },
  readOnly: false,
  commands: ['friendshipAdd'],
  params: Type.Object({ wxid: id, message: Type.Optional(Type.String()) }),
  handle: async ({ wxid, message: hello = '' }, { run, v2Codes }) => {
    const target = v2Codes.decode(wxid);
    const contact = target && 'contactId' in target ? target : { contactId: resolveContactId(wxid) };
    await run('friendshipAdd', { ...contact, hello });
    return [];
  },
});

const acceptFriend = task({
  api: 'acceptFriend',
  code: 10,
  summary: { 'en-US': 'accepts a friend request', 'zh-CN': '同意新好友' },
  callbacks: [callbackTypes.accepted],
  readOnly: false,
  optionalCommands: ['friendshipAccept', 'friendshipAdd'],
  params: Type.Object({ v1: Type.Optional(Type.String()), v2: id }),
  handle: async ({ v1 = '', v2 }, { run, v2Codes }) => {
    const target = v2Codes.decode(v2);
    if (!target) throw new WechatError('NOT_FOUND', 'friendshipNotFound', { id: v2.slice(0, 128) });
    if ('friendship' in target) await run('friendshipAccept', { id: target.friendship });
    else await run('friendshipAdd', target);
    const cgi = '/cgi-bin/micromsg-bin/verifyuser';
    return [{ type: callbackTypes.accepted, cgi, ...packet([v1 || 'v1_@stranger']) }];
  },
});

const initContact = task({
  api: 'initContact',
  code: 45,
  summary: { 'en-US': 'lists all contacts', 'zh-CN': '获取全部联系人' },
  callbacks: [callbackTypes.contactsPacket, callbackTypes.contacts],
  readOnly: true,
  commands: ['contactFindAll'],
  params: noParams,
  handle: async (_params, { run, selfId }) => {
    const contacts = await run('contactFindAll', {});
    const cgi = '/cgi-bin/micromsg-bin/initcontact';
    const raw = packet(contacts.map((contact) => contact.id));
    return [{ type: callbackTypes.contactsPacket, cgi, ...raw }, ...contactCallbacks(contacts, selfId)];
  },
});

const newGetUserLists = task({
  api: 'newGetUserLists',
  code: 46,
  summary: { 'en-US': 'gets several contacts, at most 50', 'zh-CN': '查询多个好友，最多 50 个' },
  callbacks: [callbackTypes.contacts],
  readOnly: true,
  commands: ['contactFind'],
  params: Type.Object({ wxidLists: Type.Array(id, { minItems: 1, maxItems: maxPeople }) }),
  handle: async ({ wxidLists }, context) => {
    const searches = wxidLists.map((wxid) => findContact(context, wxid));
    const settled = await Promise.allSettled(searches);
    const contacts = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    // If nobody was found, the task fails with the first error.
    if (contacts.length === 0) await searches[0];
    return contactCallbacks(contacts, context.selfId);
  },
});

const getUserInfo = task({
  api: 'getUserInfo',
  code: 19,
  summary: { 'en-US': 'gets a contact', 'zh-CN': '获取好友信息' },
  callbacks: [callbackTypes.contacts],
  readOnly: true,
  commands: ['contactFind'],
  params: Type.Object({ wxid: id }),
  handle: async ({ wxid }, context) => contactCallbacks([await findContact(context, wxid)], context.selfId),
});

const netGetUserInfo = task({
  api: 'netGetUserInfo',
  code: 30,
  summary: { 'en-US': 'gets a contact, as a packet', 'zh-CN': '网络获取 wxid 信息，为数据包' },
  callbacks: [callbackTypes.contactPacket],
  readOnly: true,
  commands: ['contactFind'],
  params: Type.Object({ wxid: id }),
  handle: async ({ wxid }, context) => {
    const person = personOf(await findContact(context, wxid));
    const raw = packet([person.wxid, person.nick, person.headPic]);
    const cgi = '/cgi-bin/micromsg-bin/getcontact';
    return [{ type: callbackTypes.contactPacket, cgi, ...raw, ...person }];
  },
});

export const contactTasks = [
  addUserEvent,
  acceptFriend,
  initContact,
  newGetUserLists,
  getUserInfo,
  netGetUserInfo,
  unsupportedTask('delUser', 17, { 'en-US': 'deletes a friend', 'zh-CN': '删除好友' }),
];
