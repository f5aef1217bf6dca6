/** Paths that say something, and what belongs to it. */
import Type from 'typebox';
import type { ContactView } from '../../../bot/views';
import { WechatError } from '../../../bot/errors';
import { awaitReply } from '../messages/await-reply';
import type { Given } from '../request-params';
import { type Media, mediaNamed, namesMedia } from '../messages/media-input';
import { mediaFields } from '../messages/attachments';
import { sentId } from '../messages/messages';
import { type Context, notFound, type Operation, type Reply, told } from './operation';
import type { Recipient } from '../messages/message-sender';
import { content, friend, group, later, needed, optional } from './parameters';
import { coded, Sent, Uploaded } from './shapes';

/** Stands for all friends. */
const everybody = '@all';

const noMessage = { id: null, msg_id: null };

/** What is to be said, read to its end, so that nothing is said where a part of it cannot be had. */
interface Saying {
  readonly text: string;
  readonly media: Media | undefined;
}

async function sayingIn(context: Context, given: Given): Promise<Saying> {
  const text = given.get('content') ?? '';
  const media = namesMedia(given) ? await mediaNamed(given, context) : undefined;
  return { text: text.trim() === '' ? '' : text, media };
}

function isEmpty({ text, media }: Saying): boolean {
  return text === '' && media === undefined;
}

/** The answer to a request that says nothing; a real server never answers it. */
const nothingToSay = { ...told(200, 'content empty'), ...noMessage };

/** Says it; where there are both, the answer is that of the text. */
async function say({ speaker }: Context, to: Recipient, { text, media }: Saying): Promise<object> {
  const textId = text === '' ? undefined : await speaker.text(to, text, 'api');
  const mediaId = media && (await speaker.media(to, media, 'api'));
  const messageId = text === '' ? mediaId : textId;
  // A puppet may give no id: then nothing can be revoked, and clients still find one.
  const id = sentId(messageId ?? String(Date.now()), to.id);
  return { ...told(0, 'success'), id, msg_id: id, ...(media ? { media_id: media.id } : {}) };
}

async function sendTo(context: Context, to: Recipient | undefined, given: Given): Promise<Reply> {
  if (!to) return { ...notFound, ...noMessage };
  if (given.get('async') !== '1') {
    const saying = await sayingIn(context, given);
    return isEmpty(saying) ? nothingToSay : say(context, to, saying);
  }
  if (!given.get('content') && !namesMedia(given)) return nothingToSay;
  context.afterwards('async', 0, async () => say(context, to, await sayingIn(context, given)));
  return told(0, 'request already in execution');
}

/** Friends only, as on a real server. */
async function sendToEverybody(context: Context, given: Given): Promise<Reply> {
  const saying = await sayingIn(context, given);
  if (isEmpty(saying)) return nothingToSay;
  const contacts = (await context.ask('contactFindAll', {})) as ContactView[];
  const selfId = context.bot.state.user?.id;
  const friends = contacts.filter(({ id, friend: isFriend }) => isFriend && id !== selfId);
  context.afterwards(everybody, 0, async () => {
    await Promise.allSettled(friends.map(({ id }) => say(context, { id, isGroup: false }, saying)));
  });
  return { ...told(0, 'request already executed'), id: 0, msg_id: 0 };
}

const sendFriendMessage: Operation = {
  path: 'send_friend_message',
  summary: {
    'en-US': 'says something to a friend, or with id=@all to all',
    'zh-CN': '发送好友消息，id=@all 表示群发',
  },
  command: 'contactSay',
  params: { ...friend, ...content, ...later },
  answer: Sent,
  failed: -1,
  whenFailed: noMessage,
  run: async (context, given) => {
    if (given.get('id') === everybody) return sendToEverybody(context, given);
    return sendTo(context, await context.acquaintances.friend(given), given);
  },
};

const sendGroupMessage: Operation = {
  path: 'send_group_message',
  summary: { 'en-US': 'says something in a group', 'zh-CN': '发送群组消息' },
  command: 'roomSay',
  params: { ...group, ...content, ...later },
  answer: Sent,
  failed: -1,
  whenFailed: noMessage,
  run: async (context, given) => sendTo(context, await context.acquaintances.group(given), given),
};

const revokeMessage: Operation = {
  path: 'revoke_message',
  summary: { 'en-US': 'takes a message of the bot back', 'zh-CN': '撤回消息' },
  command: 'messageToRecalled',
  params: {
    id: needed('the id the send was answered with', '发送消息时返回的 id'),
    msg_id: optional('the same, as older servers call it', '同 id（旧名称）'),
  },
  answer: coded({ id: Type.Union([Type.String(), Type.Null()]) }),
  run: async ({ ask }, given) => {
    const id = [given.get('id'), given.get('msg_id')].find(Boolean) ?? null;
    if (id === null) return { ...told(-1, 'msg id not found'), id };
    const [, messageId] = /^([^:]+):.+$/.exec(id) ?? [];
    const done =
      messageId === undefined ? Promise.reject(new Error()) : ask('messageToRecalled', { id: messageId });
    // A failure has code 0 on a real server too.
    const status = await done.then(
      () => 'revoke success',
      () => 'revoke failure',
    );
    return { ...told(0, status), id };
  },
};

const uploadMedia: Operation = {
  path: 'upload_media',
  summary: {
    'en-US': 'keeps a file to be sent later by its media_id',
    'zh-CN': '上传媒体文件，获取 media_id',
  },
  command: 'contactSay',
  params: {
    media_path: optional('the path or URL of a file', '媒体的路径，可以是本地路径或 url 地址'),
    media_data: content.media_data,
    media_name: content.media_name,
  },
  answer: Uploaded,
  run: async (context, given) => {
    const path = given.get('media_path') ?? null;
    try {
      const { id, kind, kept } = await mediaNamed(given, context);
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

/** For how long an answer is waited for unless the client says, and at most, in s. */
const usualPatience = 30;
const longestPatience = 300;

const consult: Operation = {
  path: 'consult',
  summary: {
    'en-US': 'says something to a friend and waits for the answer',
    'zh-CN': '发送消息给好友并等待好友回答',
  },
  command: 'contactSay',
  params: {
    ...friend,
    ...content,
    timeout: optional(
      `for how long an answer is waited for, in s: ${usualPatience} unless told, ${longestPatience} at most`,
      `等待回复的秒数，默认 ${usualPatience}，最长 ${longestPatience}`,
    ),
  },
  answer: Type.Object({
    ...Sent.properties,
    reply: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    reply_status: Type.Optional(Type.String()),
  }),
  failed: -1,
  whenFailed: noMessage,
  run: async (context, given, gone) => {
    const to = await context.acquaintances.friend(given);
    if (!to) return { ...notFound, ...noMessage };
    const saying = await sayingIn(context, given);
    if (isEmpty(saying)) return nothingToSay;
    const seconds = Number(given.get('timeout')) || usualPatience;
    const patience = Math.min(Math.max(seconds, 0), longestPatience) * 1000;
    // One after the other, or two would take the same answer.
    return context.turns.run([`consult ${to.id}`], async () => {
      const { sent, reply } = await awaitReply(context.bot, to.id, () => say(context, to, saying), {
        patience,
        gone: gone(),
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
