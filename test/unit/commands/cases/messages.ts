/** Uses of the commands about messages. */
import type { BotEvent } from '../../../../src/bot/events';
import type { CommandedBot } from '../../../support/commanded-bot';
import { byId, bytes, each, get, lastSaid, picture, said, type Uses } from './command-case';

/** Texts from Ming that reached the bot. */
function heard(...texts: string[]): (bot: CommandedBot) => Promise<void> {
  return async (bot) => {
    const isLast = ({ message }: BotEvent) => (message as { text: string }).text === texts.at(-1);
    const last = bot.simulated.next('message', isLast);
    for (const text of texts) said(text)(bot);
    await last;
  };
}

export const messagesUses: Uses = {
  messageFind: [
    {
      given: said('ding'),
      params: byId,
      seen: get('text'),
      expected: 'ding',
    },
    { params: () => ({ id: '404' }), result: null },
    {
      given: heard('one', 'two'),
      params: () => ({ talker: 'Ming', type: 'Text' }),
      seen: get('text'),
      expected: 'two',
    },
  ],
  messageFindAll: [
    {
      given: heard('one', 'two', 'three'),
      params: () => ({ text: '/^t/' }),
      seen: each('text'),
      expected: ['two', 'three'],
    },
    { given: heard('one'), params: () => ({ room: 'Team' }), result: [] },
  ],
  messageSay: {
    given: said('ding'),
    params: ({ id }) => ({ id, messagePayload: 'dong' }),
    seen: lastSaid,
    expected: ['wxid_ming', 'dong'],
  },
  messageForward: {
    given: said('news'),
    params: ({ id }) => ({ id, toContacts: ['Team', 'Alice'] }),
    seen: ({ world }) =>
      world
        .messages()
        .slice(-2)
        .map(({ roomId, listenerId, text }) => [roomId ? world.room(roomId).topic : listenerId, text]),
    expected: [
      ['Team', 'news'],
      ['wxid_alice', 'news'],
    ],
  },
  messageToRecalled: {
    given: (bot) => bot.run('wechatySay', { messagePayload: 'oops' }),
    params: byId,
    seen: ({ world }, _, { id }) => {
      const content = world.messages().at(-1)?.content;
      return content?.kind === 'recall' && content.messageId === id;
    },
    expected: true,
  },
  conversationReadMarkGet: {
    given: said('ding'),
    params: () => ({ id: 'Ming' }),
    result: { id: 'wxid_ming', read: false },
  },
  conversationReadMarkSet: {
    given: said('ding'),
    params: () => ({ id: 'Ming' }),
    seen: (bot) => bot.run('conversationReadMarkGet', { id: 'Ming' }),
    expected: { id: 'wxid_ming', read: true },
  },
  messageFile: { given: said({ kind: 'file', name: 'a.png', data: bytes }), params: byId, result: picture },
  messageImage: {
    given: said({ kind: 'image', name: 'a.png', data: bytes }),
    params: ({ id }) => ({ id, type: 'Thumbnail' }),
    result: picture,
  },
  messageContact: {
    given: said({ kind: 'card', contactId: 'wxid_bob' }),
    params: byId,
    seen: get('id'),
    expected: 'wxid_bob',
  },
  messageUrl: {
    given: said({ kind: 'url', url: { url: 'https://example.com/', title: 'Example' } }),
    params: byId,
    result: { url: 'https://example.com/', title: 'Example' },
  },
  messageMiniProgram: {
    given: said({ kind: 'mini-program', miniProgram: { appid: 'wx1', title: 'Shop' } }),
    params: byId,
    result: { appid: 'wx1', title: 'Shop' },
  },
  messageLocation: {
    given: said({
      kind: 'location',
      location: { latitude: 1, longitude: 2, name: 'n', address: 'a', accuracy: 3 },
    }),
    params: byId,
    result: { latitude: 1, longitude: 2, name: 'n', address: 'a', accuracy: 3 },
  },
};
