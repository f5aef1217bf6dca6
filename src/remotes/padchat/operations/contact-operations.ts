/** What clients ask about people. */
import Type from 'typebox';
import { WechatError } from '../../../bot/errors';
import type { ContactView, RoomView } from '../../../bot/views';
import { qrJpeg } from '../../wechat/qr-image';
import { contactRecordOf, roomRecordOf } from '../address-book';
import { type Context, done, everywhere, firstOf, operation } from './operation';
import { contactIdIn, exact, strangerOf } from '../../wechat/v1-code';

const text = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const userId = Type.String({ minLength: 1 });

/** Fields of somebody found (the PadChat document, 获取用户信息). */
export const ContactRecord = Type.Object({
  userName: Type.String(),
  nickName: Type.String(),
  remark: Type.String(),
  sex: Type.Integer(),
  city: Type.String(),
  provincia: Type.String(),
  country: Type.String(),
  signature: Type.String(),
  intro: Type.String(),
  label: Type.String(),
  bigHead: Type.String(),
  smallHead: Type.String(),
  pyInitial: Type.String(),
  quanPin: Type.String(),
  remarkPyInitial: Type.String(),
  remarkQuanPin: Type.String(),
  stranger: Type.String(),
  ticket: Type.String(),
});

/** Whether an id is that of a room (the PadChat document: "群id包含@chatroom部分"). */
export function isRoomId(id: string): boolean {
  return id.includes('@chatroom') || id.startsWith('@@');
}

function nobody(query: string): WechatError {
  return new WechatError('NOT_FOUND', 'contactNotFound', { query: query.slice(0, 64) });
}

const getContact = operation({
  names: everywhere('getContact'),
  summary: { 'en-US': 'gets a contact or a room by its id', 'zh-CN': '获取用户或群信息' },
  readOnly: true,
  params: Type.Object({ userId }),
  result: ContactRecord,
  run: async ({ ask }, params) => {
    const id = contactIdIn(params.userId, undefined);
    if (isRoomId(id)) {
      const room = await ask<(RoomView & { memberIds?: string[] }) | null>('roomFind', {
        id,
        members: 'ids',
      });
      if (!room) throw new WechatError('NOT_FOUND', 'roomNotFound', { query: id.slice(0, 64) });
      return done(roomRecordOf(room));
    }
    const contact = await ask<ContactView | null>('contactFind', { id });
    if (!contact) throw nobody(id);
    return done(contactRecordOf(contact));
  },
});

/** Somebody by id, phone or WeChat number. */
async function search({ ask }: Context, wanted: string): Promise<ContactView> {
  const known = await ask<ContactView | null>('contactFind', { id: wanted });
  if (known) return known;
  const isPhone = /^\+?\d{5,15}$/.test(wanted);
  const byPhone = isPhone ? await ask<ContactView | null>('friendshipSearch', { phone: wanted }) : null;
  const found = byPhone ?? (await ask<ContactView | null>('friendshipSearch', { handle: wanted }));
  if (!found) throw nobody(wanted);
  return found;
}

const searchContact = operation({
  names: everywhere('searchContact'),
  summary: {
    'en-US': 'looks for somebody by id, phone or WeChat number; who is no friend gets a code as the name',
    'zh-CN': '按 wxid、手机号或微信号搜索；非好友的 UserName 为 V1 码',
  },
  readOnly: true,
  params: Type.Object({ userId }),
  result: ContactRecord,
  run: async (context, params) => {
    const contact = await search(context, contactIdIn(params.userId, undefined));
    const stranger = strangerOf(contact.id);
    const told = contact.friend ? { stranger: '' } : { stranger, userName: stranger };
    return done({ ...contactRecordOf(contact), ...told });
  },
});

const acceptUser = operation({
  names: everywhere('acceptUser'),
  summary: { 'en-US': 'accepts a friend request', 'zh-CN': '通过好友请求' },
  readOnly: false,
  params: Type.Object({ stranger: text, ticket: Type.String({ minLength: 1 }) }),
  run: async ({ ask, tickets, addressBook }, { ticket }) => {
    const id = tickets.friendshipOf(ticket);
    if (id === undefined) {
      throw new WechatError('NOT_FOUND', 'friendshipNotFound', { id: ticket.slice(0, 64) });
    }
    await ask('friendshipAccept', { id });
    addressBook.forget();
    return done();
  },
});

const greetingParams = Type.Object({
  userId: text,
  stranger: text,
  ticket: text,
  type: Type.Optional(Type.Union([Type.Integer(), Type.String(), Type.Null()])),
  content: text,
});

const greeting = (name: string, en: string, zh: string) =>
  operation({
    names: everywhere(name),
    summary: { 'en-US': en, 'zh-CN': zh },
    readOnly: false,
    params: greetingParams,
    run: async ({ ask }, params) => {
      const id = contactIdIn(params.userId ?? undefined, params.stranger ?? undefined);
      await ask('friendshipAdd', { id, hello: params.content ?? '' });
      return done();
    },
  });

const setRemark = operation({
  names: everywhere('setRemark'),
  summary: { 'en-US': 'sets or removes the remark (alias) of a contact', 'zh-CN': '设置好友备注' },
  readOnly: false,
  params: Type.Object({ userId, remark: Type.String() }),
  run: async ({ ask, addressBook }, { remark, ...params }) => {
    await ask('contactAliasSet', { id: contactIdIn(params.userId, undefined), alias: remark });
    addressBook.forget();
    return done();
  },
});

const setHeadImg = operation({
  names: everywhere('setHeadImg'),
  summary: { 'en-US': "changes the bot's picture", 'zh-CN': '设置头像' },
  readOnly: false,
  params: Type.Object({ file: text, image: text }),
  result: Type.Object({ size: Type.Integer(), bigHead: Type.String(), smallHead: Type.String() }),
  run: async ({ ask }, { file, image }) => {
    const base64 = firstOf(file, image);
    if (!base64) throw new WechatError('INVALID_PARAMS', 'paramMissing', { parameter: 'file' });
    await ask('contactAvatarSet', { avatar: { base64, name: 'avatar.jpg' } });
    const size = Buffer.byteLength(base64, 'base64');
    return done({ size, data: size, bigHead: '', smallHead: '' });
  },
});

const getUserQrcode = operation({
  names: everywhere('getUserQrcode'),
  summary: { 'en-US': "gets the bot's own QR code, as a picture", 'zh-CN': '获取机器人自己的二维码图片' },
  readOnly: true,
  params: Type.Object({ userId: text, style: Type.Optional(Type.Unknown()) }),
  result: Type.Object({ qrCode: Type.String(), footer: Type.String() }),
  run: async ({ ask, bot }, params) => {
    const self = bot.state.user?.id ?? '';
    if (params.userId && exact(params.userId) !== self) {
      throw new WechatError('UNSUPPORTED', 'foreignQrcode');
    }
    const { qrcode } = await ask<{ qrcode: string }>('selfQrcodeGet');
    return done({ qrCode: qrJpeg(qrcode).toString('base64'), footer: '' });
  },
});

export const contactOperations = [
  getContact,
  searchContact,
  acceptUser,
  greeting('addContact', 'asks somebody to be friends', '添加好友'),
  greeting('sayHello', 'greets a stranger: the same as addContact', '打招呼（同 addContact）'),
  setRemark,
  setHeadImg,
  getUserQrcode,
];
