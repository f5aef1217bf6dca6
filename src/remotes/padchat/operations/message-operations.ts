/** Operations that send messages and download files of messages. */
import Type from 'typebox';
import { WechatError } from '../../../bot/errors';
import type { MemberView } from '../../../bot/views';
import type { ParamsOf } from '../../../commands/table';
import { assertSent } from '../../dispatch/assert-sent';
import { AppLink, linkOf, parseAppMessage } from '../app-message';
import { isRoomId } from './contact-operations';
import {
  type OperationContext,
  ok,
  allVersions,
  firstNonEmpty,
  operation,
  type OperationResult,
} from './operation';
import { fromWireCase } from '../field-case';
import { resolveContactId, rejectPattern } from '../../wechat/v1-code';

const optionalText = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const toUserName = Type.String({ minLength: 1 });
const MessageId = Type.Object({ msgId: Type.String() });

/** Ids by which clients mention all members of a room. */
const allMembersPattern = /^(?:announcement|notify)@all$/;

/** Sends content to recipients; the result has the first message id. @throws WechatError if any send failed. */
async function send(
  { run, sentMessages }: OperationContext,
  to: readonly string[],
  content: Omit<ParamsOf<'send'>, 'toContacts'>,
): Promise<OperationResult> {
  const toContacts = to.map((id) => resolveContactId(id));
  const result = await sentMessages.track(
    toContacts,
    'client',
    () => run('send', { toContacts, ...content }),
    (sent) => sent.success,
  );
  assertSent('send', result);
  return ok({ msgId: result.success[0]?.messageId ?? '' });
}

/** Removes `@name` marks of members from a text, because `roomSayAt` adds its own. */
function stripMentions(content: string, members: readonly MemberView[]): string {
  const names = members.flatMap(({ name, roomAlias }) => [roomAlias, name]).filter(Boolean);
  const longestFirst = names.sort((one, other) => other.length - one.length);
  return longestFirst.reduce((rest, name) => {
    const at = rest.indexOf(`@${name}`);
    if (at < 0) return rest;
    return rest.slice(0, at) + rest.slice(at + name.length + 1).replace(/^[\u2005 ]/, '');
  }, content);
}

const sendMsg = operation({
  names: allVersions('sendMsg'),
  summary: {
    'en-US': 'sends a text; in a room it can mention members',
    'zh-CN': '发送文本消息，群内可 @ 成员',
  },
  readOnly: false,
  optionalCommands: ['send', 'roomSayAt'],
  to: 'toUserName',
  params: Type.Object({
    toUserName,
    content: Type.String({ minLength: 1 }),
    atList: Type.Optional(
      Type.Union([Type.Array(Type.String({ minLength: 1 }), { maxItems: 500 }), Type.Null()]),
    ),
  }),
  result: MessageId,
  handle: async (context, { content, atList, ...params }) => {
    const to = params.toUserName;
    const mentions = (atList ?? []).map((id) => (allMembersPattern.test(id) ? '@all' : resolveContactId(id)));
    if (mentions.length === 0 || !isRoomId(to)) return send(context, [to], { messagePayload: content });
    const { run, query, sentMessages } = context;
    const mentionedIds = mentions.filter((id) => id !== '@all');
    const members = await Promise.all(
      mentionedIds.map((contact) => query('roomMemberGet', { id: rejectPattern(to), contact })),
    );
    const stripped = stripMentions(content, members);
    // A text of nothing but marks is sent as it is.
    const messagePayload = stripped.trim() === '' ? content : stripped;
    const { id } = await sentMessages.track(
      [to],
      'client',
      () => run('roomSayAt', { room: to, contacts: mentions, messagePayload }),
      (sent) => [{ id: to, messageId: sent.id }],
    );
    return ok({ msgId: id });
  },
});

const sendAppMsg = operation({
  names: allVersions('sendAppMsg'),
  summary: {
    'en-US': 'sends a link or a mini program, given as XML',
    'zh-CN': '发送 App 消息（链接或小程序的 XML）',
  },
  readOnly: false,
  commands: ['send'],
  to: 'toUserName',
  params: Type.Object({ toUserName, content: Type.Union([Type.String({ minLength: 1 }), AppLink]) }),
  result: MessageId,
  handle: async (context, { content, ...params }) =>
    send(
      context,
      [params.toUserName],
      typeof content === 'string' ? parseAppMessage(content) : linkOf(content),
    ),
});

/** The Base64 file parameter: `image` in A and B, `file` in C. @throws WechatError INVALID_PARAMS */
function fileParam(file: string | null | undefined, image: string | null | undefined, name: string): object {
  const base64 = firstNonEmpty(file, image);
  if (!base64) throw new WechatError('INVALID_PARAMS', 'paramMissing', { parameter: 'file' });
  return { base64, name };
}

const sendImage = operation({
  names: allVersions('sendImage'),
  summary: { 'en-US': 'sends an image, given as Base64', 'zh-CN': '发送图片（Base64）' },
  readOnly: false,
  commands: ['send'],
  to: 'toUserName',
  params: Type.Object({ toUserName, image: optionalText, file: optionalText }),
  result: MessageId,
  handle: async (context, { file, image, ...params }) => {
    const content = { messageType: 'Image', messagePayload: fileParam(file, image, 'image.jpg') };
    return send(context, [params.toUserName], content);
  },
});

const sendVoice = operation({
  names: allVersions('sendVoice'),
  summary: {
    'en-US': 'sends a voice message, given as Base64 of SILK',
    'zh-CN': '发送语音（silk 的 Base64）',
  },
  readOnly: false,
  commands: ['send'],
  to: 'toUserName',
  params: Type.Object({
    toUserName,
    file: Type.String({ minLength: 1 }),
    time: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
  }),
  result: Type.Object({ msgId: Type.String(), size: Type.Integer() }),
  handle: async (context, { file, time, ...params }) => {
    const length = time ? { voiceLength: time } : {};
    const voice = { ...fileParam(file, undefined, 'voice.silk'), ...length };
    const content = { messageType: 'Audio', messagePayload: voice };
    const { data } = await send(context, [params.toUserName], content);
    return { data: { ...data, size: Buffer.byteLength(file, 'base64') } };
  },
});

const shareCard = operation({
  names: allVersions('shareCard'),
  summary: {
    'en-US': "sends a contact's card; a title of its own is left out",
    'zh-CN': '发送名片（自定义标题被忽略）',
  },
  readOnly: false,
  commands: ['send'],
  to: 'toUserName',
  params: Type.Object({ toUserName, userId: Type.String({ minLength: 1 }), content: optionalText }),
  result: MessageId,
  handle: async (context, params) => {
    const messagePayload = resolveContactId(params.userId);
    return send(context, [params.toUserName], { messageType: 'Contact', messagePayload });
  },
});

const massMsg = operation({
  names: allVersions('massMsg'),
  summary: { 'en-US': 'sends a text to several', 'zh-CN': '群发文本消息' },
  readOnly: false,
  commands: ['send'],
  params: Type.Object({
    userList: Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 500 }),
    content: Type.String({ minLength: 1 }),
  }),
  result: MessageId,
  handle: async (context, { userList, content }) => send(context, userList, { messagePayload: content }),
});

const RawMessage = Type.Object({ rawMsgData: Type.Object({}) });

function messageIdOf(rawMsgData: object): string {
  const { msgId } = fromWireCase(rawMsgData as Readonly<Record<string, unknown>>);
  if (typeof msgId !== 'string' && typeof msgId !== 'number') {
    throw new WechatError('INVALID_PARAMS', 'paramMissing', { parameter: 'rawMsgData.msgId' });
  }
  return String(msgId);
}

const getMsgImage = operation({
  names: allVersions('getMsgImage'),
  summary: { 'en-US': 'gets the full image of a message, as Base64', 'zh-CN': '获取消息图片原图（Base64）' },
  readOnly: true,
  commands: ['messageImage'],
  optionalCommands: ['messageFile'],
  params: RawMessage,
  result: Type.Object({ image: Type.String(), size: Type.Integer() }),
  handle: async ({ run }, { rawMsgData }) => {
    const id = messageIdOf(rawMsgData);
    // Not every puppet supports image sizes.
    const { data, size } = await run('messageImage', { id, type: 'Artwork' }).catch(() =>
      run('messageFile', { id }),
    );
    return ok({ image: data.toString('base64'), size });
  },
});

const getMsgFile = (name: 'getMsgVideo' | 'getMsgVoice', field: string, en: string, zh: string) =>
  operation({
    names: allVersions(name),
    summary: { 'en-US': en, 'zh-CN': zh },
    readOnly: true,
    commands: ['messageFile'],
    params: RawMessage,
    result: Type.Object({ [field]: Type.String(), size: Type.Integer() }),
    handle: async ({ run }, { rawMsgData }) => {
      const { data, size } = await run('messageFile', { id: messageIdOf(rawMsgData) });
      return ok({ [field]: data.toString('base64'), size });
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
