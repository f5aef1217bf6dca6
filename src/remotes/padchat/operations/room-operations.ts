/** What clients ask about rooms. */
import Type from 'typebox';
import type { MemberView } from '../../../bot/views';
import { qrJpeg } from '../../wechat/qr-image';
import { memberRecordOf } from '../address-book';
import { done, everywhere, operation } from './operation';
import { contactIdIn, exact } from '../../wechat/v1-code';

const groupId = Type.String({ minLength: 1 });
const userId = Type.String({ minLength: 1 });
const content = Type.String({ minLength: 1 });
const ids = Type.Optional(Type.Array(Type.String({ minLength: 1 }), { maxItems: 500 }));

const createRoom = operation({
  names: everywhere('createRoom'),
  summary: { 'en-US': 'creates a room with at least two contacts', 'zh-CN': '创建群，至少两个好友' },
  readOnly: false,
  params: Type.Object({ userIds: ids, userList: ids, roomName: Type.Optional(Type.String()) }),
  result: Type.Object({ userName: Type.String() }),
  run: async ({ ask, addressBook }, { userIds = [], userList = [], roomName }) => {
    const contactList = [...userIds, ...userList].map((one) => contactIdIn(one, undefined));
    const params = { contactList, ...(roomName ? { topic: roomName } : {}) };
    const { id } = await ask<{ id: string }>('roomCreate', params);
    addressBook.forget();
    return done({ userName: id });
  },
});

const getRoomMembers = operation({
  names: everywhere('getRoomMembers'),
  summary: {
    'en-US': 'lists the members of a room; the list is a JSON text',
    'zh-CN': '获取群成员，Member 为 JSON 文本',
  },
  readOnly: true,
  params: Type.Object({ groupId }),
  result: Type.Object({
    userName: Type.String(),
    chatroomId: Type.Integer(),
    count: Type.Integer(),
    member: Type.String(),
  }),
  run: async ({ ask }, params) => {
    const members = await ask<MemberView[]>('roomMemberAllGet', { id: exact(params.groupId) });
    return done({
      userName: params.groupId,
      chatroomId: 0,
      count: members.length,
      member: members.map(memberRecordOf),
    });
  },
});

/** A change of who is in a room. */
const membership = (
  name: string,
  command: 'roomAdd' | 'roomDel',
  more: object,
  [en, zh]: readonly [string, string],
) =>
  operation({
    names: everywhere(name),
    summary: { 'en-US': en, 'zh-CN': zh },
    readOnly: false,
    params: Type.Object({ groupId, userId }),
    run: async ({ ask }, params) => {
      const contacts = [contactIdIn(params.userId, undefined)];
      await ask(command, { id: exact(params.groupId), contacts, ...more });
      return done();
    },
  });

const quitRoom = operation({
  names: everywhere('quitRoom'),
  summary: { 'en-US': 'the bot leaves a room', 'zh-CN': '退出群' },
  readOnly: false,
  params: Type.Object({ groupId }),
  run: async ({ ask, addressBook }, params) => {
    await ask('roomQuit', { id: exact(params.groupId) });
    addressBook.forget();
    return done();
  },
});

const setRoomName = operation({
  names: everywhere('setRoomName'),
  summary: { 'en-US': 'renames a room', 'zh-CN': '修改群名称' },
  readOnly: false,
  params: Type.Object({ groupId, content }),
  run: async ({ ask, addressBook }, params) => {
    await ask('roomTopicSet', { id: exact(params.groupId), topic: params.content });
    addressBook.forget();
    return done();
  },
});

const setRoomAnnouncement = operation({
  names: everywhere('setRoomAnnouncement'),
  summary: { 'en-US': "changes a room's announcement", 'zh-CN': '设置群公告' },
  readOnly: false,
  params: Type.Object({ groupId, content }),
  run: async ({ ask }, params) => {
    await ask('roomAnnounceSet', { id: exact(params.groupId), announce: params.content });
    return done();
  },
});

const getRoomQrcode = operation({
  names: everywhere('getRoomQrcode'),
  summary: { 'en-US': "gets a room's QR code, as a picture", 'zh-CN': '获取群二维码图片' },
  readOnly: true,
  params: Type.Object({ groupId, style: Type.Optional(Type.Unknown()) }),
  result: Type.Object({ qrCode: Type.String(), footer: Type.String() }),
  run: async ({ ask }, params) => {
    const { qrcode } = await ask<{ qrcode: string }>('roomQrcodeGet', { id: exact(params.groupId) });
    return done({ qrCode: qrJpeg(qrcode).toString('base64'), footer: '' });
  },
});

export const roomOperations = [
  createRoom,
  getRoomMembers,
  membership('addRoomMember', 'roomAdd', {}, ['adds a contact to a room', '添加群成员']),
  membership('inviteRoomMember', 'roomAdd', { inviteOnly: true }, [
    'sends a contact an invitation into a room',
    '邀请好友进群',
  ]),
  membership('deleteRoomMember', 'roomDel', {}, ['removes somebody from a room', '删除群成员']),
  quitRoom,
  setRoomName,
  setRoomAnnouncement,
  getRoomQrcode,
];
