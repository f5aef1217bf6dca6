/** Events of the account's login. */
import Type from 'typebox';
import { text } from '../bot/view-mappers';
import { ScanStatus, scanStatus } from '../bot/session/scan';
import { ContactView, describe } from '../bot/views';
import { type EventDefinition, fieldsOf } from './event';

/** A QR code is shown, scanned, confirmed or out of time. */
export const scan: EventDefinition = {
  summary: {
    'en-US': 'a login QR code is shown, scanned, confirmed or has expired',
    'zh-CN': '登录二维码的显示、扫描、确认或过期',
  },
  schema: Type.Object({
    status: Type.Enum(Object.keys(ScanStatus).filter((name) => Number.isNaN(Number(name)))),
    qrcode: Type.String(
      describe(
        "the code's content; empty when none is shown. Given to remotes that ask for it, never to a flow's msg",
        '二维码内容，没有则为空；只交给远程协议，不会出现在流程的 msg 中',
      ),
    ),
  }),
  read: (payload) => ({
    read: () => {
      const { qrcode, status } = fieldsOf(payload);
      return { status: ScanStatus[scanStatus(status)], qrcode: text(qrcode) };
    },
  }),
};

/** An account was logged in. */
export const login: EventDefinition = {
  summary: { 'en-US': 'the account is logged in', 'zh-CN': '账号已登录' },
  schema: Type.Object({ contact: ContactView }),
  read: (payload, source) => ({
    read: async () => ({ contact: await source.contact(text(fieldsOf(payload).contactId)) }),
  }),
};

/** The account was logged out. */
export const logout: EventDefinition = {
  summary: { 'en-US': 'the account is logged out', 'zh-CN': '账号已登出' },
  schema: Type.Object({ contact: Type.Union([ContactView, Type.Null()]), reason: Type.String() }),
  read: (payload, source) => ({
    read: async () => {
      const { contactId, data } = fieldsOf(payload);
      return { contact: await source.contact(text(contactId)), reason: text(data) };
    },
  }),
};

/** Contacts and rooms are loaded. */
export const ready: EventDefinition = {
  summary: { 'en-US': 'contacts and rooms are loaded', 'zh-CN': '联系人和群已加载完成' },
  schema: Type.Object({}),
  read: () => ({ read: () => ({}) }),
};
