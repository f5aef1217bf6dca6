/** Operations on rooms. */
import Type from 'typebox';
import { qrJpeg } from '../../wechat/qr-image';
import { memberRecordOf } from '../address-book';
import { ok, allVersions, operation } from './operation';
import { resolveContactId, rejectPattern } from '../../wechat/v1-code';

const groupId = Type.String({ minLength: 1 });
const userId = Type.String({ minLength: 1 });
const content = Type.String({ minLength: 1 });
const ids = Type.Optional(Type.Array(Type.String({ minLength: 1 }), { maxItems: 500 }));

const createRoom = operation({
  names: allVersions('createRoom'),
  summary: { 'en-US': 'creates a room with at least two contacts', 'zh-CN': '创建群，至少两个好友' },
  readOnly: false,
  commands: ['roomCreate'],
  params: Type.Object({ userIds: ids, userList: ids, roomName: Type.Optional(Type.String()) }),
  result: Type.Object({ userName: Type.String() }),
  handle: async ({ run, addressBook }, { userIds = [], userList = [], roomName }) => {
    const contactList = [...userIds, ...userList].map((one) => resolveContactId(one));
    const params = { contactList, ...(roomName ? { topic: roomName } : {}) };
    const { id } = await run('roomCreate', params);
    addressBook.invalidate();
    return ok({ userName: id });
  },
});

const getRoomMembers = operation({
  names: allVersions('getRoomMembers'),
  summary: {
    'en-US': 'lists the members of a room; the list is a JSON text',
    'zh-CN': '获取群成员，Member 为 JSON 文本',
  },
  readOnly: true,
  commands: ['roomMemberAllGet'],
  params: Type.Object({ groupId }),
  result: Type.Object({
    userName: Type.String(),
    chatroomId: Type.Integer(),
    count: Type.Integer(),
    member: Type.String(),
  }),
  handle: async ({ run }, params) => {
    const members = await run('roomMemberAllGet', { id: rejectPattern(params.groupId) });
    return ok({
      userName: params.groupId,
      chatroomId: 0,
      count: members.length,
      member: members.map(memberRecordOf),
    });
  },
});

/** Defines an operation that adds or removes a member. */
const memberOperation = (
  name: string,
  command: 'roomAdd' | 'roomDel',
  extraParams: { readonly inviteOnly?: boolean },
  [en, zh]: readonly [string, string],
) =>
  operation({
    names: allVersions(name),
    summary: { 'en-US': en, 'zh-CN': zh },
    readOnly: false,
    commands: [command],
    params: Type.Object({ groupId, userId }),
    handle: async ({ run, sentInvitations }, params) => {
      const contact = resolveContactId(params.userId);
      const request = { id: rejectPattern(params.groupId), contacts: [contact], ...extraParams };
      const change = (): Promise<unknown> => run(command, request);
      // An invitation is a link that the account sends to the contact.
      if (!extraParams.inviteOnly) await change();
      else await sentInvitations.track([contact], 'client', change, () => [{ id: contact }]);
      return ok();
    },
  });

const quitRoom = operation({
  names: allVersions('quitRoom'),
  summary: { 'en-US': 'the bot leaves a room', 'zh-CN': '退出群' },
  readOnly: false,
  commands: ['roomQuit'],
  params: Type.Object({ groupId }),
  handle: async ({ run, addressBook }, params) => {
    await run('roomQuit', { id: rejectPattern(params.groupId) });
    addressBook.invalidate();
    return ok();
  },
});

const setRoomName = operation({
  names: allVersions('setRoomName'),
  summary: { 'en-US': 'renames a room', 'zh-CN': '修改群名称' },
  readOnly: false,
  commands: ['roomTopicSet'],
  params: Type.Object({ groupId, content }),
  handle: async ({ run, addressBook }, params) => {
    await run('roomTopicSet', { id: rejectPattern(params.groupId), topic: params.content });
    addressBook.invalidate();
    return ok();
  },
});

const setRoomAnnouncement = operation({
  names: allVersions('setRoomAnnouncement'),
  summary: { 'en-US': "changes a room's announcement", 'zh-CN': '设置群公告' },
  readOnly: false,
  commands: ['roomAnnounceSet'],
  params: Type.Object({ groupId, content }),
  handle: async ({ run }, params) => {
    await run('roomAnnounceSet', { id: rejectPattern(params.groupId), announce: params.content });
    return ok();
  },
});

const getRoomQrcode = operation({
  names: allVersions('getRoomQrcode'),
  summary: { 'en-US': "gets a room's QR code, as a picture", 'zh-CN': '获取群二维码图片' },
  readOnly: true,
  commands: ['roomQrcodeGet'],
  params: Type.Object({ groupId, style: Type.Optional(Type.Unknown()) }),
  result: Type.Object({ qrCode: Type.String(), footer: Type.String() }),
  handle: async ({ run }, params) => {
    const { qrcode } = await run('roomQrcodeGet', {
      id: rejectPattern(params.groupId),
    });
    return ok({ qrCode: qrJpeg(qrcode).toString('base64'), footer: '' });
  },
});

export const roomOperations = [
  createRoom,
  getRoomMembers,
  memberOperation('addRoomMember', 'roomAdd', {}, ['adds a contact to a room', '添加群成员']),
  memberOperation('inviteRoomMember', 'roomAdd', { inviteOnly: true }, [
    'sends a contact an invitation into a room',
    '邀请好友进群',
  ]),
  memberOperation('deleteRoomMember', 'roomDel', {}, ['removes a member from a room', '删除群成员']),
  quitRoom,
  setRoomName,
  setRoomAnnouncement,
  getRoomQrcode,
];
