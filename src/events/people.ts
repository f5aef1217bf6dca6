/** Events of bots that people join by scanning a QR code. */
import Type from 'typebox';
import { asString } from '../bot/view-mappers';
import { ContactView } from '../bot/views';
import { describe } from '../i18n/describe';
import { asRecord, event, requiredContact } from './event';

const states = [
  'scanned',
  'digits',
  'digits-wrong',
  'joined',
  'already-joined',
  'expired',
  'failed',
] as const;

/** What becomes of an invitation. */
export const invitation = event({
  summary: {
    'en-US': 'an invitation to join the bot was scanned, accepted or has expired',
    'zh-CN': '加入机器人的邀请已被扫描、接受或已过期',
  },
  schema: Type.Object({
    id: Type.String(describe('as invitationCreate returned it', 'invitationCreate 返回的 id')),
    state: Type.Enum(
      [...states],
      describe(
        'digits, digits-wrong: the phone shows digits, for verifyCodeSubmit; joined: contact is a contact now',
        'digits、digits-wrong 手机显示了数字，请用 verifyCodeSubmit 提交；joined 已成为联系人',
      ),
    ),
    contact: Type.Union([ContactView, Type.Null()], describe('who has joined', '加入的人')),
    reason: Type.String(describe('why it failed; otherwise empty', '失败原因，否则为空')),
  }),
  read: (payload, source) => ({
    read: async () => {
      const { id, state, userId, error } = asRecord(payload);
      if (state === 'joined') await source.refresh('Contact', asString(userId));
      return {
        id: asString(id),
        state: states.find((known) => known === state) ?? 'failed',
        contact: await source.contact(asString(userId)),
        reason: asString(error),
      };
    },
  }),
});

const reasons = ['logout', 'token-dead'] as const;

/** A person is no longer connected. */
export const contactLeave = event({
  summary: {
    'en-US': 'a person who had joined the bot is no longer connected',
    'zh-CN': '已加入机器人的人断开了连接',
  },
  schema: Type.Object({
    contact: ContactView,
    reason: Type.Enum(
      [...reasons],
      describe(
        'token-dead: scanned the code of another program, or too long ago',
        'token-dead 扫了其他程序的二维码，或扫码时间过久',
      ),
    ),
  }),
  read: (payload, source) => {
    const { userId, reason } = asRecord(payload);
    return {
      conversation: asString(userId),
      read: async () => {
        await source.refresh('Contact', asString(userId));
        return {
          contact: await requiredContact(source, userId),
          reason: reasons.find((known) => known === reason) ?? 'token-dead',
        };
      },
    };
  },
});
