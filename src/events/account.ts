/** Events of the account's login. */
import Type from 'typebox';
import { asString } from '../bot/view-mappers';
import { ScanStatus, toScanStatus } from '../bot/session/scan';
import { ContactView } from '../bot/views';
import { describe } from '../i18n/describe';
import { event, asRecord, requiredContact } from './event';

/** A login QR code is shown, scanned, confirmed or expired. */
export const scan = event({
  summary: {
    'en-US': 'a login QR code is shown, scanned, confirmed or has expired',
    'zh-CN': '登录二维码的显示、扫描、确认或过期',
  },
  schema: Type.Object({
    status: Type.Enum(Object.keys(ScanStatus).filter((name) => Number.isNaN(Number(name)))),
    qrcode: Type.String(
      describe(
        "the content of the code, empty if there is none; only for remotes, never in a flow's msg",
        '二维码内容，没有则为空；只交给远程节点，不会出现在流程的 msg 中',
      ),
    ),
  }),
  read: (payload) => ({
    read: () => {
      const { qrcode, status } = asRecord(payload);
      return { status: ScanStatus[toScanStatus(status)], qrcode: asString(qrcode) };
    },
  }),
});

/** The account is logged in. */
export const login = event({
  summary: { 'en-US': 'the account is logged in', 'zh-CN': '账号已登录' },
  schema: Type.Object({ contact: ContactView }),
  read: (payload, source) => ({
    read: async () => ({ contact: await requiredContact(source, asRecord(payload).contactId) }),
  }),
});

/** The account is logged out. */
export const logout = event({
  summary: { 'en-US': 'the account is logged out', 'zh-CN': '账号已退出登录' },
  schema: Type.Object({ contact: Type.Union([ContactView, Type.Null()]), reason: Type.String() }),
  read: (payload, source) => ({
    read: async () => {
      const { contactId, data } = asRecord(payload);
      return { contact: await source.contact(asString(contactId)), reason: asString(data) };
    },
  }),
});

/** Contacts and rooms are loaded. */
export const ready = event({
  summary: { 'en-US': 'contacts and rooms are loaded', 'zh-CN': '联系人和群已加载完成' },
  schema: Type.Object({}),
  read: () => ({ read: () => ({}) }),
});
