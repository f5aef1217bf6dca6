/** Cases of the commands about contacts. */
import { bytes, each, fieldOf, get, lastMessage, picture, type CommandCases } from './command-case';

export const contactsCases: CommandCases = {
  send: {
    params: () => ({ toContacts: ['小明'], messageType: 'Text', messagePayload: 'hi' }),
    observe: lastMessage,
    expected: ['wxid_ming', 'hi'],
  },
  contactFind: [
    { params: () => ({ id: '', alias: '小明', name: '' }), observe: get('id'), expected: 'wxid_ming' },
    { params: () => ({ name: 'Nobody' }), result: null },
    { params: () => ({ query: '/^Ali/' }), observe: get('id'), expected: 'wxid_alice' },
  ],
  contactFindAll: [
    { observe: get('length'), expected: 8 },
    {
      params: () => ({ size: 3, page: 3 }),
      observe: get('length'),
      expected: 2,
    },
    {
      params: () => ({ size: 3 }),
      observe: get('length'),
      expected: 8,
    },
    {
      params: () => ({ query: '/chen/i' }),
      observe: each('id'),
      expected: ['wxid_chenwei1', 'wxid_chenwei2'],
    },
  ],
  contactSay: {
    params: () => ({ contacts: ['Alice'], messagePayload: 'hi' }),
    observe: lastMessage,
    expected: ['wxid_alice', 'hi'],
  },
  contactAliasGet: { params: () => ({ id: 'Ming' }), result: { id: 'wxid_ming', alias: '小明' } },
  contactAliasSet: [
    {
      params: () => ({ id: 'Alice', alias: 'Ally' }),
      result: { id: 'wxid_alice' },
      observe: fieldOf('Ally', 'alias'),
      expected: 'Ally',
    },
    {
      params: () => ({ contactId: 'Ming', alias: null }),
      observe: fieldOf('wxid_ming', 'alias'),
      expected: '',
    },
    { params: () => ({ id: 'Ming', alias: '' }), observe: fieldOf('wxid_ming', 'alias'), expected: '' },
  ],
  contactAvatarGet: {
    params: () => ({ id: 'Alice' }),
    observe: get('mimeType'),
    expected: 'image/svg+xml',
  },
  contactAvatarSet: {
    params: () => ({ avatar: bytes, filename: 'a.png' }),
    observe: (bot) => bot.run('contactAvatarGet', { id: 'wxid_bot' }),
    expected: picture,
  },
  contactPhoneSet: {
    params: () => ({ id: 'Alice', phones: ['1', '2'] }),
    observe: fieldOf('Alice', 'phone'),
    expected: ['1', '2'],
  },
  contactCorporationRemarkSet: {
    params: () => ({ id: 'Alice', remark: 'ACME' }),
    observe: fieldOf('Alice', 'corporation'),
    expected: 'ACME',
  },
  contactDescriptionSet: {
    params: () => ({ id: 'Alice', description: 'sells' }),
    observe: fieldOf('Alice', 'description'),
    expected: 'sells',
  },
  contactSync: {
    params: () => ({ id: 'Alice' }),
    observe: get('id'),
    expected: 'wxid_alice',
  },
  tagAdd: {
    params: () => ({ tag: 'vip', id: 'Alice' }),
    observe: (bot) => bot.run('tagFindAll', { id: 'Alice' }),
    expected: ['vip'],
  },
  tagRemove: {
    arrange: (bot) => bot.run('tagAdd', { tag: 'vip', id: 'Alice' }),
    params: () => ({ tag: 'vip', id: 'Alice' }),
    observe: (bot) => bot.run('tagFindAll', { id: 'Alice' }),
    expected: [],
  },
  tagDelete: {
    arrange: (bot) => bot.run('tagAdd', { tag: 'vip', id: 'Alice' }),
    params: () => ({ tag: 'vip' }),
    observe: (bot) => bot.run('tagFindAll'),
    expected: [],
  },
  tagFindAll: { arrange: (bot) => bot.run('tagAdd', { tag: 'vip', id: 'Alice' }), result: ['vip'] },
};
