/** Commands about the members of a room. */
import Type from 'typebox';
import { callLimits } from '../bot/account';
import { MemberView, describe } from '../bot/views';
import { command } from './command';
import { memberNamed, membersNamed, roomIn } from './resolve';
import { Changed, items, maybe, needed, pageOf, paging, whichMembers, whichRoom } from './shared-schemas';

const member = {
  contact: maybe('the member: id, name in the room, name or alias', '成员：id、群昵称、昵称或备注名'),
  contactId: maybe('the same, older spelling', '同 contact（旧写法）'),
};

const roomAdd = command({
  name: 'roomAdd',
  summary: { 'en-US': 'adds contacts to a room, or invites them', 'zh-CN': '邀请联系人入群' },
  readOnly: false,
  params: Type.Object({
    ...whichRoom,
    ...whichMembers,
    inviteOnly: Type.Optional(
      Type.Boolean(describe('only send an invitation, which they may follow or not', '仅发送邀请链接')),
    ),
  }),
  result: Changed,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await roomIn(account, params);
    const names = items(params.contacts, params.contactId);
    needed('contacts', ...names);
    const contacts = (await Promise.all(names.map((name) => account.contacts.each(name)))).flat();
    // One call each: older puppets take one contact at a time.
    for (const contact of contacts) {
      const { inviteOnly } = params;
      await account.call('roomAdd', (puppet) => puppet.roomAdd(id, contact.id, inviteOnly), callLimits.write);
    }
    account.rooms.forget(id);
    account.members.forget(id);
    return { id };
  },
});

const roomDel = command({
  name: 'roomDel',
  summary: { 'en-US': 'removes members from a room the bot owns', 'zh-CN': '将成员移出群' },
  readOnly: false,
  params: Type.Object({ ...whichRoom, ...whichMembers }),
  result: Changed,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await roomIn(account, params);
    const names = items(params.contacts, params.contactId);
    needed('contacts', ...names);
    const members = await Promise.all(names.map((name) => memberNamed(account, id, name)));
    for (const contact of members) {
      await account.call('roomDel', (puppet) => puppet.roomDel(id, contact.id), callLimits.write);
    }
    account.rooms.forget(id);
    account.members.forget(id);
    return { id };
  },
});

const roomAliasGet = command({
  name: 'roomAliasGet',
  summary: { 'en-US': 'gets the name a member goes by in a room', 'zh-CN': '获取成员的群昵称' },
  readOnly: true,
  params: Type.Object({ ...whichRoom, ...member }),
  result: Type.Object({
    id: Type.String(describe('of the member', '成员 id')),
    alias: Type.String(describe('empty when none', '没有则为空')),
  }),
  run: async (bot, params) => {
    const account = bot.account();
    const room = await roomIn(account, params);
    const found = await memberNamed(account, room.id, needed('contact', params.contact, params.contactId));
    return { id: found.id, alias: found.roomAlias };
  },
});

const roomHas = command({
  name: 'roomHas',
  summary: { 'en-US': 'tells whether somebody is in a room', 'zh-CN': '查询某人是否在群内' },
  readOnly: true,
  params: Type.Object({ ...whichRoom, ...member }),
  result: Type.Object({ has: Type.Boolean() }),
  run: async (bot, params) => {
    const account = bot.account();
    const room = await roomIn(account, params);
    const found = await membersNamed(account, room.id, needed('contact', params.contact, params.contactId));
    return { has: found.length > 0 };
  },
});

const roomMemberGet = command({
  name: 'roomMemberGet',
  summary: { 'en-US': 'gets a member of a room', 'zh-CN': '获取群成员信息' },
  readOnly: true,
  params: Type.Object({ ...whichRoom, ...member, name: maybe('the same as contact', '同 contact') }),
  result: MemberView,
  run: async (bot, params) => {
    const account = bot.account();
    const room = await roomIn(account, params);
    return memberNamed(account, room.id, needed('contact', params.contact, params.contactId, params.name));
  },
});

const roomMemberAllGet = command({
  name: 'roomMemberAllGet',
  summary: { 'en-US': 'lists the members of a room', 'zh-CN': '获取群成员列表' },
  readOnly: true,
  params: Type.Object({ ...whichRoom, topic: maybe('the same as id', '同 id'), ...paging }),
  result: Type.Array(MemberView),
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await roomIn(account, params);
    return pageOf(await account.members.all(id), params);
  },
});

export const roomMemberCommands = [roomAdd, roomDel, roomAliasGet, roomHas, roomMemberGet, roomMemberAllGet];
