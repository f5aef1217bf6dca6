/** Uses of the commands about rooms. */
import type { CommandedBot } from '../../../support/commanded-bot';
import { byId, each, get, idIn, lastSaid, type Uses } from './command-case';

const team = (bot: CommandedBot) => bot.world.room('Team');

async function invited(bot: CommandedBot): Promise<unknown> {
  const told = bot.simulated.next('room-invite');
  const invitation = bot.world.contact('Grace').invite('Secret Garden');
  await told;
  return invitation;
}

export const roomsUses: Uses = {
  roomSay: {
    params: () => ({ rooms: 'Team', messagePayload: 'hi' }),
    seen: (bot) => lastSaid(bot)[1],
    expected: 'hi',
  },
  roomSayAt: {
    params: () => ({ room: 'Team', contacts: ['Ming'], messageType: 'Text', messagePayload: 'hi' }),
    seen: (bot) => lastSaid(bot)[1],
    expected: '@Ming\u2005hi',
  },
  sendAt: {
    params: () => ({ room: 'Team', toContacts: ['wxid_ming'], messagePayload: 'hi' }),
    seen: (bot, result) => [lastSaid(bot)[1], bot.world.messages().at(-1)?.id === idIn(result)],
    expected: ['@Ming\u2005hi', true],
  },
  roomFind: [
    {
      given: team,
      params: () => ({ topic: 'Team', members: 'ids' }),
      seen: get('memberIds'),
      expected: ['wxid_bot', 'wxid_ming', 'wxid_alice', 'wxid_bob'],
    },
    { params: () => ({ id: 'No such room' }), result: null },
  ],
  roomFindAll: [
    {
      seen: each('topic'),
      expected: ['Team', '周末爬山', 'Wechaty 开发者'],
    },
    {
      params: () => ({ query: '/team/i', members: 'full' }),
      seen: (_, result) =>
        (result as { members: { name: string }[] }[]).flatMap(({ members }) =>
          members.map(({ name }) => name),
        ),
      expected: ['Bot', 'Ming', 'Alice', 'Bob'],
    },
  ],
  roomCreate: {
    params: () => ({ contactList: ['Ming', 'Alice'], topic: 'New' }),
    seen: (bot, result) => [bot.world.room(idIn(result)).topic, bot.world.room('New').memberIds],
    expected: ['New', ['wxid_bot', 'wxid_ming', 'wxid_alice']],
  },
  roomQuit: {
    params: () => ({ id: 'Team' }),
    seen: (bot) => team(bot).hasBot,
    expected: false,
  },
  roomTopicGet: {
    given: team,
    params: byId,
    seen: get('topic'),
    expected: 'Team',
  },
  roomTopicSet: {
    given: team,
    params: ({ id }) => ({ roomId: id, topic: 'Squad' }),
    seen: async (bot, _, { id }) => [
      bot.world.room(id).topic,
      (await bot.run<{ id: string }>('roomFind', { topic: 'Squad' })).id === id,
    ],
    expected: ['Squad', true],
  },
  roomAnnounceGet: {
    given: async (bot) => {
      await bot.run('roomAnnounceSet', { id: 'Team', text: 'Lunch at 12' });
      return team(bot);
    },
    params: byId,
    seen: get('announce'),
    expected: 'Lunch at 12',
  },
  roomAnnounceSet: {
    params: () => ({ id: 'Team', announce: 'Lunch at 1' }),
    seen: (bot) => team(bot).announcement,
    expected: 'Lunch at 1',
  },
  roomQrcodeGet: {
    params: () => ({ id: 'Team' }),
    seen: (_, result) => (result as { qrcode: string }).qrcode.startsWith('https://weixin.qq.com/g/'),
    expected: true,
  },
  roomAvatarGet: {
    params: () => ({ id: 'Team' }),
    seen: get('mimeType'),
    expected: 'image/svg+xml',
  },
  roomOwnerGet: { params: () => ({ id: '周末爬山' }), seen: get('id'), expected: 'wxid_wangfang' },
  roomSync: {
    given: team,
    params: byId,
    seen: (_, result, given) => idIn(result) === given.id,
    expected: true,
  },
  roomAdd: [
    {
      params: () => ({ id: 'Team', contacts: ['王芳', 'Meimei'] }),
      seen: (bot) => team(bot).memberIds.slice(4),
      expected: ['wxid_wangfang', 'wxid_hanmeimei'],
    },
    {
      given: team,
      params: ({ id }) => ({ roomId: id, contactId: 'wxid_lilei' }),
      seen: (bot) => team(bot).memberIds.slice(4),
      expected: ['wxid_lilei'],
    },
    {
      params: () => ({ id: 'Team', contacts: '李雷', inviteOnly: true }),
      seen: (bot) => [lastSaid(bot)[0], team(bot).memberIds.length],
      expected: ['wxid_lilei', 4],
    },
  ],
  roomDel: {
    params: () => ({ id: 'Team', contacts: ['Ming', '鲍勃'] }),
    seen: (bot) => team(bot).memberIds,
    expected: ['wxid_bot', 'wxid_alice'],
  },
  roomAliasGet: {
    given: ({ world }) => {
      world.contact('Bob').setRoomAlias('Team', 'Builder');
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
    seen: get('id'),
    expected: 'wxid_alice',
  },
  roomMemberAllGet: {
    params: () => ({ id: '', topic: 'Team', size: 3, page: 1 }),
    seen: each('name'),
    expected: ['Bot', 'Ming', 'Alice'],
  },
  roomInvitationAccept: {
    given: invited,
    params: byId,
    seen: async (bot) => [bot.world.room('Secret Garden').hasBot, await bot.run('roomInvitationFindAll')],
    expected: [true, []],
  },
  roomInvitationFindAll: {
    given: invited,
    seen: (_, result, given) =>
      (result as { id: string; topic: string }[]).map(({ id, topic }) => [id === given.id, topic]),
    expected: [[true, 'Secret Garden']],
  },
  roomInvitationInviter: { given: invited, params: byId, seen: get('id'), expected: 'wxid_grace' },
};
