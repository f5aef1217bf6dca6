/** Commands that read the non-text content of a message. */
import Type from 'typebox';
import { types } from 'wechaty-puppet';
import type { Account } from '../bot/account';
import { WechatError } from '../bot/errors';
import { contactView } from '../bot/view-mappers';
import { ContactView, type MessageTypeName } from '../bot/views';
import { describe } from '../i18n/describe';
import { command } from './command';
import { readFileBox } from './content/file-output';
import { findMessage } from './find-message';
import { FileView, idParam } from './shared-schemas';

const id = idParam('the message', '消息 id', 'message');
const maxBytes = Type.Optional(
  Type.Integer({ minimum: 1, ...describe('the largest accepted file in bytes', '可接受的最大文件（字节）') }),
);

/** @throws WechatError NOT_FOUND, or INVALID_PARAMS when the message is of another type. */
async function expectType(
  account: Account,
  messageId: string,
  expected: string,
  ...allowed: MessageTypeName[]
): Promise<void> {
  const { type } = await findMessage(account, messageId);
  // A puppet that does not know the type may still be able to read the content.
  if (type === 'Unknown' || allowed.includes(type)) return;
  throw new WechatError('INVALID_PARAMS', 'messageIs', { id: messageId, type, wanted: expected });
}

const messageFile = command({
  name: 'messageFile',
  summary: { 'en-US': 'gets the file in a message', 'zh-CN': '获取消息中的文件' },
  readOnly: true,
  params: Type.Object({ id, maxBytes }),
  result: FileView,
  run: async (bot, params, { files }) => {
    const account = bot.account();
    await expectType(account, params.id, 'file', 'Attachment', 'Audio', 'Emoticon', 'Image', 'Video');
    const limit = Math.min(params.maxBytes ?? Infinity, files.maxBytes);
    return readFileBox(account, 'messageFile', (puppet) => puppet.messageFile(params.id), limit);
  },
});

const messageImage = command({
  name: 'messageImage',
  summary: {
    'en-US': 'gets the image in a message in one of three sizes',
    'zh-CN': '获取消息中的图片，可选尺寸',
  },
  readOnly: true,
  params: Type.Object({
    id,
    type: Type.Optional(
      Type.Enum(['Thumbnail', 'HD', 'Artwork'], { default: 'HD', ...describe('the size', '尺寸') }),
    ),
    maxBytes,
  }),
  result: FileView,
  run: async (bot, params, { files }) => {
    const account = bot.account();
    await expectType(account, params.id, 'image', 'Image');
    const size = types.Image[params.type ?? 'HD'];
    const limit = Math.min(params.maxBytes ?? Infinity, files.maxBytes);
    return readFileBox(account, 'messageImage', (puppet) => puppet.messageImage(params.id, size), limit);
  },
});

const messageContact = command({
  name: 'messageContact',
  summary: { 'en-US': 'gets the contact whose card is in a message', 'zh-CN': '获取消息中的名片' },
  readOnly: true,
  params: Type.Object({ id }),
  result: ContactView,
  run: async (bot, params) => {
    const account = bot.account();
    await expectType(account, params.id, 'contact', 'Contact');
    const contactId = await account.call('messageContact', (puppet) => puppet.messageContact(params.id));
    return contactView(contactId, await account.contacts.byId(contactId));
  },
});

const messageUrl = command({
  name: 'messageUrl',
  summary: { 'en-US': 'gets the link in a message', 'zh-CN': '获取消息中的链接' },
  readOnly: true,
  params: Type.Object({ id }),
  result: Type.Object({
    url: Type.String(),
    title: Type.String(),
    description: Type.Optional(Type.String()),
    thumbnailUrl: Type.Optional(Type.String()),
  }),
  run: async (bot, params) => {
    const account = bot.account();
    await expectType(account, params.id, 'link', 'Url');
    return { ...(await account.call('messageUrl', (puppet) => puppet.messageUrl(params.id))) };
  },
});

const messageMiniProgram = command({
  name: 'messageMiniProgram',
  summary: { 'en-US': 'gets the mini program in a message', 'zh-CN': '获取消息中的小程序' },
  readOnly: true,
  params: Type.Object({ id }),
  result: Type.Object({
    appid: Type.Optional(Type.String()),
    username: Type.Optional(Type.String()),
    title: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    pagePath: Type.Optional(Type.String()),
    iconUrl: Type.Optional(Type.String()),
    thumbUrl: Type.Optional(Type.String()),
    thumbKey: Type.Optional(Type.String()),
    shareId: Type.Optional(Type.String()),
  }),
  run: async (bot, params) => {
    const account = bot.account();
    await expectType(account, params.id, 'mini program', 'MiniProgram');
    return {
      ...(await account.call('messageMiniProgram', (puppet) => puppet.messageMiniProgram(params.id))),
    };
  },
});

const messageLocation = command({
  name: 'messageLocation',
  summary: { 'en-US': 'gets the location in a message', 'zh-CN': '获取消息中的位置' },
  readOnly: true,
  params: Type.Object({ id }),
  result: Type.Object({
    latitude: Type.Number(),
    longitude: Type.Number(),
    name: Type.String(),
    address: Type.String(),
    accuracy: Type.Number(describe('in metres', '米')),
  }),
  run: async (bot, params) => {
    const account = bot.account();
    await expectType(account, params.id, 'location', 'Location');
    return { ...(await account.call('messageLocation', (puppet) => puppet.messageLocation(params.id))) };
  },
});

export const messageContentCommands = [
  messageFile,
  messageImage,
  messageContact,
  messageUrl,
  messageMiniProgram,
  messageLocation,
];
