/** Uses of the commands about people. */
import { bytes, each, fieldOf, get, lastSaid, picture, type Uses } from './command-case';

export const contactsUses: Uses = {
  send: {
    params: () => ({ toContacts: ['小明'], messageType: 'Text', messagePayload: 'hi' }),
    seen: lastSaid,
    expected: ['wxid_ming', 'hi'],
  },
  contactFind: [
    { params: () => ({ id: '', alias: '小明', name: '' }), seen: get('id'), expected: 'wxid_ming' },
    { params: () => ({ name: 'Nobody' }), result: null },
    { params: () => ({ query: '/^Ali/' }), seen: get('id'), expected: 'wxid_alice' },
  ],
  contactFindAll: [
    { seen: get('length'), expected: 8 },
    {
      params: () => ({ size: 3, page: 3 }),
      seen: get('length'),
      expected: 2,
    },
    {
      params: () => ({ size: 3 }),
      seen: get('length'),
      expected: 8,
    },
    {
      params: () => ({ query: '/chen/i' }),
      seen: each('id'),
      expected: ['wxid_chenwei1', 'wxid_chenwei2'],
    },
  ],
  contactSay: {
    params: () => ({ contacts: ['Alice'], messagePayload: 'hi' }),
    seen: lastSaid,
    expected: ['wxid_alice', 'hi'],
  },
  contactAliasGet: { params: () => ({ id: 'Ming' }), result: { id: 'wxid_ming', alias: '小明' } },
  contactAliasSet: [
    {
      params: () => ({ id: 'Alice', alias: 'Ally' }),
      result: { id: 'wxid_alice' },
      seen: fieldOf('Ally', 'alias'),
      expected: 'Ally',
    },
    { params: () => ({ contactId: 'Ming', alias: null }), seen: fieldOf('wxid_ming', 'alias'), expected: '' },
    { params: () => ({ id: 'Ming', alias: '' }), seen: fieldOf('wxid_ming', 'alias'), expected: '' },
  ],
  contactAvatarGet: {
    params: () => ({ id: 'Alice' }),
    seen: get('mimeType'),
    expected: 'image/svg+xml',
  },
  contactAvatarSet: {
    params: () => ({ avatar: bytes, filename: 'a.png' }),
    seen: (bot) => bot.run('contactAvatarGet', { id: 'wxid_bot' }),
    expected: picture,
  },
  contactPhoneSet: {
    params: () => ({ id: 'Alice', phones: ['1', '2'] }),
    seen: fieldOf('Alice', 'phone'),
    expected: ['1', '2'],
  },
  contactCorporationRemarkSet: {
    params: () => ({ id: 'Alice', remark: 'ACME' }),
    seen: fieldOf('Alice', 'corporation'),
    expected: 'ACME',
  },
  contactDescriptionSet: {
    params: () => ({ id: 'Alice', description: 'sells' }),
    seen: fieldOf('Alice', 'description'),
    expected: 'sells',
  },
  contactSync: {
    params: () => ({ id: 'Alice' }),
    seen: get('id'),
    expected: 'wxid_alice',
  },
  tagAdd: {
    params: () => ({ tag: 'vip', id: 'Alice' }),
    seen: (bot) => bot.run('tagFindAll', { id: 'Alice' }),
    expected: ['vip'],
  },
  tagRemove: {
    given: (bot) => bot.run('tagAdd', { tag: 'vip', id: 'Alice' }),
    params: () => ({ tag: 'vip', id: 'Alice' }),
    seen: (bot) => bot.run('tagFindAll', { id: 'Alice' }),
    expected: [],
  },
  tagDelete: {
    given: (bot) => bot.run('tagAdd', { tag: 'vip', id: 'Alice' }),
    params: () => ({ tag: 'vip' }),
    seen: (bot) => bot.run('tagFindAll'),
    expected: [],
  },
  tagFindAll: { given: (bot) => bot.run('tagAdd', { tag: 'vip', id: 'Alice' }), result: ['vip'] },
};
