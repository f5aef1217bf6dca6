/** Cases of the commands about messages. */
import type { BotEvent } from '../../../../src/bot/events';
import type { CommandedBot } from '../../../support/commanded-bot';
import { byId, bytes, each, get, lastMessage, picture, sayFromMing, type CommandCases } from './command-case';

/** Texts from Ming, received by the bot. */
function receiveTexts(...texts: string[]): (bot: CommandedBot) => Promise<void> {
  return async (bot) => {
    const isLast = ({ message }: BotEvent) => (message as { text: string }).text === texts.at(-1);
    const last = bot.simulatedBot.nextEvent('message', isLast);
    for (const text of texts) sayFromMing(text)(bot);
    await last;
  };
}

export const messagesCases: CommandCases = {
  messageFind: [
    {
      arrange: sayFromMing('ding'),
      params: byId,
      observe: get('text'),
      expected: 'ding',
    },
    { params: () => ({ id: '404' }), result: null },
    {
      arrange: receiveTexts('one', 'two'),
      params: () => ({ talker: 'Ming', type: 'Text' }),
      observe: get('text'),
      expected: 'two',
    },
  ],
  messageFindAll: [
    {
      arrange: receiveTexts('one', 'two', 'three'),
      params: () => ({ text: '/^t/' }),
      observe: each('text'),
      expected: ['two', 'three'],
    },
    { arrange: receiveTexts('one'), params: () => ({ room: 'Team' }), result: [] },
  ],
  messageSay: {
    arrange: sayFromMing('ding'),
    params: ({ id }) => ({ id, messagePayload: 'dong' }),
    observe: lastMessage,
    expected: ['wxid_ming', 'dong'],
  },
  messageForward: {
    arrange: sayFromMing('news'),
    params: ({ id }) => ({ id, toContacts: ['Team', 'Alice'] }),
    observe: ({ simulation }) =>
      simulation
        .messages()
        .slice(-2)
        .map(({ roomId, listenerId, text }) => [roomId ? simulation.room(roomId).topic : listenerId, text]),
    expected: [
      ['Team', 'news'],
      ['wxid_alice', 'news'],
    ],
  },
  messageToRecalled: {
    arrange: (bot) => bot.run('wechatySay', { messagePayload: 'oops' }),
    params: byId,
    observe: ({ simulation }, _, { id }) => {
      const content = simulation.messages().at(-1)?.content;
      return content?.kind === 'recall' && content.messageId === id;
    },
    expected: true,
  },
  conversationReadMarkGet: {
    arrange: sayFromMing('ding'),
    params: () => ({ id: 'Ming' }),
    result: { id: 'wxid_ming', read: false },
  },
  conversationReadMarkSet: {
    arrange: sayFromMing('ding'),
    params: () => ({ id: 'Ming' }),
    observe: (bot) => bot.run('conversationReadMarkGet', { id: 'Ming' }),
    expected: { id: 'wxid_ming', read: true },
  },
  messageFile: {
    arrange: sayFromMing({ kind: 'file', name: 'a.png', data: bytes }),
    params: byId,
    result: picture,
  },
  messageImage: {
    arrange: sayFromMing({ kind: 'image', name: 'a.png', data: bytes }),
    params: ({ id }) => ({ id, type: 'Thumbnail' }),
    result: picture,
  },
  messageContact: {
    arrange: sayFromMing({ kind: 'card', contactId: 'wxid_bob' }),
    params: byId,
    observe: get('id'),
    expected: 'wxid_bob',
  },
  messageUrl: {
    arrange: sayFromMing({ kind: 'url', url: { url: 'https://example.com/', title: 'Example' } }),
    params: byId,
    result: { url: 'https://example.com/', title: 'Example' },
  },
  messageMiniProgram: {
    arrange: sayFromMing({ kind: 'mini-program', miniProgram: { appid: 'wx1', title: 'Shop' } }),
    params: byId,
    result: { appid: 'wx1', title: 'Shop' },
  },
  messageLocation: {
    arrange: sayFromMing({
      kind: 'location',
      location: { latitude: 1, longitude: 2, name: 'n', address: 'a', accuracy: 3 },
    }),
    params: byId,
    result: { latitude: 1, longitude: 2, name: 'n', address: 'a', accuracy: 3 },
  },
};
