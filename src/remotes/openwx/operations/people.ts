/** Operations on contacts. */
import Type from 'typebox';
import { withTimeout } from '../../../util/timeout';
import { WechatError } from '../../../bot/errors';
import {
  contactById,
  nonEmptyParams,
  findFriend,
  findFriends,
  groupById,
  findGroup,
} from '../people/contact-query';
import { notFound, type Operation, ImageResult, success, result } from './operation';
import { friendJson } from '../people/people';
import { friend, required, optional } from './parameters';
import { resultSchema, Friend, listOrNothing } from './shapes';

/** Timeout for loading an avatar, in ms. */
const avatarTimeoutMs = 3_000;

/** Parameters that are not search attributes. */
const reservedParams = ['client', 'token', 'datatype', 'callback', '_'];

/** The search attributes of a request. */
export function searchAttributes(params: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...params].filter(([name, value]) => value !== '' && !reservedParams.includes(name)));
}

const getFriendInfo: Operation = {
  path: 'get_friend_info',
  summary: { 'en-US': 'lists all friends', 'zh-CN': '获取好友数据' },
  commands: ['contactFindAll'],
  params: {},
  response: Type.Array(Friend),
  handle: async ({ run, bot }) => {
    const selfId = bot.state.user?.id;
    const known = (await run('contactFindAll', {})).filter(({ id }) => id !== selfId);
    const friends = known.filter((contact) => contact.friend || friendJson(contact).category !== '群成员');
    // Some puppets do not provide friendship: then all contacts are listed.
    return (known.some((contact) => contact.friend) ? friends : known).map(friendJson);
  },
};

const searchFriend: Operation = {
  path: 'search_friend',
  summary: { 'en-US': 'lists the friends with certain attributes', 'zh-CN': '搜索好友对象' },
  optionalCommands: ['contactFind', 'contactFindAll'],
  params: {
    ...friend,
    name: optional('any attribute of a friend, such as name', '可使用好友对象的任意属性'),
  },
  response: listOrNothing(Friend),
  handle: async ({ run }, params) => {
    const found = await findFriends(run, searchAttributes(params));
    return found.length > 0 ? found.map(friendJson) : notFound;
  },
};

const getAvatar: Operation = {
  path: 'get_avatar',
  summary: { 'en-US': 'gets the avatar of a contact or a group', 'zh-CN': '获取用户或群组头像' },
  optionalCommands: ['contactAvatarGet', 'roomAvatarGet'],
  params: {
    id: required('of a friend, a member or a group', '用户或群组的 id'),
    group_id: optional("a member's group", '群成员所在群的 id'),
  },
  response: resultSchema({ id: Type.Null() }),
  errorFields: { id: null },
  handle: async ({ run, query }, params) => {
    const id = params.get('id') ?? '';
    const isGroup = id.startsWith('@@') || id.endsWith('@chatroom');
    const found = isGroup ? await groupById(query, id) : await contactById(query, id);
    if (!found) return { ...notFound, id: null };
    try {
      const avatar = isGroup ? run('roomAvatarGet', { id }) : run('contactAvatarGet', { id });
      const createError = (): Error =>
        new WechatError('TIMEOUT', 'callTimeout', { call: 'avatar', seconds: 3 });
      const { data, mimeType } = await withTimeout(avatar, avatarTimeoutMs, createError);
      return new ImageResult(data, mimeType);
    } catch (error) {
      if (error instanceof WechatError && error.code === 'TIMEOUT') return 'timeout';
      throw error;
    }
  },
};

const markname = {
  summary: { 'en-US': 'changes the remark on a friend', 'zh-CN': '修改好友备注' },
  commands: ['contactAliasSet'],
  params: {
    ...friend,
    new_markname: required('the new remark; empty removes it', '新备注，为空则清除'),
    group_id: optional(
      'for the remark on a member, which Wechaty does not support: code 201',
      '修改群成员备注时使用；Wechaty 不支持，返回 201',
    ),
  },
  response: resultSchema(),
  handle: async ({ run, query }, params) => {
    const groupId = params.get('group_id');
    if (groupId) {
      const isKnown = (await groupById(query, groupId)) !== undefined;
      return isKnown
        ? result(201, 'unsupported: a remark on a member of a group')
        : result(100, 'group not found');
    }
    const found = await findFriend(query, params);
    if (!found) return notFound;
    await run('contactAliasSet', { id: found.id, alias: params.get('new_markname') ?? '' });
    return success;
  },
} satisfies Omit<Operation, 'path'>;

const stick: Operation = {
  path: 'stick',
  summary: {
    'en-US': 'pins a chat; not supported by Wechaty: code 201',
    'zh-CN': '设置或取消置顶；Wechaty 不支持，返回 201',
  },
  params: {
    id: required('of a friend or a group', '群组或好友的 id'),
    op: optional('1 or 0', '1 表示置顶，0 表示取消置顶'),
  },
  response: resultSchema(),
  handle: async ({ query }, params) => {
    const byId = nonEmptyParams(params, ['id']);
    const found = (await findFriend(query, byId)) ?? (await findGroup(query, byId));
    return found ? result(201, 'unsupported: no Wechaty puppet can pin a chat') : notFound;
  },
};

const makeFriend: Operation = {
  path: 'make_friend',
  summary: { 'en-US': 'sends a friend request to a member of a group', 'zh-CN': '向群成员发送好友请求' },
  commands: ['friendshipAdd'],
  params: {
    id: required('of a member of any group', '群成员的 id'),
    verify: optional('the greeting', '附加信息'),
  },
  response: resultSchema(),
  handle: async ({ run, query, bot }, params) => {
    const id = params.get('id') ?? '';
    if (id !== '' && id === bot.state.user?.id) return result(101, 'can not be yourself');
    const contact = await contactById(query, id);
    if (contact?.friend) return result(101, 'already a friend');
    const groups = await query('roomFindAll', { members: 'ids' });
    const group = groups.find(({ memberIds }) => memberIds?.includes(id));
    if (!group) return notFound;
    await run('friendshipAdd', { id, hello: params.get('verify') ?? '', roomId: group.id });
    return success;
  },
};

const acceptFriendRequest: Operation = {
  path: 'accept_friend_request',
  summary: { 'en-US': 'accepts a friend request', 'zh-CN': '接受好友验证申请' },
  commands: ['friendshipAccept'],
  params: {
    id: optional('of the sender, from the friend_request event', '申请者 id，见 friend_request 事件'),
    displayname: optional('of the sender', '申请者显示名称'),
    ticket: required('of the request, from the friend_request event', 'friend_request 事件中的 ticket'),
  },
  response: resultSchema({ id: Type.String(), displayname: Type.String(), ticket: Type.String() }),
  failureCode: -1,
  handle: async ({ run, tickets }, params) => {
    const [id = null, displayname = null, ticket = null] = ['id', 'displayname', 'ticket'].map((name) =>
      params.get(name),
    );
    const echo = { displayname, id, ticket };
    const friendshipId = tickets.resolve(ticket ?? '');
    if (friendshipId === undefined) return { ...result(-1, 'ticket not found'), ...echo };
    await run('friendshipAccept', { id: friendshipId });
    return { ...success, ...echo };
  },
};

export const peopleOperations: readonly Operation[] = [
  getFriendInfo,
  searchFriend,
  getAvatar,
  { path: 'set_markname', ...markname },
  { path: 'set_friend_markname', ...markname },
  stick,
  makeFriend,
  acceptFriendRequest,
];
