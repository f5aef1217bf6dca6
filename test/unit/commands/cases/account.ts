/** Cases of the commands about friend requests, posts and the bot's account. */
import { byId, bytes, each, fieldOf, get, idIn, lastMessage, type CommandCases } from './command-case';

export const accountCases: CommandCases = {
  friendshipAdd: {
    params: () => ({ id: 'wxid_grace', hello: 'hello' }),
    observe: async (bot) => {
      const confirmed = bot.simulatedBot.nextEvent('friendship');
      bot.simulation.contact('Grace').acceptFriend();
      return (await confirmed).type;
    },
    expected: 'Confirm',
  },
  friendshipAccept: {
    arrange: ({ simulation }) => simulation.contact('Grace').requestFriend('hi'),
    params: byId,
    observe: ({ simulation }) => simulation.contact('Grace').isFriend,
    expected: true,
  },
  friendshipSearch: [
    { params: () => ({ phone: '13900000001' }), observe: get('id'), expected: 'wxid_grace' },
    { params: () => ({ weixin: 'tom-cat' }), observe: get('id'), expected: 'wxid_tom' },
    { params: () => ({ handle: 'nobody' }), result: null },
  ],
  postPublish: [
    {
      params: () => ({ messagePayload: 'nice day' }),
      observe: async (bot, result) => {
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
      arrange: ({ simulation }) => simulation.contact('Alice').post('look'),
      params: ({ id }) => ({
        posts: ['great', { messageType: 'Image', messagePayload: bytes }],
        parentId: id,
      }),
      observe: async (bot, _, { id }) => (await bot.run<{ comments: number }>('postFind', { id })).comments,
      expected: 1,
    },
  ],
  postFind: {
    arrange: ({ simulation }) => simulation.contact('Alice').post('look'),
    params: byId,
    observe: get('contactId'),
    expected: 'wxid_alice',
  },
  postFindAll: {
    arrange: ({ simulation }) => {
      simulation.contact('Bob').post('other');
      for (let index = 0; index < 30; index += 1) simulation.contact('Alice').post(`post ${index}`);
    },
    params: () => ({ id: 'Alice', size: 25 }),
    observe: (_, result) => {
      const authors = (result as { contactId: string }[]).map(({ contactId }) => contactId);
      return [authors.length, ...new Set(authors)];
    },
    expected: [25, 'wxid_alice'],
  },
  postLike: [
    {
      arrange: ({ simulation }) => simulation.contact('Alice').post('look'),
      params: byId,
      observe: async (bot, result) =>
        (await bot.run<{ likes: number }>('postFind', { id: idIn(result) })).likes,
      expected: 1,
    },
    {
      arrange: async (bot) => {
        const post = bot.simulation.contact('Alice').post('look');
        await bot.run('postLike', { id: post.id });
        return post;
      },
      params: ({ id }) => ({ id, like: false }),
      observe: async (bot, result) =>
        (await bot.run<{ likes: number }>('postFind', { id: idIn(result) })).likes,
      expected: 0,
    },
  ],
  postLikeFindAll: {
    arrange: ({ simulation }) => {
      const post = simulation.contact('Alice').post('look');
      simulation.contact('Bob').like(post);
      return post;
    },
    params: byId,
    observe: each('contactId'),
    expected: ['wxid_bob'],
  },
  wechatyStart: {
    arrange: (bot) => bot.run('wechatyStop'),
    observe: async ({ simulatedBot: simulated }) => (await simulated.untilState('ready')).name,
    expected: 'ready',
  },
  wechatyStop: {
    result: { state: 'stopped' },
    observe: ({ simulatedBot: simulated }) => simulated.bot.state.name,
    expected: 'stopped',
  },
  wechatyLogout: {
    observe: ({ simulatedBot: simulated }) => simulated.bot.state.name,
    expected: 'login-required',
  },
  wechatyLogonoff: [
    { result: { logonoff: true } },
    { arrange: (bot) => bot.run('wechatyStop'), result: { logonoff: false } },
  ],
  wechatyUserSelf: { observe: get('id'), expected: 'wxid_bot' },
  wechatySay: {
    params: () => ({ messagePayload: 'note' }),
    observe: lastMessage,
    expected: ['wxid_bot', 'note'],
  },
  selfNameSet: {
    params: () => ({ name: 'Robot' }),
    observe: ({ simulation }) => simulation.self.name,
    expected: 'Robot',
  },
  selfSignatureSet: {
    params: () => ({ signature: 'beep' }),
    observe: fieldOf('wxid_bot', 'signature'),
    expected: 'beep',
  },
  selfQrcodeGet: { result: { qrcode: 'https://u.wechat.com/wxid_bot' } },
  ding: {
    params: () => ({ data: 'now' }),
    result: {},
    observe: async ({ simulatedBot: simulated }) => {
      const received = simulated.events.find(({ event }) => event === 'dong');
      return (received ?? (await simulated.nextEvent('dong'))).data;
    },
    expected: 'now',
  },
  invitationCreate: { error: 'UNSUPPORTED' },
  verifyCodeSubmit: { params: () => ({ digits: '1234' }), error: 'FAILED' },
  typing: { params: () => ({ id: 'Alice' }), error: 'UNSUPPORTED' },
};
