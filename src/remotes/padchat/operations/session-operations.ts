/** Operations on the session: connect, login, disconnect, and data for the next login. */
import Type from 'typebox';
import { WechatError } from '../../../bot/errors';
import { pageEndItem } from '../address-book';
import { deviceIdsOf, loginTokenOf, uinOf } from '../derived-ids';
import { type OperationContext, ok, allVersions, firstNonEmpty, operation } from './operation';

const optionalText = Type.Optional(Type.Union([Type.String({ maxLength: 16_384 }), Type.Null()]));
const noParams = Type.Object({});

const deviceFields = {
  deviceName: optionalText,
  deviceUuid: optionalText,
  deviceWifiName: optionalText,
  deviceWifiMac: optionalText,
  deviceData: optionalText,
};

/** Supported login types: by QR code or by the bot's saved session. */
const loginTypes = ['qrcode', 'token', 'auto', 'request'];

/** Merges non-empty fields into the client's device parameters. */
function mergeDevice(
  client: OperationContext['client'],
  fields: Readonly<Record<string, string | null | undefined>>,
): void {
  const device = { ...client.device };
  for (const [name, value] of Object.entries(fields)) if (value) device[name] = value;
  client.device = device;
}

function isLoggedIn({ bot }: OperationContext): boolean {
  return bot.state.name === 'logged-in' || bot.state.name === 'ready';
}

const connect = operation({
  names: { A: 'connect', B: 'init', C: 'init' },
  summary: {
    'en-US': 'opens the session with WeChat; says whether an account is logged in',
    'zh-CN': '建立与微信服务的连接，返回是否已登录',
  },
  readOnly: true,
  params: Type.Object(deviceFields),
  result: Type.Object({ ret: Type.Integer(), msg: Type.String(), logined: Type.Boolean() }),
  handle: (context, { deviceName, deviceUuid, deviceWifiName, deviceWifiMac, deviceData }) => {
    const { client } = context;
    mergeDevice(client, { deviceName, deviceUuid, deviceWifiName, deviceWifiMac, deviceData });
    client.isDetached = false;
    const logined = isLoggedIn(context);
    return Promise.resolve({
      data: { ret: 0, msg: '', logined },
      afterReply: () => {
        if (logined && client.version === 'A') client.notify({ kind: 'relogin' });
      },
    });
  },
});

const login = operation({
  names: allVersions('login'),
  summary: {
    'en-US': 'logs an account in: with the kept session, or with a QR code that comes as an event',
    'zh-CN': '登录账号：使用保存的会话，或以事件推送二维码',
  },
  readOnly: true,
  // The address book is pushed after the reply.
  optionalCommands: ['wechatyStart', 'contactFindAll', 'roomFindAll'],
  params: Type.Object({
    loginType: Type.Optional(Type.String()),
    deviceData: optionalText,
    wxData: optionalText,
    token: optionalText,
    username: optionalText,
    password: optionalText,
    phone: optionalText,
    code: optionalText,
  }),
  result: Type.Object({
    userName: Type.String(),
    uin: Type.Integer(),
    nickName: Type.String(),
    email: Type.String(),
    external: Type.String(),
    phoneNumber: Type.String(),
    qq: Type.Integer(),
  }),
  handle: async (context, { loginType = 'qrcode', deviceData, wxData }) => {
    if (!loginTypes.includes(loginType)) {
      throw new WechatError('UNSUPPORTED', 'loginTypeUnsupported', { type: loginType.slice(0, 32) });
    }
    const { client } = context;
    mergeDevice(client, { deviceData: firstNonEmpty(deviceData, wxData) });
    if (!isLoggedIn(context)) await context.run('wechatyStart', {});
    client.isDetached = false;
    client.awaitsLogin = true;
    const { id = '', name = '' } = context.bot.state.user ?? {};
    const person = { userName: id, uin: uinOf(id), nickName: name };
    return {
      ...ok({ ...person, email: '', external: '0', phoneNumber: '', qq: 0 }),
      afterReply: () => {
        context.notifyLogin();
      },
    };
  },
});

const logout = operation({
  names: allVersions('logout'),
  summary: { 'en-US': 'logs the account out of WeChat', 'zh-CN': '退出登录' },
  readOnly: false,
  commands: ['wechatyLogout'],
  params: noParams,
  handle: async ({ run }) => {
    await run('wechatyLogout', {});
    return ok();
  },
});

const disconnect = operation({
  names: { A: 'disconnect', B: 'close', C: 'close' },
  summary: {
    'en-US': 'closes the session only: the account stays logged in, the client receives no more events',
    'zh-CN': '仅断开连接，账号保持登录，不再推送',
  },
  readOnly: true,
  params: noParams,
  handle: ({ client }) =>
    Promise.resolve({
      ...ok(),
      afterReply: () => {
        client.notify({ kind: 'closed', msg: '' });
        client.isDetached = true;
        client.awaitsLogin = false;
      },
    }),
});

const getDeviceInfo = operation({
  names: { A: 'getDeviceInfo', B: 'getDeviceInfo', C: 'getWxData' },
  summary: {
    'en-US': 'gets what to log in with the next time: an emulated device, or the one the client named',
    'zh-CN': '获取登录设备参数：模拟的设备，或客户端提供的设备',
  },
  readOnly: true,
  params: noParams,
  result: Type.Object({
    deviceName: Type.String(),
    deviceUuid: Type.String(),
    deviceWifiName: Type.String(),
    deviceWifiMac: Type.String(),
    deviceData: Type.String(),
    wxData: Type.String(),
  }),
  handle: ({ client, bot }) => {
    const device = { ...deviceIdsOf(bot.id), ...client.device };
    return Promise.resolve(ok({ ...device, wxData: device.deviceData }));
  },
});

const getAutoLoginData = operation({
  names: { A: 'getAutoLoginData', B: 'getAutoLoginData', C: 'getLoginToken' },
  summary: {
    'en-US': 'gets an emulated token for the next login; the bot keeps the session itself',
    'zh-CN': '获取二次登录数据（模拟），会话由机器人自己保存',
  },
  readOnly: true,
  commands: ['wechatyUserSelf'],
  params: noParams,
  result: Type.Object({ token: Type.String(), uin: Type.Integer() }),
  handle: async ({ bot, run }) => {
    const { id } = await run('wechatyUserSelf', {});
    return ok({ token: loginTokenOf(bot.id, id), uin: uinOf(id) });
  },
});

const getMyInfo = operation({
  names: allVersions('getMyInfo'),
  summary: { 'en-US': 'returns the account that is logged in', 'zh-CN': '获取当前登录的账号' },
  readOnly: true,
  commands: ['wechatyUserSelf'],
  params: noParams,
  result: Type.Object({ userName: Type.String(), uin: Type.Integer(), nickName: Type.String() }),
  handle: async ({ run }) => {
    const { id, name } = await run('wechatyUserSelf', {});
    // The Go client of version C reads this name in camel case, unlike all others.
    return { ...ok({ userName: id, uin: uinOf(id), nickName: name }), literalData: { userName: id } };
  },
});

const status = operation({
  names: allVersions('status'),
  summary: { 'en-US': 'returns whether an account is logged in', 'zh-CN': '获取登录状态' },
  readOnly: true,
  commands: ['wechatyLogonoff'],
  params: noParams,
  result: Type.Object({ logined: Type.Boolean() }),
  handle: async ({ run }) => {
    const { logonoff } = await run('wechatyLogonoff', {});
    return ok({ logined: logonoff });
  },
});

const syncContact = operation({
  names: allVersions('syncContact'),
  summary: {
    'en-US': 'pushes the address book; in C a page for each call, until one says that it is the last',
    'zh-CN': '同步通讯录；C 版每次调用推送一页，直到最后一页',
  },
  readOnly: true,
  commands: ['contactFindAll', 'roomFindAll'],
  params: noParams,
  handle: async ({ client, addressBook }) => {
    const pages = await addressBook.pages();
    return {
      ...ok(),
      afterReply: () => {
        if (!client.requestsPages) {
          client.pushPages(pages);
          return;
        }
        const at = client.page < pages.length ? client.page : 0;
        const isLast = at === pages.length - 1;
        client.page = isLast ? 0 : at + 1;
        client.notify({ kind: 'contacts', items: [...(pages[at] ?? []), pageEndItem(isLast)] });
      },
    };
  },
});

/** Defines an operation without effect, such as one that requests messages, which are pushed anyway. */
const noop = (name: string, en: string, zh: string) =>
  operation({
    names: allVersions(name),
    summary: { 'en-US': en, 'zh-CN': zh },
    readOnly: true,
    params: noParams,
    handle: () => Promise.resolve(ok()),
  });

export const sessionOperations = [
  connect,
  login,
  logout,
  disconnect,
  getDeviceInfo,
  getAutoLoginData,
  getMyInfo,
  status,
  syncContact,
  noop('syncMsg', 'does nothing: messages are pushed without it', '无操作：消息会自动推送'),
  noop('closePush', 'does nothing', '无操作'),
  noop('heartBeat', 'does nothing', '无操作'),
];
