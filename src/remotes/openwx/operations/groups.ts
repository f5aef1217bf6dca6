/** Paths about groups. */
import Type from 'typebox';
import type { Given } from '../request-params';
import {
  type Ask,
  contactById,
  type Group,
  groupById,
  groupNamed,
  groupsHaving,
} from '../people/contact-query';
import { notFound, type Operation, success, told } from './operation';
import { groupJson } from '../people/people';
import { group, needed, optional } from './parameters';
import { attributesIn } from './people';
import { BasicGroup, coded, Group as GroupShape, listOrNothing } from './shapes';

const getGroupInfo: Operation = {
  path: 'get_group_info',
  summary: { 'en-US': 'lists all groups with their members', 'zh-CN': '获取群组数据' },
  command: 'roomFindAll',
  params: {},
  answer: Type.Array(GroupShape),
  run: async ({ ask }) => ((await ask('roomFindAll', { members: 'full' })) as Group[]).map(groupJson),
};

const getGroupBasicInfo: Operation = {
  path: 'get_group_basic_info',
  summary: { 'en-US': 'lists all groups without their members', 'zh-CN': '获取群组基本数据（不含成员）' },
  command: 'roomFindAll',
  params: {},
  answer: Type.Array(BasicGroup),
  run: async ({ ask }) => ((await ask('roomFindAll', {})) as Group[]).map(groupJson),
};

const searchGroup: Operation = {
  path: 'search_group',
  summary: { 'en-US': 'lists the groups with certain attributes', 'zh-CN': '搜索群组对象' },
  command: 'roomFindAll',
  params: group,
  answer: listOrNothing(GroupShape),
  run: async ({ ask }, given) => {
    const found = await groupsHaving(ask, attributesIn(given), 'full');
    return found.length > 0 ? found.map(groupJson) : notFound;
  },
};

/** The ids in a list with commas between. */
function idsIn(given: Given, name: string): string[] {
  return (given.get(name) ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter(Boolean);
}

/** The first of these ids that is nobody's. */
async function unknownAmong(ask: Ask, ids: readonly string[]): Promise<string | undefined> {
  const found = await Promise.all(ids.map((id) => contactById(ask, id)));
  return ids.find((_, at) => found[at] === undefined);
}

const createGroup: Operation = {
  path: 'create_group',
  summary: { 'en-US': 'creates a group', 'zh-CN': '创建群组' },
  command: 'roomCreate',
  params: {
    friends: needed('ids of friends, at least two, with commas between', '好友的 id，至少两个，用逗号分割'),
    displayname: optional('the name of the group', '群组的显示名称'),
  },
  answer: coded({ group_id: Type.String() }),
  run: async ({ ask }, given) => {
    const friends = idsIn(given, 'friends');
    if (friends.length === 0) return told(200, 'friend id empty');
    const unknown = await unknownAmong(ask, friends);
    if (unknown !== undefined) return told(100, `friend id ${unknown} not found`);
    const topic = given.get('displayname');
    const params = { contacts: friends, ...(topic ? { topic } : {}) };
    const { id } = (await ask('roomCreate', params)) as { id: string };
    return { ...success, group_id: id };
  },
};

const inviteFriend: Operation = {
  path: 'invite_friend',
  summary: { 'en-US': 'adds friends to a group, or invites them', 'zh-CN': '邀请好友加入群组' },
  command: 'roomAdd',
  params: { ...group, friends: needed('ids of friends, with commas between', '好友的 id，用逗号分割') },
  answer: coded(),
  run: async ({ ask }, given) => {
    const friends = idsIn(given, 'friends');
    if (friends.length === 0) return told(200, 'friend id empty');
    const found = await groupNamed(ask, given);
    if (!found) return notFound;
    const unknown = await unknownAmong(ask, friends);
    if (unknown !== undefined) return told(100, `friend id ${unknown} not found`);
    await ask('roomAdd', { id: found.id, contacts: friends });
    return success;
  },
};

const kickGroupMember: Operation = {
  path: 'kick_group_member',
  summary: { 'en-US': 'removes members from a group', 'zh-CN': '移除群组成员' },
  command: 'roomDel',
  params: { ...group, members: needed('ids of members, with commas between', '成员的 id，用逗号分割') },
  answer: coded(),
  run: async ({ ask }, given) => {
    const members = idsIn(given, 'members');
    if (members.length === 0) return told(200, 'member id empty');
    const named = await groupNamed(ask, given);
    const found = named && (await groupById(ask, named.id, 'ids'));
    if (!found) return notFound;
    const unknown = members.find((id) => found.memberIds?.includes(id) !== true);
    if (unknown !== undefined) return told(100, `member id ${unknown} not found`);
    await ask('roomDel', { id: found.id, contacts: members });
    return success;
  },
};

const setGroupDisplayname: Operation = {
  path: 'set_group_displayname',
  summary: { 'en-US': 'renames a group', 'zh-CN': '设置群组的显示名称' },
  command: 'roomTopicSet',
  params: { ...group, new_displayname: needed('the new name', '新的显示名称') },
  answer: coded(),
  run: async ({ ask }, given) => {
    const found = await groupNamed(ask, given);
    if (!found) return notFound;
    await ask('roomTopicSet', { id: found.id, topic: given.get('new_displayname') ?? '' });
    return success;
  },
};

export const groupOperations: readonly Operation[] = [
  getGroupInfo,
  getGroupBasicInfo,
  searchGroup,
  createGroup,
  inviteFriend,
  kickGroupMember,
  setGroupDisplayname,
];
