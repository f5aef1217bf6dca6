/** Cases of the commands about rooms. */
import type { CommandedBot } from '../../../support/commanded-bot';
import { byId, each, get, idIn, lastMessage, type CommandCases } from './command-case';

const team = (bot: CommandedBot) => bot.simulation.room('Team');

async function receiveInvitation(bot: CommandedBot): Promise<unknown> {
  const received = bot.simulatedBot.nextEvent('room-invite');
  const invitation = bot.simulation.contact('Grace').invite('Secret Garden');
  await received;
  return invitation;
}

export const roomsCases: CommandCases = {
  roomSay: {
    params: () => ({ rooms: 'Team', messagePayload: 'hi' }),
    observe: (bot) => lastMessage(bot)[1],
    expected: 'hi',
  },
  roomSayAt: {
    params: () => ({ room: 'Team', contacts: ['Ming'], messageType: 'Text', messagePayload: 'hi' }),
    observe: (bot) => lastMessage(bot)[1],
    expected: '@Ming\u2005hi',
  },
  sendAt: {
    params: () => ({ room: 'Team', toContacts: ['wxid_ming'], messagePayload: 'hi' }),
    observe: (bot, result) => [lastMessage(bot)[1], bot.simulation.messages().at(-1)?.id === idIn(result)],
    expected: ['@Ming\u2005hi', true],
  },
  roomFind: [
    {
      arrange: team,
      params: () => ({ topic: 'Team', members: 'ids' }),
      observe: get('memberIds'),
      expected: ['wxid_bot', 'wxid_ming', 'wxid_alice', 'wxid_bob'],
    },
    { params: () => ({ id: 'No such room' }), result: null },
  ],
  roomFindAll: [
    {
      observe: each('topic'),
      expected: ['Team', '周末爬山', 'Wechaty 开发者'],
    },
    {
      params: () => ({ query: '/team/i', members: 'full' }),
      observe: (_, result) =>
        (result as { members: { name: string }[] }[]).flatMap(({ members }) =>
          members.map(({ name }) => name),
        ),
      expected: ['Bot', 'Ming', 'Alice', 'Bob'],
    },
  ],
  roomCreate: {
    params: () => ({ contactList: ['Ming', 'Alice'], topic: 'New' }),
    observe: (bot, result) => [bot.simulation.room(idIn(result)).topic, bot.simulation.room('New').memberIds],
    expected: ['New', ['wxid_bot', 'wxid_ming', 'wxid_alice']],
  },
  roomQuit: {
    params: () => ({ id: 'Team' }),
    observe: (bot) => team(bot).hasBot,
    expected: false,
  },
  roomTopicGet: {
    arrange: team,
    params: byId,
    observe: get('topic'),
    expected: 'Team',
  },
  roomTopicSet: {
    arrange: team,
    params: ({ id }) => ({ roomId: id, topic: 'Squad' }),
    observe: async (bot, _, { id }) => [
      bot.simulation.room(id).topic,
      (await bot.run<{ id: string }>('roomFind', { topic: 'Squad' })).id === id,
    ],
    expected: ['Squad', true],
  },
  roomAnnounceGet: {
    arrange: async (bot) => {
      await bot.run('roomAnnounceSet', { id: 'Team', text: 'Lunch at 12' });
      return team(bot);
    },
    params: byId,
    observe: get('announce'),
    expected: 'Lunch at 12',
  },
  roomAnnounceSet: {
    params: () => ({ id: 'Team', announce: 'Lunch at 1' }),
    observe: (bot) => team(bot).announcement,
    expected: 'Lunch at 1',
  },
  roomQrcodeGet: {
    params: () => ({ id: 'Team' }),
    observe: (_, result) => (result as { qrcode: string }).qrcode.startsWith('https://weixin.qq.com/g/'),
    expected: true,
  },
  roomAvatarGet: {
    params: () => ({ id: 'Team' }),
    observe: get('mimeType'),
    expected: 'image/svg+xml',
  },
  roomOwnerGet: { params: () => ({ id: '周末爬山' }), observe: get('id'), expected: 'wxid_wangfang' },
  roomSync: {
    arrange: team,
    params: byId,
    observe: (_, result, arranged) => idIn(result) === arranged.id,
    expected: true,
  },
  roomAdd: [
    {
      params: () => ({ id: 'Team', contacts: ['王芳', 'Meimei'] }),
      observe: (bot) => team(bot).memberIds.slice(4),
      expected: ['wxid_wangfang', 'wxid_hanmeimei'],
    },
    {
      arrange: team,
      params: ({ id }) => ({ roomId: id, contactId: 'wxid_lilei' }),
      observe: (bot) => team(bot).memberIds.slice(4),
      expected: ['wxid_lilei'],
    },
    {
      params: () => ({ id: 'Team', contacts: '李雷', inviteOnly: true }),
      observe: (bot) => [lastMessage(bot)[0], team(bot).memberIds.length],
      expected: ['wxid_lilei', 4],
    },
  ],
  roomDel: {
    params: () => ({ id: 'Team', contacts: ['Ming', '鲍勃'] }),
    observe: (bot) => team(bot).memberIds,
    expected: ['wxid_bot', 'wxid_alice'],
  },
  roomAliasGet: {
    arrange: ({ simulation }) => {
      simulation.contact('Bob').setRoomAlias('Team', 'Builder');
    },
    params: () => ({ id: 'Team', contact: 'Builder' }),
    result: { id: 'wxid_bob', alias: 'Builder' },
  },
  roomHas: [
    { params: () => ({ id: 'Team', contact: '小明' }), result: { has: true } },
    { params: () => ({ id: 'Team', contactId: 'wxid_lilei' }), result: { has: false } },
  ],
  roomMemberGet: {
    params: () => ({ id: 'Team', name: 'Alice' }),
    observe: get('id'),
    expected: 'wxid_alice',
  },
  roomMemberAllGet: {
    params: () => ({ id: '', topic: 'Team', size: 3, page: 1 }),
    observe: each('name'),
    expected: ['Bot', 'Ming', 'Alice'],
  },
  roomInvitationAccept: {
    arrange: receiveInvitation,
    params: byId,
    observe: async (bot) => [
      bot.simulation.room('Secret Garden').hasBot,
      await bot.run('roomInvitationFindAll'),
    ],
    expected: [true, []],
  },
  roomInvitationFindAll: {
    arrange: receiveInvitation,
    observe: (_, result, arranged) =>
      (result as { id: string; topic: string }[]).map(({ id, topic }) => [id === arranged.id, topic]),
    expected: [[true, 'Secret Garden']],
  },
  roomInvitationInviter: {
    arrange: receiveInvitation,
    params: byId,
    observe: get('id'),
    expected: 'wxid_grace',
  },
};
