/** Operations that send messages, and related ones. */
import Type from 'typebox';
import { WechatError } from '../../../bot/errors';
import { awaitReply } from '../messages/await-reply';
import type { RequestParams } from '../request-params';
import { type Media, loadMedia, hasMedia } from '../messages/media-input';
import { mediaFields } from '../messages/attachments';
import { sentId } from '../messages/messages';
import { type OperationContext, notFound, type Operation, type OperationResult, result } from './operation';
import type { Recipient } from '../messages/message-sender';
import { content, friend, group, asyncOption, required, optional } from './parameters';
import { resultSchema, Sent, Uploaded } from './shapes';

/** The id that addresses all friends. */
const allFriendsId = '@all';

const noMessageIds = { id: null, msg_id: null };

/** A message to be sent, loaded completely, so that nothing is sent when a part of it fails to load. */
interface MessageInput {
  readonly text: string;
  readonly media: Media | undefined;
}

async function readMessageInput(context: OperationContext, params: RequestParams): Promise<MessageInput> {
  const text = params.get('content') ?? '';
  const media = hasMedia(params) ? await loadMedia(params, context) : undefined;
  return { text: text.trim() === '' ? '' : text, media };
}

function isEmpty({ text, media }: MessageInput): boolean {
  return text === '' && media === undefined;
}

/** The result of a request without content; a real server never answers it. */
const emptyContentResult = { ...result(200, 'content empty'), ...noMessageIds };

/** Sends the text and the media; the result contains the id of the text if there is one. */
async function sendMessage(
  { sender }: OperationContext,
  to: Recipient,
  { text, media }: MessageInput,
): Promise<object> {
  const textId = text === '' ? undefined : await sender.sendText(to, text, 'api');
  const mediaId = media && (await sender.sendMedia(to, media, 'api'));
  const messageId = text === '' ? mediaId : textId;
  // Without an id from the puppet the message cannot be revoked, but clients still expect an id.
  const id = sentId(messageId ?? String(Date.now()), to.id);
  return { ...result(0, 'success'), id, msg_id: id, ...(media ? { media_id: media.id } : {}) };
}

async function sendTo(
  context: OperationContext,
  to: Recipient | undefined,
  params: RequestParams,
): Promise<OperationResult> {
  if (!to) return { ...notFound, ...noMessageIds };
  if (params.get('async') !== '1') {
    const input = await readMessageInput(context, params);
    return isEmpty(input) ? emptyContentResult : sendMessage(context, to, input);
  }
  if (!params.get('content') && !hasMedia(params)) return emptyContentResult;
  context.defer('async', 0, async () => sendMessage(context, to, await readMessageInput(context, params)));
  return result(0, 'request already in execution');
}

/** Friends only, as on a real server. */
async function sendToAllFriends(context: OperationContext, params: RequestParams): Promise<OperationResult> {
  const input = await readMessageInput(context, params);
  if (isEmpty(input)) return emptyContentResult;
  const contacts = await context.query('contactFindAll', {});
  const selfId = context.bot.state.user?.id;
  const friends = contacts.filter(({ id, friend: isFriend }) => isFriend && id !== selfId);
  context.defer(allFriendsId, 0, async () => {
    await Promise.allSettled(friends.map(({ id }) => sendMessage(context, { id, isGroup: false }, input)));
  });
  return { ...result(0, 'request already executed'), id: 0, msg_id: 0 };
}

const sendFriendMessage: Operation = {
  path: 'send_friend_message',
  summary: {
    'en-US': 'sends a message to a friend, or with id=@all to all friends',
    'zh-CN': '发送好友消息，id=@all 表示群发',
  },
  commands: ['contactSay'],
  optionalCommands: ['messageFile'],
  params: { ...friend, ...content, ...asyncOption },
  response: Sent,
  failureCode: -1,
  errorFields: noMessageIds,
  handle: async (context, params) => {
    if (params.get('id') === allFriendsId) return sendToAllFriends(context, params);
    return sendTo(context, await context.recipients.friend(params), params);
  },
};

const sendGroupMessage: Operation = {
  path: 'send_group_message',
  summary: { 'en-US': 'sends a message to a group', 'zh-CN': '发送群组消息' },
  commands: ['roomSay'],
  optionalCommands: ['messageFile'],
  params: { ...group, ...content, ...asyncOption },
  response: Sent,
  failureCode: -1,
  errorFields: noMessageIds,
  handle: async (context, params) => sendTo(context, await context.recipients.group(params), params),
};

const revokeMessage: Operation = {
  path: 'revoke_message',
  summary: { 'en-US': 'recalls a message of the bot', 'zh-CN': '撤回消息' },
  commands: ['messageToRecalled'],
  params: {
    id: required('the id in the response to the send', '发送消息时返回的 id'),
    msg_id: optional('same as id; the name in older servers', '同 id（旧名称）'),
  },
  response: resultSchema({ id: Type.Union([Type.String(), Type.Null()]) }),
  handle: async ({ run }, params) => {
    const id = [params.get('id'), params.get('msg_id')].find(Boolean) ?? null;
    if (id === null) return { ...result(-1, 'msg id not found'), id };
    const [, messageId] = /^([^:]+):.+$/.exec(id) ?? [];
    const revoked =
      messageId === undefined ? Promise.reject(new Error()) : run('messageToRecalled', { id: messageId });
    // Real servers answer a failure with code 0 as well.
    const status = await revoked.then(
      () => 'revoke success',
      () => 'revoke failure',
    );
    return { ...result(0, status), id };
  },
};

const uploadMedia: Operation = {
  path: 'upload_media',
  summary: {
    'en-US': 'uploads a file, to be sent later by its media_id',
    'zh-CN': '上传媒体文件，获取 media_id',
  },
  commands: ['contactSay'],
  optionalCommands: ['messageFile'],
  params: {
    media_path: optional('the path or URL of a file', '媒体的路径，可以是本地路径或 url 地址'),
    media_data: content.media_data,
    media_name: content.media_name,
  },
  response: Uploaded,
  handle: async (context, params) => {
    const path = params.get('media_path') ?? null;
    try {
      const { id, kind, cached: kept } = await loadMedia(params, context);
      return {
        ...mediaFields(kept),
        media_code: String(kind.code),
        media_id: id,
        media_path: path ?? kept.path,
        media_type: kind.type,
      };
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      return {
        media_code: null,
        media_ext: null,
        media_id: null,
        media_mime: null,
        media_mtime: null,
        media_name: null,
        media_path: path,
        media_size: null,
        media_type: null,
      };
    }
  },
};

/** How long `consult` waits for a reply by default and at most, in s. */
const defaultReplySeconds = 30;
const maxReplySeconds = 300;

const consult: Operation = {
  path: 'consult',
  summary: {
    'en-US': 'sends a message to a friend and waits for the reply',
    'zh-CN': '发送消息给好友并等待好友回答',
  },
  commands: ['contactSay'],
  optionalCommands: ['messageFile'],
  params: {
    ...friend,
    ...content,
    timeout: optional(
      `how long to wait for the reply, in s; default: ${defaultReplySeconds}, maximum: ${maxReplySeconds}`,
      `等待回复的秒数，默认 ${defaultReplySeconds}，最长 ${maxReplySeconds}`,
    ),
  },
  response: Type.Object({
    ...Sent.properties,
    reply: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    reply_status: Type.Optional(Type.String()),
  }),
  failureCode: -1,
  errorFields: noMessageIds,
  handle: async (context, params, getSignal) => {
    const to = await context.recipients.friend(params);
    if (!to) return { ...notFound, ...noMessageIds };
    const input = await readMessageInput(context, params);
    if (isEmpty(input)) return emptyContentResult;
    const seconds = Number(params.get('timeout')) || defaultReplySeconds;
    const timeoutMs = Math.min(Math.max(seconds, 0), maxReplySeconds) * 1000;
    // One at a time, because two would receive the same reply.
    return context.mutex.runExclusive([`consult ${to.id}`], async () => {
      const { sent, reply } = await awaitReply(context.bot, to.id, () => sendMessage(context, to, input), {
        timeoutMs,
        signal: getSignal(),
      });
      return reply === null ? { ...sent, reply, reply_status: 'reply timeout' } : { ...sent, reply };
    });
  },
};

export const messageOperations: readonly Operation[] = [
  sendFriendMessage,
  sendGroupMessage,
  revokeMessage,
  uploadMedia,
  consult,
];
