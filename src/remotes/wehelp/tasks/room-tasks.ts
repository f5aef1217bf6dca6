/** Tasks on rooms and their members. */
import Type from 'typebox';
import { rejectPattern } from '../../wechat/v1-code';
import { membersCallback, personOf, roomCallbacks } from '../people';
import { callbackTypes } from '../wire';
import { findContact } from './contact-tasks';
import { id, noParams, task, type TaskKind, unsupportedTask } from './task';

/** Defines a task that adds or removes a member. */
const memberTask = (
  api: string,
  code: number,
  command: 'roomAdd' | 'roomDel',
  summary: TaskKind['summary'],
) =>
  task({
    api,
    code,
    summary,
    readOnly: false,
    commands: [command],
    params: Type.Object({ wxid: id, chatroom: id }),
    handle: async ({ wxid, chatroom }, { run }) => {
      await run(command, { id: rejectPattern(chatroom), contacts: [rejectPattern(wxid)] });
      return [];
    },
  });

const getChatRoomLists = task({
  api: 'getChatRoomLists',
  code: 47,
  summary: { 'en-US': 'lists all rooms', 'zh-CN': '获取所有群' },
  callbacks: [callbackTypes.rooms],
  readOnly: true,
  commands: ['roomFindAll'],
  params: noParams,
  handle: async (_params, { run, selfId }) =>
    roomCallbacks(await run('roomFindAll', { members: 'ids' }), selfId),
});

const getChatRoomUserLists = task({
  api: 'getChatRoomUserLists',
  code: 6,
  summary: { 'en-US': 'lists the members of a room', 'zh-CN': '获取群成员' },
  callbacks: [callbackTypes.members],
  readOnly: true,
  commands: ['roomMemberAllGet'],
  params: Type.Object({ wxid: id }),
  handle: async ({ wxid }, { run }) => [
    membersCallback(wxid, await run('roomMemberAllGet', { id: rejectPattern(wxid) })),
  ],
});

const getRoomUserV2 = task({
  api: 'getRoomUserV2',
  code: 34,
  summary: {
    'en-US': 'gets the code by which a member can be added as a friend',
    'zh-CN': '获取群成员的 v2，用于加好友',
  },
  callbacks: [callbackTypes.ticket],
  readOnly: true,
  commands: ['roomMemberGet', 'contactFind'],
  params: Type.Object({ chatroom: id, wxid: id }),
  handle: async ({ chatroom, wxid }, context) => {
    const room = rejectPattern(chatroom);
    const member = await context.run('roomMemberGet', { id: room, contactId: rejectPattern(wxid) });
    const contact = await findContact(context, member.id);
    const v2 = context.v2Codes.encodeMember(contact.id, room);
    return [{ type: callbackTypes.ticket, ...personOf(contact), v2 }];
  },
});

export const roomTasks = [
  memberTask('sendChatroom', 4, 'roomAdd', { 'en-US': 'invites a contact into a room', 'zh-CN': '群邀请' }),
  memberTask('delChatRoomUser', 12, 'roomDel', {
    'en-US': 'removes a member from a room',
    'zh-CN': '踢出群成员',
  }),
  getChatRoomLists,
  getChatRoomUserLists,
  getRoomUserV2,
  unsupportedTask('updateRoomAsName', 44, {
    'en-US': "changes the bot's own name in a room",
    'zh-CN': '修改自己的群昵称',
  }),
];
