/** Commands about the members of a room. */
import Type from 'typebox';
import { callTimeouts } from '../bot/account';
import { MemberView } from '../bot/views';
import { describe } from '../i18n/describe';
import { command } from './command';
import { resolveMember, resolveMembers, resolveRoom } from './resolve';
import {
  ChangedResult,
  toList,
  optionalString,
  requireParam,
  paginate,
  pagingParams,
  memberRefs,
  roomRef,
} from './shared-schemas';

const member = {
  contact: optionalString('the member: id, name in the room, name or alias', '成员：id、群昵称、昵称或备注'),
  contactId: optionalString('the same, older spelling', '同 contact（旧写法）'),
};

const roomAdd = command({
  name: 'roomAdd',
  summary: { 'en-US': 'adds contacts to a room, or invites them', 'zh-CN': '邀请联系人入群' },
  readOnly: false,
  params: Type.Object({
    ...roomRef,
    ...memberRefs,
    inviteOnly: Type.Optional(
      Type.Boolean(describe('only send an invitation, which they may follow or not', '仅发送邀请链接')),
    ),
  }),
  result: ChangedResult,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await resolveRoom(account, params);
    const names = toList(params.contacts, params.contactId);
    requireParam('contacts', ...names);
    const contacts = (await Promise.all(names.map((name) => account.contacts.findEach(name)))).flat();
    // One call each: older puppets accept a single contact only.
    for (const contact of contacts) {
      const { inviteOnly } = params;
      await account.call(
        'roomAdd',
        (puppet) => puppet.roomAdd(id, contact.id, inviteOnly),
        callTimeouts.write,
      );
    }
    account.rooms.invalidate(id);
    account.members.invalidate(id);
    return { id };
  },
});

const roomDel = command({
  name: 'roomDel',
  summary: { 'en-US': 'removes members from a room the bot owns', 'zh-CN': '将成员移出群' },
  readOnly: false,
  params: Type.Object({ ...roomRef, ...memberRefs }),
  result: ChangedResult,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await resolveRoom(account, params);
    const names = toList(params.contacts, params.contactId);
    requireParam('contacts', ...names);
    const members = await Promise.all(names.map((name) => resolveMember(account, id, name)));
    for (const contact of members) {
      await account.call('roomDel', (puppet) => puppet.roomDel(id, contact.id), callTimeouts.write);
    }
    account.rooms.invalidate(id);
    account.members.invalidate(id);
    return { id };
  },
});

const roomAliasGet = command({
  name: 'roomAliasGet',
  summary: { 'en-US': 'gets the name a member goes by in a room', 'zh-CN': '获取成员的群昵称' },
  readOnly: true,
  params: Type.Object({ ...roomRef, ...member }),
  result: Type.Object({
    id: Type.String(describe('of the member', '成员 id')),
    alias: Type.String(describe('empty when none', '没有则为空')),
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
  summary: { 'en-US': 'tells whether somebody is in a room', 'zh-CN': '查询某人是否在群内' },
  readOnly: true,
  params: Type.Object({ ...roomRef, ...member }),
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

const roomMemberGet = command({
  name: 'roomMemberGet',
  summary: { 'en-US': 'gets a member of a room', 'zh-CN': '获取群成员信息' },
  readOnly: true,
  params: Type.Object({ ...roomRef, ...member, name: optionalString('the same as contact', '同 contact') }),
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

const roomMemberAllGet = command({
  name: 'roomMemberAllGet',
  summary: { 'en-US': 'lists the members of a room', 'zh-CN': '获取群成员列表' },
  readOnly: true,
  params: Type.Object({ ...roomRef, topic: optionalString('the same as id', '同 id'), ...pagingParams }),
  result: Type.Array(MemberView),
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await resolveRoom(account, params);
    return paginate(await account.members.all(id), params);
  },
});

export const roomMemberCommands = [roomAdd, roomDel, roomAliasGet, roomHas, roomMemberGet, roomMemberAllGet];
