/** Commands about the members of a room. */
import Type from 'typebox';
import { callTimeouts } from '../bot/account';
import { MemberView } from '../bot/views';
import { describe } from '../i18n/describe';
import { command } from './command';
import { resolveMember, resolveMembers, resolveRoom, singleNames } from './resolve';
import {
  aliasOf,
  ChangedResult,
  optionalString,
  paginate,
  pagingParams,
  requireParam,
  roomRef,
  stringOrList,
  withOneOf,
} from './shared-schemas';

const contact = optionalString(
  'the member: id, name in the room, name or alias',
  '成员：id、群昵称、昵称或备注',
  {
    'x-kind': 'member',
  },
);
const memberRef = { contact, contactId: aliasOf('contact', contact) };

/** Identifies several contacts or members. */
function contactRefs(kind: 'contact' | 'member') {
  const contacts = stringOrList('the contacts: ids, aliases or names', '联系人：id、备注或昵称', {
    'x-kind': kind,
  });
  return { contacts: Type.Optional(contacts), contactId: aliasOf('contacts', contacts) };
}
const newMembers = contactRefs('contact');
const removedMembers = contactRefs('member');

const roomAdd = command({
  name: 'roomAdd',
  summary: { 'en-US': 'adds contacts to a room or invites them', 'zh-CN': '邀请联系人入群' },
  readOnly: false,
  params: withOneOf(
    {
      ...roomRef,
      ...newMembers,
      inviteOnly: Type.Optional(
        Type.Boolean({ default: false, ...describe('sends an invitation only', '仅发送邀请链接') }),
      ),
    },
    roomRef,
    newMembers,
  ),
  result: ChangedResult,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await resolveRoom(account, params);
    const find = (name: string) => account.contacts.findEachId(name);
    const names = await singleNames([params.contacts, params.contactId], find);
    requireParam('contacts', ...names);
    const ids = (await Promise.all(names.map(find))).flat();
    // One call each: older puppets accept a single contact only.
    for (const contactId of ids) {
      const { inviteOnly } = params;
      await account.call(
        'roomAdd',
        (puppet) => puppet.roomAdd(id, contactId, inviteOnly),
        callTimeouts.write,
      );
    }
    await account.refresh('Room', id);
    return { id };
  },
});

const roomDel = command({
  name: 'roomDel',
  summary: { 'en-US': 'removes members from a room the bot owns', 'zh-CN': '将成员移出群' },
  readOnly: false,
  params: withOneOf({ ...roomRef, ...removedMembers }, roomRef, removedMembers),
  result: ChangedResult,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await resolveRoom(account, params);
    const find = (name: string) => resolveMember(account, id, name);
    const names = await singleNames([params.contacts, params.contactId], find);
    requireParam('contacts', ...names);
    const members = await Promise.all(names.map(find));
    for (const contact of members) {
      await account.call('roomDel', (puppet) => puppet.roomDel(id, contact.id), callTimeouts.write);
    }
    await account.refresh('Room', id);
    return { id };
  },
});

const roomAliasGet = command({
  name: 'roomAliasGet',
  summary: { 'en-US': 'gets the alias of a member in a room', 'zh-CN': '获取成员的群昵称' },
  readOnly: true,
  params: withOneOf({ ...roomRef, ...memberRef }, roomRef, memberRef),
  result: Type.Object({
    id: Type.String(describe('the id of the member', '成员 id')),
    alias: Type.String(describe('empty if none', '没有则为空')),
  }),
  run: async (bot, params) => {
    const account = bot.account();
    const room = await resolveRoom(account, params);
    const found = await resolveMember(
      account,
      room.id,
      requireParam('contact', params.contact, params.contactId),
    );
    return { id: found.id, alias: found.roomAlias };
  },
});

const roomHas = command({
  name: 'roomHas',
  summary: { 'en-US': 'returns whether a contact is in a room', 'zh-CN': '查询某人是否在群内' },
  readOnly: true,
  params: withOneOf({ ...roomRef, ...memberRef }, roomRef, memberRef),
  result: Type.Object({ has: Type.Boolean() }),
  run: async (bot, params) => {
    const account = bot.account();
    const room = await resolveRoom(account, params);
    const found = await resolveMembers(
      account,
      room.id,
      requireParam('contact', params.contact, params.contactId),
    );
    return { has: found.length > 0 };
  },
});

const anyMemberRef = { ...memberRef, name: aliasOf('contact', contact) };

const roomMemberGet = command({
  name: 'roomMemberGet',
  summary: { 'en-US': 'gets a member of a room', 'zh-CN': '获取群成员信息' },
  readOnly: true,
  params: withOneOf({ ...roomRef, ...anyMemberRef }, roomRef, anyMemberRef),
  result: MemberView,
  run: async (bot, params) => {
    const account = bot.account();
    const room = await resolveRoom(account, params);
    return resolveMember(
      account,
      room.id,
      requireParam('contact', params.contact, params.contactId, params.name),
    );
  },
});

const anyRoomRef = { ...roomRef, topic: aliasOf('id', roomRef.id) };

const roomMemberAllGet = command({
  name: 'roomMemberAllGet',
  summary: { 'en-US': 'lists the members of a room', 'zh-CN': '获取群成员列表' },
  readOnly: true,
  params: withOneOf({ ...anyRoomRef, ...pagingParams }, anyRoomRef),
  result: Type.Array(MemberView),
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await resolveRoom(account, params);
    return paginate(await account.members.all(id), params);
  },
});

export const roomMemberCommands = [roomAdd, roomDel, roomAliasGet, roomHas, roomMemberGet, roomMemberAllGet];
