/** Commands of bots that people join by scanning a QR code. */
import Type from 'typebox';
import { callTimeouts } from '../bot/account';
import { WechatError } from '../bot/errors';
import { extrasOf } from '../bot/session/puppet-extras';
import { describe } from '../i18n/describe';
import { command } from './command';
import { resolveContact } from './resolve';
import { ChangedResult, contactRef } from './shared-schemas';

/** A method that the puppet may lack. */
function unsupported(call: string): never {
  throw new Error(`${call} is not supported`);
}

const invitationCreate = command({
  name: 'invitationCreate',
  summary: {
    'en-US':
      'makes a QR code with which one more person joins the bot; events invitation tell what becomes of it',
    'zh-CN': '生成二维码，让另一个人加入机器人；结果由 invitation 事件告知',
  },
  readOnly: false,
  params: Type.Object({}),
  result: Type.Object({
    id: Type.String(describe('the id in the events', '事件中的 id')),
    url: Type.String(describe('the text of the QR code', '二维码内容')),
    expiresAt: Type.Integer(describe('in ms since 1970', '失效时间（毫秒）')),
  }),
  run: async (bot) =>
    bot
      .account()
      .call(
        'createInvitation',
        async (puppet) => extrasOf(puppet).createInvitation?.() ?? unsupported('createInvitation'),
        callTimeouts.write,
      ),
});

const verifyCodeSubmit = command({
  name: 'verifyCodeSubmit',
  summary: {
    'en-US': 'gives the digits that a phone shows after scanning a QR code',
    'zh-CN': '提交扫码后手机上显示的数字',
  },
  readOnly: false,
  params: Type.Object({
    digits: Type.String({ minLength: 1, maxLength: 12, ...describe('the digits', '数字') }),
    invitationId: Type.Optional(
      Type.String(describe('the invitation; default: the login of the bot', '邀请的 id，默认为机器人的登录')),
    ),
  }),
  result: Type.Object({}),
  run: (bot, { digits, invitationId }) => {
    if (!bot.submitVerifyCode(digits, invitationId)) throw new WechatError('FAILED', 'noDigitsWanted');
    return Promise.resolve({});
  },
});

const typing = command({
  name: 'typing',
  summary: {
    'en-US': 'shows a contact that the bot is typing, until the next message to it, a minute at most',
    'zh-CN': '向联系人显示“对方正在输入”，直到向其发出下一条消息，最长一分钟',
  },
  readOnly: false,
  params: Type.Object({
    ...contactRef,
    typing: Type.Optional(Type.Boolean({ default: true, ...describe('false ends it', 'false 为结束显示') })),
  }),
  result: ChangedResult,
  run: async (bot, { typing: isTyping = true, ...ref }) => {
    const account = bot.account();
    const { id } = await resolveContact(account, ref);
    await account.call(
      'showTyping',
      async (puppet) => extrasOf(puppet).showTyping?.(id, isTyping) ?? unsupported('showTyping'),
      callTimeouts.write,
    );
    return { id };
  },
});

export const peopleCommands = [invitationCreate, verifyCodeSubmit, typing];
