/** Commands about the bot and its account. */
import Type from 'typebox';
import { callTimeouts } from '../bot/account';
import { contactView } from '../bot/view-mappers';
import { ContactView } from '../bot/views';
import { describe } from '../i18n/describe';
import { command } from './command';
import { prepareContent } from './content/content';
import { sendTo, SentMessageResult } from './broadcast';
import { ChangedResult, contentParams, optionalString } from './shared-schemas';

const State = Type.Object({
  state: Type.String(
    describe('the state of the bot, such as starting or ready', '机器人状态，如 starting、ready'),
  ),
});

const wechatyStart = command({
  name: 'wechatyStart',
  summary: {
    'en-US': 'starts the bot; requests a login if needed',
    'zh-CN': '启动机器人，需要时重新请求登录',
  },
  readOnly: false,
  params: Type.Object({}),
  result: State,
  run: (bot) => {
    if (['login-required', 'scanning'].includes(bot.state.name)) bot.login();
    else bot.start();
    return Promise.resolve({ state: bot.state.name });
  },
});

const wechatyStop = command({
  name: 'wechatyStop',
  summary: { 'en-US': 'stops the bot', 'zh-CN': '停止机器人' },
  readOnly: false,
  params: Type.Object({}),
  result: State,
  run: async (bot) => {
    await bot.stop();
    return { state: bot.state.name };
  },
});

const wechatyLogout = command({
  name: 'wechatyLogout',
  summary: { 'en-US': 'logs the account out of WeChat', 'zh-CN': '退出微信登录' },
  readOnly: false,
  params: Type.Object({}),
  result: Type.Object({}),
  run: async (bot) => {
    await bot.logout();
    return {};
  },
});

const wechatyLogonoff = command({
  name: 'wechatyLogonoff',
  summary: { 'en-US': 'returns whether an account is logged in', 'zh-CN': '查询是否已登录' },
  readOnly: true,
  params: Type.Object({}),
  result: Type.Object({ logonoff: Type.Boolean() }),
  run: (bot) => Promise.resolve({ logonoff: ['logged-in', 'ready'].includes(bot.state.name) }),
});

const wechatyUserSelf = command({
  name: 'wechatyUserSelf',
  summary: { 'en-US': "gets the bot's own account", 'zh-CN': '获取机器人自己的信息' },
  readOnly: true,
  params: Type.Object({}),
  result: ContactView,
  run: async (bot) => {
    const account = bot.account();
    return contactView(account.selfId, await account.contacts.byId(account.selfId));
  },
});

const wechatySay = command({
  name: 'wechatySay',
  summary: { 'en-US': 'sends a message to the bot itself', 'zh-CN': '机器人给自己发消息' },
  readOnly: false,
  params: Type.Object(contentParams),
  result: SentMessageResult,
  run: async (bot, params, context) => {
    const { selfId } = bot.account();
    return sendTo(bot, selfId, await prepareContent(bot, params, context), context.ownMessageIn);
  },
});

const selfNameSet = command({
  name: 'selfNameSet',
  summary: { 'en-US': "changes the bot's name", 'zh-CN': '修改机器人昵称' },
  readOnly: false,
  params: Type.Object({ name: Type.String({ minLength: 1, ...describe('the new name', '新昵称') }) }),
  result: ChangedResult,
  run: async (bot, { name }) => {
    const account = bot.account();
    await account.call('contactSelfName', (puppet) => puppet.contactSelfName(name), callTimeouts.write);
    await account.refresh('Contact', account.selfId);
    return { id: account.selfId };
  },
});

const selfSignatureSet = command({
  name: 'selfSignatureSet',
  summary: { 'en-US': "changes the bot's signature", 'zh-CN': '修改机器人个性签名' },
  readOnly: false,
  params: Type.Object({ signature: Type.String(describe('empty to remove it', '为空则清除')) }),
  result: ChangedResult,
  run: async (bot, { signature }) => {
    const account = bot.account();
    await account.call(
      'contactSelfSignature',
      (puppet) => puppet.contactSelfSignature(signature),
      callTimeouts.write,
    );
    await account.refresh('Contact', account.selfId);
    return { id: account.selfId };
  },
});

const selfQrcodeGet = command({
  name: 'selfQrcodeGet',
  summary: {
    'en-US': 'gets the QR code for adding the bot as a friend',
    'zh-CN': '获取机器人的名片二维码',
  },
  readOnly: true,
  params: Type.Object({}),
  result: Type.Object({ qrcode: Type.String(describe('the text of the QR code', '二维码内容')) }),
  run: async (bot) => ({
    qrcode: await bot.account().call('contactSelfQRCode', (puppet) => puppet.contactSelfQRCode()),
  }),
});

const ding = command({
  name: 'ding',
  summary: {
    'en-US': 'pings the puppet, which responds with a dong event',
    'zh-CN': '测试连接，Puppet 以 dong 事件响应',
  },
  readOnly: true,
  params: Type.Object({ data: optionalString('returned with the dong event', '随 dong 事件返回') }),
  result: Type.Object({}),
  run: async (bot, { data }) => {
    // Some puppets return a promise here, contrary to the type.
    const work = (puppet: { ding(data?: string): unknown }) => Promise.resolve(puppet.ding(data));
    await bot.account().call('ding', work);
    return {};
  },
});

export const accountCommands = [
  wechatyStart,
  wechatyStop,
  wechatyLogout,
  wechatyLogonoff,
  wechatyUserSelf,
  wechatySay,
  selfNameSet,
  selfSignatureSet,
  selfQrcodeGet,
  ding,
];
