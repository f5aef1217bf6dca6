/** Operations on contacts. */
import Type from 'typebox';
import { WechatError } from '../../../bot/errors';
import type { ContactView } from '../../../bot/views';
import { qrJpeg } from '../../wechat/qr-image';
import { contactRecordOf, roomRecordOf } from '../address-book';
import { type OperationContext, ok, allVersions, firstNonEmpty, operation } from './operation';
import { resolveContactId, rejectPattern, encodeV1 } from '../../wechat/v1-code';

const optionalText = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const userId = Type.String({ minLength: 1 });

/** Fields of a contact (the PadChat document, 获取用户信息). */
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

/** Whether an id is a room id (the PadChat document: "群id包含@chatroom部分"). */
export function isRoomId(id: string): boolean {
  return id.includes('@chatroom') || id.startsWith('@@');
}

function contactNotFound(query: string): WechatError {
  return new WechatError('NOT_FOUND', 'contactNotFound', { query: query.slice(0, 64) });
}

const getContact = operation({
  names: allVersions('getContact'),
  summary: { 'en-US': 'gets a contact or a room by its id', 'zh-CN': '获取用户或群信息' },
  readOnly: true,
  optionalCommands: ['contactFind', 'roomFind'],
  params: Type.Object({ userId }),
  result: ContactRecord,
  handle: async ({ run, query }, params) => {
    const id = resolveContactId(params.userId);
    if (isRoomId(id)) {
      const room = await run('roomFind', { id, members: 'ids' });
      if (!room) throw new WechatError('NOT_FOUND', 'roomNotFound', { query: id.slice(0, 64) });
      return ok(roomRecordOf(room));
    }
    const contact = await run('contactFind', { id });
    if (!contact) throw contactNotFound(id);
    // Not every puppet has tags.
    const labels = await query('tagFindAll', { id }).catch(() => []);
    return ok(contactRecordOf(contact, labels));
  },
});

/** Finds a contact by id, phone or WeChat number. */
async function findPerson({ run }: OperationContext, query: string): Promise<ContactView> {
  const known = await run('contactFind', { id: query });
  if (known) return known;
  const isPhone = /^\+?\d{5,15}$/.test(query);
  const byPhone = isPhone ? await run('friendshipSearch', { phone: query }) : null;
  const found = byPhone ?? (await run('friendshipSearch', { handle: query }));
  if (!found) throw contactNotFound(query);
  return found;
}

const searchContact = operation({
  names: allVersions('searchContact'),
  summary: {
    'en-US': 'finds a contact by id, phone or WeChat number; for a non-friend the name is a code',
    'zh-CN': '按 wxid、手机号或微信号搜索；非好友的 UserName 为 V1 码',
  },
  readOnly: true,
  commands: ['contactFind'],
  optionalCommands: ['friendshipSearch'],
  params: Type.Object({ userId }),
  result: ContactRecord,
  handle: async (context, params) => {
    const contact = await findPerson(context, resolveContactId(params.userId));
    const stranger = encodeV1(contact.id);
    const overrides = contact.friend ? { stranger: '' } : { stranger, userName: stranger };
    return ok({ ...contactRecordOf(contact), ...overrides });
  },
});

const acceptUser = operation({
  names: allVersions('acceptUser'),
  summary: { 'en-US': 'accepts a friend request', 'zh-CN': '通过好友申请' },
  readOnly: false,
  commands: ['friendshipAccept'],
  params: Type.Object({ stranger: optionalText, ticket: Type.String({ minLength: 1 }) }),
  handle: async ({ run, tokens, addressBook }, { ticket }) => {
    const id = tokens.resolve(ticket);
    if (id === undefined) {
      throw new WechatError('NOT_FOUND', 'friendshipNotFound', { id: ticket.slice(0, 64) });
    }
    await run('friendshipAccept', { id });
    addressBook.invalidate();
    return ok();
  },
});

const friendRequestParams = Type.Object({
  userId: optionalText,
  stranger: optionalText,
  ticket: optionalText,
  type: Type.Optional(Type.Union([Type.Integer(), Type.String(), Type.Null()])),
  content: optionalText,
});

const friendRequestOperation = (name: string, en: string, zh: string) =>
  operation({
    names: allVersions(name),
    summary: { 'en-US': en, 'zh-CN': zh },
    readOnly: false,
    commands: ['friendshipAdd'],
    params: friendRequestParams,
    handle: async ({ run }, params) => {
      const id = resolveContactId(params.userId ?? undefined, params.stranger ?? undefined);
      await run('friendshipAdd', { id, hello: params.content ?? '' });
      return ok();
    },
  });

const setRemark = operation({
  names: allVersions('setRemark'),
  summary: { 'en-US': 'sets or removes the remark (alias) of a contact', 'zh-CN': '设置好友备注' },
  readOnly: false,
  commands: ['contactAliasSet'],
  params: Type.Object({ userId, remark: Type.String() }),
  handle: async ({ run, addressBook }, { remark, ...params }) => {
    await run('contactAliasSet', { id: resolveContactId(params.userId), alias: remark });
    addressBook.invalidate();
    return ok();
  },
});

const setHeadImg = operation({
  names: allVersions('setHeadImg'),
  summary: { 'en-US': "changes the bot's picture", 'zh-CN': '设置头像' },
  readOnly: false,
  commands: ['contactAvatarSet'],
  params: Type.Object({ file: optionalText, image: optionalText }),
  result: Type.Object({ size: Type.Integer(), bigHead: Type.String(), smallHead: Type.String() }),
  handle: async ({ run }, { file, image }) => {
    const base64 = firstNonEmpty(file, image);
    if (!base64) throw new WechatError('INVALID_PARAMS', 'paramMissing', { parameter: 'file' });
    await run('contactAvatarSet', { avatar: { base64, name: 'avatar.jpg' } });
    const size = Buffer.byteLength(base64, 'base64');
    return ok({ size, data: size, bigHead: '', smallHead: '' });
  },
});

const getUserQrcode = operation({
  names: allVersions('getUserQrcode'),
  aliases: ['getContactQrcode'],
  summary: { 'en-US': "gets the bot's own QR code, as a picture", 'zh-CN': '获取机器人自己的二维码图片' },
  readOnly: true,
  commands: ['selfQrcodeGet'],
  params: Type.Object({ userId: optionalText, style: Type.Optional(Type.Unknown()) }),
  result: Type.Object({ qrCode: Type.String(), footer: Type.String() }),
  handle: async ({ run, bot }, params) => {
    const self = bot.state.user?.id ?? '';
    if (params.userId && rejectPattern(params.userId) !== self) {
      throw new WechatError('UNSUPPORTED', 'foreignQrcode');
    }
    const { qrcode } = await run('selfQrcodeGet', {});
    return ok({ qrCode: qrJpeg(qrcode).toString('base64'), footer: '' });
  },
});

export const contactOperations = [
  getContact,
  searchContact,
  acceptUser,
  friendRequestOperation('addContact', 'sends a friend request', '添加好友'),
  friendRequestOperation(
    'sayHello',
    'sends a friend request: the same as addContact',
    '打招呼（同 addContact）',
  ),
  setRemark,
  setHeadImg,
  getUserQrcode,
];
