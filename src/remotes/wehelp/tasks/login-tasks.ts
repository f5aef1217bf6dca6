/** Tasks on the login. */
import Type from 'typebox';
import { WechatError } from '../../../bot/errors';
import { callbackTypes, qrCodeCode } from '../wire';
import { noParams, task } from './task';

/** Defines a task that reports whether an account is logged in; echoes `info`. */
const loginStatusTask = (api: string, code: number) =>
  task({
    api,
    code,
    summary: { 'en-US': 'returns whether an account is logged in', 'zh-CN': '获取登录状态' },
    callbacks: [callbackTypes.loginStatus],
    readOnly: true,
    runsWithoutLogin: true,
    commands: ['wechatyLogonoff'],
    params: Type.Object({ info: Type.Optional(Type.Unknown()) }),
    handle: async ({ info }, { run }) => {
      const { logonoff } = await run('wechatyLogonoff', {});
      const echo = info === undefined ? {} : { info };
      return [{ type: callbackTypes.loginStatus, code: logonoff ? 200 : -1, ...echo }];
    },
  });

const getLoginQrCode = task({
  api: 'getLoginQrCode',
  code: 36,
  summary: { 'en-US': 'gets the QR code to log in with', 'zh-CN': '获取登录二维码' },
  callbacks: [qrCodeCode],
  readOnly: true,
  runsWithoutLogin: true,
  optionalCommands: ['wechatyStart'],
  params: noParams,
  handle: async (_params, { run, query, qrCode }) => {
    if (qrCode !== undefined) return [{ code: qrCodeCode, message: qrCode }];
    const { logonoff } = await query('wechatyLogonoff', {});
    if (logonoff) throw new WechatError('FAILED', 'alreadyLoggedIn');
    // The QR code follows as a callback of its own.
    await run('wechatyStart', {});
    return [];
  },
});

const outLogin = task({
  api: 'outLogin',
  code: 39,
  summary: { 'en-US': 'logs out', 'zh-CN': '退出登录' },
  callbacks: [callbackTypes.logout],
  readOnly: false,
  // Kept until a login, it would end that login.
  runsWithoutLogin: true,
  commands: ['wechatyLogout'],
  params: noParams,
  handle: async (_params, { run }) => {
    // The logout event is posted as a callback of its own.
    await run('wechatyLogout', {});
    return [];
  },
});

export const loginTasks = [
  loginStatusTask('getLoginStatus', 20),
  loginStatusTask('isLoginInfo', 8),
  getLoginQrCode,
  outLogin,
];
