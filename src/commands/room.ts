/** Commands about rooms. */
import Type, { type Static } from 'typebox';
import type { payloads } from 'wechaty-puppet';
import { type Account, callTimeouts } from '../bot/account';
import { WechatError } from '../bot/errors';
import { contactView, roomView, asStrings } from '../bot/view-mappers';
import { ContactView, MemberView, RoomView } from '../bot/views';
import { describe } from '../i18n/describe';
import { command } from './command';
import { readFileBox } from './content/file-output';
import { resolveRoom, singleNames } from './resolve';
import {
  aliasOf,
  ChangedResult,
  FileView,
  optionalString,
  partOf,
  pagingParams,
  requireParam,
  roomRef,
  stringOrList,
  toList,
  withOneOf,
} from './shared-schemas';

const members = Type.Optional(
  Type.Enum(['none', 'ids', 'full'], {
    default: 'none',
    ...describe('information about members; full costs a call per member', '成员信息；full 每个成员调用一次'),
  }),
);

const RoomWithMembers = Type.Object({
  ...RoomView.properties,
  memberIds: Type.Optional(Type.Array(Type.String(), describe('with members: ids', 'members 为 ids 时'))),
  members: Type.Optional(Type.Array(MemberView, describe('with members: full', 'members 为 full 时'))),
});

const search = {
  id: roomRef.id,
  topic: aliasOf('id', roomRef.id),
  query: aliasOf('id', roomRef.id),
};

async function withMembers(
  account: Account,
  room: payloads.Room,
  detail: 'none' | 'ids' | 'full' | undefined,
): Promise<Static<typeof RoomWithMembers>> {
  const view = roomView(room.id, room);
  if (detail === 'full') return { ...view, members: await account.members.all(room.id) };
  if (detail !== 'ids') return view;
  const known = asStrings(room.memberIdList);
  return { ...view, memberIds: known.length > 0 ? known : await account.members.ids(room.id) };
}

const roomFind = command({
  name: 'roomFind',
  summary: {
    'en-US': 'finds a room by id or topic; null if there is none',
    'zh-CN': '按 id 或群名查找群，没有则为 null',
  },
  readOnly: true,
  params: withOneOf({ ...search, members }, search),
  result: Type.Union([RoomWithMembers, Type.Null()]),
  run: async (bot, params) => {
    const account = bot.account();
    const query = requireParam('id', params.id, params.topic, params.query);
    const [first, ...others] = await account.rooms.find(query, { limit: 2 });
    if (!first) return null;
    return withMembers(
      account,
      others.length > 0 ? await account.rooms.findOne(query) : first,
      params.members,
    );
  },
});

const roomFindAll = command({
  name: 'roomFindAll',
  summary: {
    'en-US': 'lists all rooms, or those that match a topic or a /pattern/',
    'zh-CN': '获取群列表，可按群名或 /正则/ 筛选',
  },
  readOnly: true,
  params: Type.Object({ ...search, members, ...pagingParams }),
  result: Type.Array(RoomWithMembers),
  run: async (bot, { id, topic, query, members: detail, ...page }) => {
    const account = bot.account();
    const [searched] = toList(id, topic, query);
    const part = partOf(page);
    const found = await (searched === undefined
      ? account.rooms.all(part)
      : account.rooms.find(searched, part));
    const rooms: Static<typeof RoomWithMembers>[] = [];
    // Sequential: each may cost a call per member.
    for (const room of found) rooms.push(await withMembers(account, room, detail));
    return rooms;
  },
});

const contactList = stringOrList(
  'at least two contacts: ids, aliases or names',
  '至少两个联系人：id、备注或昵称',
  { 'x-kind': 'contact' },
);
const newMembers = { contactList: Type.Optional(contactList), contacts: aliasOf('contactList', contactList) };

const roomCreate = command({
  name: 'roomCreate',
  summary: { 'en-US': 'creates a room with contacts', 'zh-CN': '创建群' },
  readOnly: false,
  params: withOneOf({ ...newMembers, topic: optionalString('the topic of the room', '群名') }, newMembers),
  result: ChangedResult,
  run: async (bot, { contactList, contacts, topic }) => {
    const account = bot.account();
    const find = (name: string) => account.contacts.findEachId(name);
    const found = await Promise.all((await singleNames([contactList, contacts], find)).map(find));
    const ids = [...new Set(found.flat())].filter((id) => id !== account.selfId);
    if (ids.length < 2) throw new WechatError('INVALID_PARAMS', 'tooFewMembers');
    const work = (puppet: Account['puppet']) => puppet.roomCreate(ids, topic);
    const id = await account.call('roomCreate', work, callTimeouts.write);
    await account.refresh('Room', id);
    return { id };
  },
});

const roomQuit = command({
  name: 'roomQuit',
  summary: { 'en-US': 'the bot leaves a room', 'zh-CN': '机器人退群' },
  readOnly: false,
  params: withOneOf(roomRef),
  result: ChangedResult,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await resolveRoom(account, params);
    await account.call('roomQuit', (puppet) => puppet.roomQuit(id), callTimeouts.write);
    await account.refresh('Room', id);
    return { id };
  },
});

const roomTopicGet = command({
  name: 'roomTopicGet',
  aliases: ['roomTopicgGet'],
  summary: { 'en-US': "gets a room's topic", 'zh-CN': '获取群名' },
  readOnly: true,
  params: withOneOf(roomRef),
  result: Type.Object({ id: Type.String(), topic: Type.String() }),
  run: async (bot, params) => {
    const room = await resolveRoom(bot.account(), params);
    return { id: room.id, topic: roomView(room.id, room).topic };
  },
});

const roomTopicSet = command({
  name: 'roomTopicSet',
  summary: { 'en-US': 'renames a room', 'zh-CN': '修改群名' },
  readOnly: false,
  params: withOneOf(
    { ...roomRef, topic: Type.String({ minLength: 1, ...describe('the new topic', '新群名') }) },
    roomRef,
  ),
  result: ChangedResult,
  run: async (bot, { topic, ...which }) => {
    const account = bot.account();
    const { id } = await resolveRoom(account, which);
    await account.call('roomTopic', (puppet) => puppet.roomTopic(id, topic), callTimeouts.write);
    await account.refresh('Room', id);
    return { id };
  },
});

const roomAnnounceGet = command({
  name: 'roomAnnounceGet',
  summary: { 'en-US': "gets a room's announcement", 'zh-CN': '获取群公告' },
  readOnly: true,
  params: withOneOf(roomRef),
  result: Type.Object({ id: Type.String(), announce: Type.String() }),
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await resolveRoom(account, params);
    return { id, announce: await account.call('roomAnnounce', (puppet) => puppet.roomAnnounce(id)) };
  },
});

const announce = optionalString('the announcement', '群公告');
const announcement = { announce, text: aliasOf('announce', announce) };

const roomAnnounceSet = command({
  name: 'roomAnnounceSet',
  summary: { 'en-US': "changes a room's announcement", 'zh-CN': '发布群公告' },
  readOnly: false,
  params: withOneOf({ ...roomRef, ...announcement }, roomRef, announcement),
  result: ChangedResult,
  run: async (bot, { announce, text, ...which }) => {
    const account = bot.account();
    const { id } = await resolveRoom(account, which);
    const content = requireParam('announce', announce, text);
    await account.call('roomAnnounce', (puppet) => puppet.roomAnnounce(id, content), callTimeouts.write);
    return { id };
  },
});

const roomQrcodeGet = command({
  name: 'roomQrcodeGet',
  summary: { 'en-US': 'gets the QR code for joining a room', 'zh-CN': '获取群二维码' },
  readOnly: true,
  params: withOneOf(roomRef),
  result: Type.Object({
    id: Type.String(),
    qrcode: Type.String(describe('the text of the QR code', '二维码内容')),
  }),
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await resolveRoom(account, params);
    return { id, qrcode: await account.call('roomQRCode', (puppet) => puppet.roomQRCode(id)) };
  },
});

const roomAvatarGet = command({
  name: 'roomAvatarGet',
  summary: { 'en-US': "gets a room's picture", 'zh-CN': '获取群头像' },
  readOnly: true,
  params: withOneOf(roomRef),
  result: FileView,
  run: async (bot, params, { files }) => {
    const account = bot.account();
    const { id } = await resolveRoom(account, params);
    return readFileBox(account, 'roomAvatar', (puppet) => puppet.roomAvatar(id), files.maxBytes);
  },
});

const roomOwnerGet = command({
  name: 'roomOwnerGet',
  summary: {
    'en-US': 'gets the owner of a room; null if the puppet does not provide it',
    'zh-CN': '获取群主，Puppet 不提供则为 null',
  },
  readOnly: true,
  params: withOneOf(roomRef),
  result: Type.Union([ContactView, Type.Null()]),
  run: async (bot, params) => {
    const account = bot.account();
    const room = await resolveRoom(account, params);
    const { ownerId } = roomView(room.id, room);
    return ownerId ? contactView(ownerId, await account.contacts.byId(ownerId)) : null;
  },
});

const roomSync = command({
  name: 'roomSync',
  summary: { 'en-US': 'reloads a room and its members from WeChat', 'zh-CN': '从微信重新读取群及成员' },
  readOnly: true,
  params: withOneOf(roomRef),
  result: RoomView,
  run: async (bot, params) => {
    const account = bot.account();
    const { id } = await resolveRoom(account, params);
    await account.call('roomPayloadDirty', (puppet) => puppet.roomPayloadDirty(id));
    await account.call('roomMemberPayloadDirty', (puppet) => puppet.roomMemberPayloadDirty(id));
    await account.refresh('Room', id);
    return roomView(id, await account.rooms.byId(id));
  },
});

export const roomCommands = [
  roomFind,
  roomFindAll,
  roomCreate,
  roomQuit,
  roomTopicGet,
  roomTopicSet,
  roomAnnounceGet,
  roomAnnounceSet,
  roomQrcodeGet,
  roomAvatarGet,
  roomOwnerGet,
  roomSync,
];
