/** Uses of the commands about friends, posts and the bot's own account. */
import { byId, bytes, each, fieldOf, get, idIn, lastSaid, type Uses } from './command-case';

export const accountUses: Uses = {
  friendshipAdd: {
    params: () => ({ id: 'wxid_grace', hello: 'hello' }),
    seen: async (bot) => {
      const confirmed = bot.simulated.next('friendship');
      bot.world.contact('Grace').acceptFriend();
      return (await confirmed).type;
    },
    expected: 'Confirm',
  },
  friendshipAccept: {
    given: ({ world }) => world.contact('Grace').requestFriend('hi'),
    params: byId,
    seen: ({ world }) => world.contact('Grace').isFriend,
    expected: true,
  },
  friendshipSearch: [
    { params: () => ({ phone: '13900000001' }), seen: get('id'), expected: 'wxid_grace' },
    { params: () => ({ weixin: 'tom-cat' }), seen: get('id'), expected: 'wxid_tom' },
    { params: () => ({ handle: 'nobody' }), result: null },
  ],
  postPublish: [
    {
      params: () => ({ messagePayload: 'nice day' }),
      seen: async (bot, result) => {
        const { type, contactId, messageIds } = await bot.run<{
          type: string;
          contactId: string;
          messageIds: string[];
        }>('postFind', { id: idIn(result) });
        const part = await bot.run<{ text: string }>('messageFind', { id: messageIds[0] });
        return [type, contactId, part.text];
      },
      expected: ['Moment', 'wxid_bot', 'nice day'],
    },
    {
      given: ({ world }) => world.contact('Alice').post('look'),
      params: ({ id }) => ({
        posts: ['great', { messageType: 'Image', messagePayload: bytes }],
        parentId: id,
      }),
      seen: async (bot, _, { id }) => (await bot.run<{ comments: number }>('postFind', { id })).comments,
      expected: 1,
    },
  ],
  postFind: {
    given: ({ world }) => world.contact('Alice').post('look'),
    params: byId,
    seen: get('contactId'),
    expected: 'wxid_alice',
  },
  postFindAll: {
    given: ({ world }) => {
      world.contact('Bob').post('other');
      for (let index = 0; index < 30; index += 1) world.contact('Alice').post(`post ${index}`);
    },
    params: () => ({ id: 'Alice', size: 25 }),
    seen: (_, result) => {
      const authors = (result as { contactId: string }[]).map(({ contactId }) => contactId);
      return [authors.length, ...new Set(authors)];
    },
    expected: [25, 'wxid_alice'],
  },
  postLike: [
    {
      given: ({ world }) => world.contact('Alice').post('look'),
      params: byId,
      seen: async (bot, result) => (await bot.run<{ likes: number }>('postFind', { id: idIn(result) })).likes,
      expected: 1,
    },
    {
      given: async (bot) => {
        const post = bot.world.contact('Alice').post('look');
        await bot.run('postLike', { id: post.id });
        return post;
      },
      params: ({ id }) => ({ id, like: false }),
      seen: async (bot, result) => (await bot.run<{ likes: number }>('postFind', { id: idIn(result) })).likes,
      expected: 0,
    },
  ],
  postLikeFindAll: {
    given: ({ world }) => {
      const post = world.contact('Alice').post('look');
      world.contact('Bob').like(post);
      return post;
    },
    params: byId,
    seen: each('contactId'),
    expected: ['wxid_bob'],
  },
  wechatyStart: {
    given: (bot) => bot.run('wechatyStop'),
    seen: async ({ simulated }) => (await simulated.state('ready')).name,
    expected: 'ready',
  },
  wechatyStop: {
    result: { state: 'stopped' },
    seen: ({ simulated }) => simulated.bot.state.name,
    expected: 'stopped',
  },
  wechatyLogout: { seen: ({ simulated }) => simulated.bot.state.name, expected: 'login-required' },
  wechatyLogonoff: [
    { result: { logonoff: true } },
    { given: (bot) => bot.run('wechatyStop'), result: { logonoff: false } },
  ],
  wechatyUserSelf: { seen: get('id'), expected: 'wxid_bot' },
  wechatySay: { params: () => ({ messagePayload: 'note' }), seen: lastSaid, expected: ['wxid_bot', 'note'] },
  selfNameSet: { params: () => ({ name: 'Robot' }), seen: ({ world }) => world.self.name, expected: 'Robot' },
  selfSignatureSet: {
    params: () => ({ signature: 'beep' }),
    seen: fieldOf('wxid_bot', 'signature'),
    expected: 'beep',
  },
  selfQrcodeGet: { result: { qrcode: 'https://u.wechat.com/wxid_bot' } },
  ding: {
    params: () => ({ data: 'now' }),
    result: {},
    seen: async ({ simulated }) => {
      const known = simulated.events.find(({ event }) => event === 'dong');
      return (known ?? (await simulated.next('dong'))).data;
    },
    expected: 'now',
  },
};
