/** Tasks that send messages. */
import Type from 'typebox';
import { assertSent } from '../../dispatch/assert-sent';
import { rejectPattern } from '../../wechat/v1-code';
import type { CallbackData } from '../wire';
import { id, task, type TaskContext } from './task';

/** A local path or a URL; the remote's file policy applies. */
const path = Type.String({ minLength: 1 });

async function send(
  { run }: TaskContext,
  wxid: string,
  messageType: string,
  messagePayload: unknown,
): Promise<CallbackData[]> {
  const toContacts = [rejectPattern(wxid)];
  assertSent('send', await run('send', { toContacts, messageType, messagePayload }));
  return [];
}

const sendTextMessage = task({
  api: 'sendTextMessage',
  code: 1,
  summary: { 'en-US': 'sends a text to a contact or a room', 'zh-CN': '发送文本给联系人或群' },
  readOnly: false,
  commands: ['send'],
  params: Type.Object({ wxid: id, text: Type.Union([Type.String(), Type.Number()]) }),
  handle: ({ wxid, text }, context) => send(context, wxid, 'Text', text),
});

const sendPicMessage = task({
  api: 'sendPicMessage',
  code: 2,
  summary: { 'en-US': 'sends an image, from a path or a URL', 'zh-CN': '发送图片，可为路径或网址' },
  readOnly: false,
  commands: ['send'],
  params: Type.Object({ wxid: id, imgPath: path }),
  handle: ({ wxid, imgPath }, context) => send(context, wxid, 'Image', imgPath),
});

const sendFileMessage = task({
  api: 'sendFileMessage',
  code: 25,
  summary: { 'en-US': 'sends a file, from a path or a URL', 'zh-CN': '发送文件，可为路径或网址' },
  readOnly: false,
  commands: ['send'],
  params: Type.Object({ wxid: id, filePath: path }),
  handle: ({ wxid, filePath }, context) => send(context, wxid, 'Attachment', filePath),
});

const sendXmlMessage = task({
  api: 'sendXmlMessage',
  code: 3,
  summary: { 'en-US': 'sends a link', 'zh-CN': '发送链接' },
  readOnly: false,
  commands: ['send'],
  params: Type.Object({
    wxid: id,
    title: Type.Optional(Type.String()),
    url: Type.String(),
    desc: Type.Optional(Type.String()),
    pic: Type.Optional(Type.String()),
  }),
  handle: ({ wxid, url, title = url, desc = '', pic }, context) => {
    const link = { url, title, description: desc, ...(pic ? { thumbnailUrl: pic } : {}) };
    return send(context, wxid, 'Url', link);
  },
});

/** From WeHelp's own pages of the time: the document does not have it yet. */
const sendCardMessage = task({
  api: 'sendCardMessage',
  summary: { 'en-US': "sends a contact's card", 'zh-CN': '发送名片' },
  readOnly: false,
  commands: ['send'],
  params: Type.Object({ wxid: id, fwxid: id }),
  handle: ({ wxid, fwxid }, context) => send(context, wxid, 'Contact', rejectPattern(fwxid)),
});

export const messageTasks = [
  sendTextMessage,
  sendPicMessage,
  sendFileMessage,
  sendXmlMessage,
  sendCardMessage,
];
