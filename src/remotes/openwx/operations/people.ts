/** Paths about friends and strangers. */
import Type from 'typebox';
import { withTimeout } from '../../../util/timeout';
import { WechatError } from '../../../bot/errors';
import type { ContactView } from '../../../bot/views';
import {
  contactById,
  filledIn,
  friendNamed,
  friendsHaving,
  groupById,
  groupNamed,
} from '../people/contact-query';
import { notFound, type Operation, Picture, success, told } from './operation';
import { friendJson } from '../people/people';
import { friend, needed, optional } from './parameters';
import { coded, Friend, listOrNothing } from './shapes';

/** For so long an avatar is waited for, in ms. */
const avatarPatience = 3_000;

/** Parameters that are no attributes. */
const notAttributes = ['client', 'token', 'datatype', 'callback', '_'];

/** The attributes a search gives. */
export function attributesIn(given: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...given].filter(([name, value]) => value !== '' && !notAttributes.includes(name)));
}

const getFriendInfo: Operation = {
  path: 'get_friend_info',
  summary: { 'en-US': 'lists all friends', 'zh-CN': '获取好友数据' },
  command: 'contactFindAll',
  params: {},
  answer: Type.Array(Friend),
  run: async ({ ask, bot }) => {
    const selfId = bot.state.user?.id;
    const known = ((await ask('contactFindAll', {})) as ContactView[]).filter(({ id }) => id !== selfId);
    const friends = known.filter((contact) => contact.friend || friendJson(contact).category !== '群成员');
    // Of some puppets nobody is a friend, because they do not tell.
    return (known.some((contact) => contact.friend) ? friends : known).map(friendJson);
  },
};

const searchFriend: Operation = {
  path: 'search_friend',
  summary: { 'en-US': 'lists the friends with certain attributes', 'zh-CN': '搜索好友对象' },
  command: 'contactFindAll',
  params: {
    ...friend,
    name: optional('any attribute can be given, such as name', '可使用好友对象的任意属性'),
  },
  answer: listOrNothing(Friend),
  run: async ({ ask }, given) => {
    const found = await friendsHaving(ask, attributesIn(given));
    return found.length > 0 ? found.map(friendJson) : notFound;
  },
};

const getAvatar: Operation = {
  path: 'get_avatar',
  summary: { 'en-US': 'gets the picture of somebody or of a group', 'zh-CN': '获取用户或群组头像' },
  command: 'contactAvatarGet',
  params: {
    id: needed('of a friend, a member or a group', '用户或群组的 id'),
    group_id: optional("a member's group", '群成员所在群的 id'),
  },
  answer: coded({ id: Type.Null() }),
  whenFailed: { id: null },
  run: async ({ ask }, given) => {
    const id = given.get('id') ?? '';
    const isGroup = id.startsWith('@@') || id.endsWith('@chatroom');
    const found = isGroup ? await groupById(ask, id) : await contactById(ask, id);
    if (!found) return { ...notFound, id: null };
    try {
      const asked = ask(isGroup ? 'roomAvatarGet' : 'contactAvatarGet', { id });
      const late = (): Error => new WechatError('TIMEOUT', 'callTimeout', { call: 'avatar', seconds: 3 });
      const { data, mimeType } = (await withTimeout(asked, avatarPatience, late)) as {
        data: Buffer;
        mimeType: string;
      };
      return new Picture(data, mimeType);
    } catch (error) {
      if (error instanceof WechatError && error.code === 'TIMEOUT') return 'too late';
      throw error;
    }
  },
};

const markname = {
  summary: { 'en-US': 'changes the remark on a friend', 'zh-CN': '修改好友备注名称' },
  command: 'contactAliasSet',
  params: {
    ...friend,
    new_markname: needed('the new remark; empty removes it', '新备注名称，为空则清除'),
    group_id: optional(
      'for the remark on a member, which Wechaty does not know: answered with code 201',
      '修改群成员备注时使用；Wechaty 不支持，返回 201',
    ),
  },
  answer: coded(),
  run: async ({ ask }, given) => {
    const groupId = given.get('group_id');
    if (groupId) {
      const isKnown = (await groupById(ask, groupId)) !== undefined;
      return isKnown
        ? told(201, 'unsupported: a remark on a member of a group')
        : told(100, 'group not found');
    }
    const found = await friendNamed(ask, given);
    if (!found) return notFound;
    await ask('contactAliasSet', { id: found.id, alias: given.get('new_markname') ?? '' });
    return success;
  },
} satisfies Omit<Operation, 'path'>;

const stick: Operation = {
  path: 'stick',
  summary: {
    'en-US': 'would keep a chat on top: Wechaty cannot, so the answer is code 201',
    'zh-CN': '设置或取消置顶；Wechaty 不支持，返回 201',
  },
  params: {
    id: needed('of a friend or a group', '群组或好友的 id'),
    op: optional('1 or 0', '1 表示置顶，0 表示取消置顶'),
  },
  answer: coded(),
  run: async ({ ask }, given) => {
    const only = filledIn(given, ['id']);
    const found = (await friendNamed(ask, only)) ?? (await groupNamed(ask, only));
    return found ? told(201, 'unsupported: no Wechaty puppet can keep a chat on top') : notFound;
  },
};

const makeFriend: Operation = {
  path: 'make_friend',
  summary: { 'en-US': 'asks a member of a group to be friends', 'zh-CN': '向群成员发送好友请求' },
  command: 'friendshipAdd',
  params: {
    id: needed('of a member of any group', '群成员的 id'),
    verify: optional('the greeting', '附加信息'),
  },
  answer: coded(),
  run: async ({ ask, bot }, given) => {
    const id = given.get('id') ?? '';
    if (id !== '' && id === bot.state.user?.id) return told(101, 'can not be yourself');
    const contact = await contactById(ask, id);
    if (contact?.friend) return told(101, 'already a friend');
    const groups = (await ask('roomFindAll', { members: 'ids' })) as { id: string; memberIds: string[] }[];
    const group = groups.find(({ memberIds }) => memberIds.includes(id));
    if (!group) return notFound;
    await ask('friendshipAdd', { id, hello: given.get('verify') ?? '', roomId: group.id });
    return success;
  },
};

const acceptFriendRequest: Operation = {
  path: 'accept_friend_request',
  summary: { 'en-US': 'accepts a friend request', 'zh-CN': '接受好友验证申请' },
  command: 'friendshipAccept',
  params: {
    id: optional('of who asks, as the friend_request event tells it', '申请者 id，见 friend_request 事件'),
    displayname: optional('of who asks', '申请者显示名称'),
    ticket: needed('of the request, as the friend_request event tells it', 'friend_request 事件中的 ticket'),
  },
  answer: coded({ id: Type.String(), displayname: Type.String(), ticket: Type.String() }),
  failed: -1,
  run: async ({ ask, tickets }, given) => {
    const [id = null, displayname = null, ticket = null] = ['id', 'displayname', 'ticket'].map((name) =>
      given.get(name),
    );
    const echo = { displayname, id, ticket };
    const friendshipId = tickets.friendshipOf(ticket ?? '');
    if (friendshipId === undefined) return { ...told(-1, 'ticket not found'), ...echo };
    await ask('friendshipAccept', { id: friendshipId });
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
