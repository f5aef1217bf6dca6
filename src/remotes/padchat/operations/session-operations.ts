/** What clients ask of their session: hello, login, goodbye, and what they want to keep for the next time. */
import Type from 'typebox';
import { WechatError } from '../../../bot/errors';
import type { ContactView } from '../../../bot/views';
import { pageEndItem } from '../address-book';
import { deviceOf, loginTokenOf, uinOf } from '../derived-ids';
import { type Context, done, everywhere, firstOf, operation } from './operation';

const text = Type.Optional(Type.Union([Type.String({ maxLength: 16_384 }), Type.Null()]));
const nothing = Type.Object({});

const deviceFields = {
  deviceName: text,
  deviceUuid: text,
  deviceWifiName: text,
  deviceWifiMac: text,
  deviceData: text,
};

/** Logins that need no more than a phone or the session the bot kept. */
const loginTypes = ['qrcode', 'token', 'auto', 'request'];

/** Keeps what a client says of its device, under these names. */
function keepDevice(
  client: Context['client'],
  given: Readonly<Record<string, string | null | undefined>>,
): void {
  const kept = { ...client.device };
  for (const [name, value] of Object.entries(given)) if (value) kept[name] = value;
  client.device = kept;
}

function isLoggedIn({ bot }: Context): boolean {
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
  run: (context, { deviceName, deviceUuid, deviceWifiName, deviceWifiMac, deviceData }) => {
    const { client } = context;
    keepDevice(client, { deviceName, deviceUuid, deviceWifiName, deviceWifiMac, deviceData });
    client.isDetached = false;
    const logined = isLoggedIn(context);
    return Promise.resolve({
      data: { ret: 0, msg: '', logined },
      afterwards: () => {
        if (logined && client.generation === 'A') client.tell({ kind: 'relogin' });
      },
    });
  },
});

const login = operation({
  names: everywhere('login'),
  summary: {
    'en-US': 'logs an account in: with the kept session, or with a QR code that comes as an event',
    'zh-CN': '登录账号：使用保存的会话，或以事件推送二维码',
  },
  readOnly: true,
  params: Type.Object({
    loginType: Type.Optional(Type.String()),
    deviceData: text,
    wxData: text,
    token: text,
    username: text,
    password: text,
    phone: text,
    code: text,
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
  run: async (context, { loginType = 'qrcode', deviceData, wxData }) => {
    if (!loginTypes.includes(loginType)) {
      throw new WechatError('UNSUPPORTED', 'loginTypeUnsupported', { type: loginType.slice(0, 32) });
    }
    const { client } = context;
    keepDevice(client, { deviceData: firstOf(deviceData, wxData) });
    if (!isLoggedIn(context)) await context.ask('wechatyStart');
    client.isDetached = false;
    client.awaitsLogin = true;
    const { id = '', name = '' } = context.bot.state.user ?? {};
    const person = { userName: id, uin: uinOf(id), nickName: name };
    return {
      ...done({ ...person, email: '', external: '0', phoneNumber: '', qq: 0 }),
      afterwards: () => {
        context.tellLogin();
      },
    };
  },
});

const logout = operation({
  names: everywhere('logout'),
  summary: { 'en-US': 'logs the account out of WeChat', 'zh-CN': '注销登录' },
  readOnly: false,
  params: nothing,
  run: async ({ ask }) => {
    await ask('wechatyLogout');
    return done();
  },
});

const disconnect = operation({
  names: { A: 'disconnect', B: 'close', C: 'close' },
  summary: {
    'en-US': 'closes the session only: the account stays logged in, the client is told of nothing more',
    'zh-CN': '仅断开连接，账号保持登录，不再推送',
  },
  readOnly: true,
  params: nothing,
  run: ({ client }) =>
    Promise.resolve({
      ...done(),
      afterwards: () => {
        client.tell({ kind: 'closed', msg: '' });
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
  params: nothing,
  result: Type.Object({
    deviceName: Type.String(),
    deviceUuid: Type.String(),
    deviceWifiName: Type.String(),
    deviceWifiMac: Type.String(),
    deviceData: Type.String(),
    wxData: Type.String(),
  }),
  run: ({ client, bot }) => {
    const device = { ...deviceOf(bot.id), ...client.device };
    return Promise.resolve(done({ ...device, wxData: device.deviceData }));
  },
});

const getAutoLoginData = operation({
  names: { A: 'getAutoLoginData', B: 'getAutoLoginData', C: 'getLoginToken' },
  summary: {
    'en-US': 'gets an emulated token for the next login; the bot keeps the session itself',
    'zh-CN': '获取二次登录数据（模拟），会话由机器人自己保存',
  },
  readOnly: true,
  params: nothing,
  result: Type.Object({ token: Type.String(), uin: Type.Integer() }),
  run: async ({ bot, ask }) => {
    const { id } = await ask<ContactView>('wechatyUserSelf');
    return done({ token: loginTokenOf(bot.id, id), uin: uinOf(id) });
  },
});

const getMyInfo = operation({
  names: everywhere('getMyInfo'),
  summary: { 'en-US': 'tells which account is logged in', 'zh-CN': '获取当前登录的账号' },
  readOnly: true,
  params: nothing,
  result: Type.Object({ userName: Type.String(), uin: Type.Integer(), nickName: Type.String() }),
  run: async ({ ask }) => {
    const { id, name } = await ask<ContactView>('wechatyUserSelf');
    return done({ userName: id, uin: uinOf(id), nickName: name });
  },
});

const status = operation({
  names: everywhere('status'),
  summary: { 'en-US': 'tells whether an account is logged in', 'zh-CN': '获取登录状态' },
  readOnly: true,
  params: nothing,
  result: Type.Object({ logined: Type.Boolean() }),
  run: async ({ ask }) => {
    const { logonoff } = await ask<{ logonoff: boolean }>('wechatyLogonoff');
    return done({ logined: logonoff });
  },
});

const syncContact = operation({
  names: everywhere('syncContact'),
  summary: {
    'en-US': 'pushes the address book; in C a page for each call, until one says that it is the last',
    'zh-CN': '同步通讯录；C 版每次调用推送一页，直到最后一页',
  },
  readOnly: true,
  params: nothing,
  run: async ({ client, addressBook }) => {
    const pages = await addressBook.pages();
    return {
      ...done(),
      afterwards: () => {
        if (client.generation !== 'C') {
          for (const items of pages) if (items.length > 0) client.tell({ kind: 'contacts', items });
          client.tell({ kind: 'loaded' });
          return;
        }
        const at = client.page < pages.length ? client.page : 0;
        const isLast = at === pages.length - 1;
        client.page = isLast ? 0 : at + 1;
        client.tell({ kind: 'contacts', items: [...(pages[at] ?? []), pageEndItem(isLast)] });
      },
    };
  },
});

/** What clients call so that messages come, which they do by themselves. */
const idle = (name: string, en: string, zh: string) =>
  operation({
    names: everywhere(name),
    summary: { 'en-US': en, 'zh-CN': zh },
    readOnly: true,
    params: nothing,
    run: () => Promise.resolve(done()),
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
  idle('syncMsg', 'does nothing: messages are pushed without it', '无操作：消息会自动推送'),
  idle('closePush', 'does nothing', '无操作'),
  idle('heartBeat', 'does nothing', '无操作'),
];
