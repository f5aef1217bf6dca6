/** Operations on groups. */
import Type from 'typebox';
import type { RunCommand } from '../../../commands/table';
import type { RequestParams } from '../request-params';
import { contactById, groupById, findGroup, findGroups } from '../people/contact-query';
import { notFound, type Operation, success, result } from './operation';
import { groupJson } from '../people/people';
import { group, required, optional } from './parameters';
import { searchAttributes } from './people';
import { BasicGroup, resultSchema, Group as GroupShape, listOrNothing } from './shapes';

const getGroupInfo: Operation = {
  path: 'get_group_info',
  summary: { 'en-US': 'lists all groups with their members', 'zh-CN': '获取群组数据' },
  commands: ['roomFindAll'],
  params: {},
  response: Type.Array(GroupShape),
  handle: async ({ run }) => (await run('roomFindAll', { members: 'full' })).map(groupJson),
};

const getGroupBasicInfo: Operation = {
  path: 'get_group_basic_info',
  summary: { 'en-US': 'lists all groups without their members', 'zh-CN': '获取群组基本数据（不含成员）' },
  commands: ['roomFindAll'],
  params: {},
  response: Type.Array(BasicGroup),
  handle: async ({ run }) => (await run('roomFindAll', {})).map(groupJson),
};

const searchGroup: Operation = {
  path: 'search_group',
  summary: { 'en-US': 'lists the groups with certain attributes', 'zh-CN': '搜索群组对象' },
  optionalCommands: ['roomFind', 'roomFindAll'],
  params: group,
  response: listOrNothing(GroupShape),
  handle: async ({ run }, params) => {
    const found = await findGroups(run, searchAttributes(params), 'full');
    return found.length > 0 ? found.map(groupJson) : notFound;
  },
};

/** Parses a comma-separated list of ids. */
function parseIds(params: RequestParams, name: string): string[] {
  return (params.get(name) ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter(Boolean);
}

/** The first of these ids that belongs to no contact. */
async function findUnknown(query: RunCommand, ids: readonly string[]): Promise<string | undefined> {
  const found = await Promise.all(ids.map((id) => contactById(query, id)));
  return ids.find((_, at) => found[at] === undefined);
}

const createGroup: Operation = {
  path: 'create_group',
  summary: { 'en-US': 'creates a group', 'zh-CN': '创建群组' },
  commands: ['roomCreate'],
  params: {
    friends: required('comma-separated ids of at least two friends', '好友的 id，至少两个，用逗号分割'),
    displayname: optional('the name of the group', '群组的显示名称'),
  },
  response: resultSchema({ group_id: Type.String() }),
  handle: async ({ run, query }, params) => {
    const friends = parseIds(params, 'friends');
    if (friends.length === 0) return result(200, 'friend id empty');
    const unknown = await findUnknown(query, friends);
    if (unknown !== undefined) return result(100, `friend id ${unknown} not found`);
    const topic = params.get('displayname');
    const room = { contacts: friends, ...(topic ? { topic } : {}) };
    const { id } = await run('roomCreate', room);
    return { ...success, group_id: id };
  },
};

const inviteFriend: Operation = {
  path: 'invite_friend',
  summary: { 'en-US': 'adds friends to a group, or invites them', 'zh-CN': '邀请好友加入群组' },
  commands: ['roomAdd'],
  params: { ...group, friends: required('comma-separated ids of friends', '好友的 id，用逗号分割') },
  response: resultSchema(),
  handle: async ({ run, query }, params) => {
    const friends = parseIds(params, 'friends');
    if (friends.length === 0) return result(200, 'friend id empty');
    const found = await findGroup(query, params);
    if (!found) return notFound;
    const unknown = await findUnknown(query, friends);
    if (unknown !== undefined) return result(100, `friend id ${unknown} not found`);
    await run('roomAdd', { id: found.id, contacts: friends });
    return success;
  },
};

const kickGroupMember: Operation = {
  path: 'kick_group_member',
  summary: { 'en-US': 'removes members from a group', 'zh-CN': '移除群组成员' },
  commands: ['roomDel'],
  params: { ...group, members: required('comma-separated ids of members', '成员的 id，用逗号分割') },
  response: resultSchema(),
  handle: async ({ run, query }, params) => {
    const members = parseIds(params, 'members');
    if (members.length === 0) return result(200, 'member id empty');
    const match = await findGroup(query, params);
    const found = match && (await groupById(query, match.id, 'ids'));
    if (!found) return notFound;
    const unknown = members.find((id) => found.memberIds?.includes(id) !== true);
    if (unknown !== undefined) return result(100, `member id ${unknown} not found`);
    await run('roomDel', { id: found.id, contacts: members });
    return success;
  },
};

const setGroupDisplayname: Operation = {
  path: 'set_group_displayname',
  summary: { 'en-US': 'renames a group', 'zh-CN': '设置群组的显示名称' },
  commands: ['roomTopicSet'],
  params: { ...group, new_displayname: required('the new name', '新的显示名称') },
  response: resultSchema(),
  handle: async ({ run, query }, params) => {
    const found = await findGroup(query, params);
    if (!found) return notFound;
    await run('roomTopicSet', { id: found.id, topic: params.get('new_displayname') ?? '' });
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
