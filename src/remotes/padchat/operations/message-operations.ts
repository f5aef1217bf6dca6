/** What clients have sent, and what they read out of messages. */
import Type from 'typebox';
import { type ErrorCode, WechatError } from '../../../bot/errors';
import type { MemberView } from '../../../bot/views';
import { readAppMessage } from '../app-message';
import { isRoomId } from './contact-operations';
import { type Context, done, everywhere, firstOf, operation, type Outcome } from './operation';
import { unspelled } from '../field-case';
import { contactIdIn, exact } from '../../wechat/v1-code';

const text = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const toUserName = Type.String({ minLength: 1 });
const MessageId = Type.Object({ msgId: Type.String() });

/** The chat with oneself, by which clients send files from phone to computer; few puppets know it. */
const fileHelper = 'filehelper';

/** What a client says when it means everybody in a room. */
const everybody = /^(?:announcement|notify)@all$/;

/** What the commands that send to several answer. */
interface Sent {
  readonly success: readonly { readonly messageId?: string }[];
  readonly fail: readonly { readonly error: { readonly code: ErrorCode; readonly message: string } }[];
}

/** Sends to these, and says what became of the first. @throws WechatError when one send failed. */
async function send(
  { ask, bot, ownSends }: Context,
  to: readonly string[],
  content: object,
): Promise<Outcome> {
  const toContacts = await Promise.all(
    to.map(async (id) => {
      if (id !== fileHelper) return contactIdIn(id, undefined);
      const found = await ask<object | null>('contactFind', { id }).catch(() => null);
      return found ? id : (bot.state.user?.id ?? id);
    }),
  );
  const { success, fail } = await ownSends.run(
    toContacts,
    () => ask<Sent>('send', { toContacts, ...content }),
    (sent) => sent.success.map(({ messageId }) => messageId),
  );
  const [failed] = fail;
  if (failed)
    throw new WechatError(failed.error.code, 'callFailed', { call: 'send', error: failed.error.message });
  return done({ msgId: success[0]?.messageId ?? '' });
}

/** A text without the marks of those it mentions, which the command that mentions puts before it. */
function withoutMarks(content: string, members: readonly MemberView[]): string {
  const names = members.flatMap(({ name, roomAlias }) => [roomAlias, name]).filter(Boolean);
  const longestFirst = names.sort((one, other) => other.length - one.length);
  return longestFirst.reduce((rest, name) => {
    const at = rest.indexOf(`@${name}`);
    if (at < 0) return rest;
    return rest.slice(0, at) + rest.slice(at + name.length + 1).replace(/^[\u2005 ]/, '');
  }, content);
}

const sendMsg = operation({
  names: everywhere('sendMsg'),
  summary: {
    'en-US': 'sends a text; in a room it can mention members',
    'zh-CN': '发送文本消息，群内可 @ 成员',
  },
  readOnly: false,
  to: 'toUserName',
  params: Type.Object({
    toUserName,
    content: Type.String({ minLength: 1 }),
    atList: Type.Optional(
      Type.Union([Type.Array(Type.String({ minLength: 1 }), { maxItems: 500 }), Type.Null()]),
    ),
  }),
  result: MessageId,
  run: async (context, { content, atList, ...params }) => {
    const to = params.toUserName;
    const named = (atList ?? []).map((id) => (everybody.test(id) ? '@all' : contactIdIn(id, undefined)));
    if (named.length === 0 || !isRoomId(to)) return send(context, [to], { messagePayload: content });
    const { ask, ownSends } = context;
    const people = named.filter((id) => id !== '@all');
    const members = await Promise.all(
      people.map((contact) => ask<MemberView>('roomMemberGet', { id: exact(to), contact })),
    );
    const bare = withoutMarks(content, members);
    // Nothing but marks was said: they are put there again.
    const messagePayload = bare.trim() === '' ? content : bare;
    const { id } = await ownSends.run(
      [to],
      () => ask<{ id: string }>('roomSayAt', { room: to, contacts: named, messagePayload }),
      (sent) => [sent.id],
    );
    return done({ msgId: id });
  },
});

const sendAppMsg = operation({
  names: everywhere('sendAppMsg'),
  summary: {
    'en-US': 'sends a link or a mini program, given as XML',
    'zh-CN': '发送 App 消息（链接或小程序的 XML）',
  },
  readOnly: false,
  to: 'toUserName',
  params: Type.Object({ toUserName, content: Type.String({ minLength: 1 }) }),
  result: MessageId,
  run: async (context, params) => send(context, [params.toUserName], readAppMessage(params.content)),
});

/** The file a client sends as Base64: in A and B `image`, in C `file`. */
function fileIn(file: string | null | undefined, image: string | null | undefined, name: string): object {
  const base64 = firstOf(file, image);
  if (!base64) throw new WechatError('INVALID_PARAMS', 'paramMissing', { parameter: 'file' });
  return { base64, name };
}

const sendImage = operation({
  names: everywhere('sendImage'),
  summary: { 'en-US': 'sends an image, given as Base64', 'zh-CN': '发送图片（Base64）' },
  readOnly: false,
  to: 'toUserName',
  params: Type.Object({ toUserName, image: text, file: text }),
  result: MessageId,
  run: async (context, { file, image, ...params }) => {
    const content = { messageType: 'Image', messagePayload: fileIn(file, image, 'image.jpg') };
    return send(context, [params.toUserName], content);
  },
});

const sendVoice = operation({
  names: everywhere('sendVoice'),
  summary: {
    'en-US': 'sends a voice message, given as Base64 of SILK',
    'zh-CN': '发送语音（silk 的 Base64）',
  },
  readOnly: false,
  to: 'toUserName',
  params: Type.Object({
    toUserName,
    file: Type.String({ minLength: 1 }),
    time: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
  }),
  result: Type.Object({ msgId: Type.String(), size: Type.Integer() }),
  run: async (context, { file, time, ...params }) => {
    const length = time ? { voiceLength: time } : {};
    const voice = { ...fileIn(file, undefined, 'voice.silk'), ...length };
    const content = { messageType: 'Audio', messagePayload: voice };
    const { data } = await send(context, [params.toUserName], content);
    return { data: { ...data, size: Buffer.byteLength(file, 'base64') } };
  },
});

const shareCard = operation({
  names: everywhere('shareCard'),
  summary: {
    'en-US': "sends a contact's card; a title of its own is left out",
    'zh-CN': '发送名片（自定义标题被忽略）',
  },
  readOnly: false,
  to: 'toUserName',
  params: Type.Object({ toUserName, userId: Type.String({ minLength: 1 }), content: text }),
  result: MessageId,
  run: async (context, params) => {
    const messagePayload = contactIdIn(params.userId, undefined);
    return send(context, [params.toUserName], { messageType: 'Contact', messagePayload });
  },
});

const massMsg = operation({
  names: everywhere('massMsg'),
  summary: { 'en-US': 'sends a text to several', 'zh-CN': '群发文本消息' },
  readOnly: false,
  params: Type.Object({
    userList: Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 500 }),
    content: Type.String({ minLength: 1 }),
  }),
  result: MessageId,
  run: async (context, { userList, content }) => send(context, userList, { messagePayload: content }),
});

/** A file out of WeChat, as commands give it. */
interface FileView {
  readonly size: number;
  readonly data: Buffer;
}

const RawMessage = Type.Object({ rawMsgData: Type.Object({}) });

function messageIdIn(rawMsgData: object): string {
  const { msgId } = unspelled(rawMsgData as Readonly<Record<string, unknown>>);
  if (typeof msgId !== 'string' && typeof msgId !== 'number') {
    throw new WechatError('INVALID_PARAMS', 'paramMissing', { parameter: 'rawMsgData.msgId' });
  }
  return String(msgId);
}

const getMsgImage = operation({
  names: everywhere('getMsgImage'),
  summary: { 'en-US': 'gets the full image of a message, as Base64', 'zh-CN': '获取消息图片原图（Base64）' },
  readOnly: true,
  params: RawMessage,
  result: Type.Object({ image: Type.String(), size: Type.Integer() }),
  run: async ({ ask }, { rawMsgData }) => {
    const id = messageIdIn(rawMsgData);
    // Not every puppet knows several sizes.
    const { data, size } = await ask<FileView>('messageImage', { id, type: 'Artwork' }).catch(() =>
      ask<FileView>('messageFile', { id }),
    );
    return done({ image: data.toString('base64'), size });
  },
});

const getMsgFile = (name: 'getMsgVideo' | 'getMsgVoice', field: string, en: string, zh: string) =>
  operation({
    names: everywhere(name),
    summary: { 'en-US': en, 'zh-CN': zh },
    readOnly: true,
    params: RawMessage,
    result: Type.Object({ [field]: Type.String(), size: Type.Integer() }),
    run: async ({ ask }, { rawMsgData }) => {
      const { data, size } = await ask<FileView>('messageFile', { id: messageIdIn(rawMsgData) });
      return done({ [field]: data.toString('base64'), size });
    },
  });

export const messageOperations = [
  sendMsg,
  sendAppMsg,
  sendImage,
  sendVoice,
  shareCard,
  massMsg,
  getMsgImage,
  getMsgFile('getMsgVideo', 'video', 'gets the video of a message, as Base64', '获取消息视频（Base64）'),
  getMsgFile('getMsgVoice', 'voice', 'gets the voice of a message, as Base64', '获取消息语音（Base64）'),
];
