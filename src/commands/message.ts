/** Commands about messages. */
import Type, { type Static } from 'typebox';
import type { Puppet } from 'wechaty-puppet';
import { type Account, callTimeouts } from '../bot/account';
import { WechatError } from '../bot/errors';
import { parsePattern, PatternSearch } from '../bot/pattern';
import { conversationOf } from '../bot/view-mappers';
import { MessageView } from '../bot/views';
import { describe } from '../i18n/describe';
import { command } from './command';
import { prepareContent } from './content/content';
import { sendTo, sendToEach, SendResult, SentMessageResult } from './broadcast';
import { isNamed, resolveRecipients } from './resolve';
import { checkMentions, addMentions, mentionName, withMentions } from './content/mentions';
import { findMessage, MessageRecord } from './find-message';
import {
  aliasOf,
  ChangedResult,
  contentParams,
  idParam,
  mentionsParam,
  optionalString,
  paginate,
  pagingParams,
  requireParam,
  toList,
  withOneOf,
} from './shared-schemas';
import { toContacts } from './send';

const id = idParam('the message', '消息 id', 'message');

const room = optionalString('only in this room: id or topic', '仅此群：id 或群名', { 'x-kind': 'room' });
const talker = optionalString('only from this contact: id, alias or name', '仅此人发送：id、备注或昵称', {
  'x-kind': 'contact',
});
const search = {
  room,
  roomId: aliasOf('room', room),
  talker,
  talkerId: aliasOf('talker', talker),
  type: Type.Optional(Type.Union([MessageView.properties.type], describe('only of this type', '仅此类型'))),
  text: optionalString(
    'only with exactly this text, or a text that matches a /pattern/',
    '文本完全相同，或匹配 /正则/',
  ),
};
type Search = Static<Type.TObject<typeof search>>;

/** Messages in the puppet's cache that match, oldest first. */
async function searchRecent(account: Account, query: Search): Promise<MessageRecord[]> {
  const [room] = toList(query.room, query.roomId);
  const [talker] = toList(query.talker, query.talkerId);
  const roomId = room === undefined ? undefined : (await account.rooms.findOne(room)).id;
  const talkerId = talker === undefined ? undefined : (await account.contacts.findOne(talker)).id;
  const pattern = parsePattern(query.text ?? '');
  const cached = account.puppet.messageList().map((messageId) => findMessage(account, messageId));
  const matches = (await Promise.allSettled(cached))
    .flatMap((read) => (read.status === 'fulfilled' ? [read.value] : []))
    .filter(
      (message) =>
        (roomId === undefined || message.roomId === roomId) &&
        (talkerId === undefined || message.talkerId === talkerId) &&
        (query.type === undefined || message.type === query.type) &&
        (!query.text || pattern !== undefined || message.text === query.text),
    )
    .sort((a, b) => a.timestamp - b.timestamp);
  const patternSearch = pattern && new PatternSearch(pattern);
  return patternSearch ? matches.filter(({ text }) => patternSearch.matches([text])) : matches;
}

const messageFind = command({
  name: 'messageFind',
  summary: {
    'en-US':
      'reads a message by its id, or finds the newest that matches among the recent ones; null if there is none',
    'zh-CN': '按 id 获取消息，或在机器人最近见过的消息中查找最新的一条，没有则为 null',
  },
  readOnly: true,
  params: withOneOf({ id: optionalString('the message', '消息 id', { 'x-kind': 'message' }), ...search }),
  result: Type.Union([MessageRecord, Type.Null()]),
  run: async (bot, { id: itsId, ...query }) => {
    const account = bot.account();
    if (itsId) {
      return findMessage(account, itsId).catch((error: unknown) => {
        if (error instanceof WechatError && error.code === 'NOT_FOUND') return null;
        throw error;
      });
    }
    requireParam('id', query.room, query.roomId, query.talker, query.talkerId, query.type, query.text);
    return (await searchRecent(account, query)).at(-1) ?? null;
  },
});

const messageFindAll = command({
  name: 'messageFindAll',
  summary: {
    'en-US': 'lists recent messages, oldest first; the puppet decides how many it keeps',
    'zh-CN': '获取机器人最近见过的消息，旧的在前；能保留多少取决于 Puppet',
  },
  readOnly: true,
  params: Type.Object({ ...search, ...pagingParams }),
  result: Type.Array(MessageRecord),
  run: async (bot, { page, size, ...query }) =>
    paginate(await searchRecent(bot.account(), query), { page, size }),
});

const messageSay = command({
  name: 'messageSay',
  summary: {
    'en-US': 'replies in the conversation of a message',
    'zh-CN': '在消息所在的会话中回复',
  },
  readOnly: false,
  params: Type.Object({
    id,
    ...contentParams,
    mentions: mentionsParam,
    mentionTalker: Type.Optional(
      Type.Boolean({
        default: false,
        ...describe('mentions the talker; in rooms and for texts only', '@ 消息发送者，仅群聊文本有效'),
      }),
    ),
  }),
  result: SentMessageResult,
  run: async (bot, params, context) => {
    const account = bot.account();
    const message = await findMessage(account, params.id);
    const prepared = await prepareContent(bot, params, context);
    const named = [params.mentions];
    checkMentions(prepared, named);
    const { roomId, talkerId, self } = message;
    let outgoing = prepared;
    if (roomId && isNamed(named)) outgoing = await withMentions(account, roomId, prepared, named);
    else if (roomId && params.mentionTalker && !self && prepared.text !== undefined) {
      const name = await mentionName(account, await account.members.get(roomId, talkerId));
      outgoing = addMentions(prepared, [name], [talkerId]);
    }
    const conversation = conversationOf(message, account.selfId);
    const ownMessageIn = self ? conversation : context.ownMessageIn;
    return sendTo(bot, conversation, outgoing, ownMessageIn);
  },
});

const recipients = { toContacts: Type.Optional(toContacts), to: aliasOf('toContacts', toContacts) };

const messageForward = command({
  name: 'messageForward',
  summary: { 'en-US': 'forwards a message to contacts and rooms', 'zh-CN': '转发消息给联系人和群' },
  readOnly: false,
  params: withOneOf({ id, ...recipients }, recipients),
  result: SendResult,
  run: async (bot, params, context) => {
    const account = bot.account();
    await findMessage(account, params.id);
    const forward = {
      call: 'messageForward',
      send: async (puppet: Puppet, to: string) => (await puppet.messageForward(to, params.id)) ?? undefined,
    };
    const find = (name: string) => resolveRecipients(account, name);
    return sendToEach(bot, [params.toContacts, params.to], find, () => forward, context);
  },
});

const messageToRecalled = command({
  name: 'messageToRecalled',
  aliases: ['messageRecall'],
  summary: { 'en-US': 'recalls a message of the bot', 'zh-CN': '撤回机器人发出的消息' },
  readOnly: false,
  params: Type.Object({ id }),
  result: ChangedResult,
  run: async (bot, params) => {
    const account = bot.account();
    await findMessage(account, params.id);
    const isDone = await account.call(
      'messageRecall',
      (puppet) => puppet.messageRecall(params.id),
      callTimeouts.write,
    );
    if (!isDone) throw new WechatError('FAILED', 'recallRefused', { id: params.id });
    return { id: params.id };
  },
});

const conversation = Type.String({
  minLength: 1,
  ...describe('a contact or a room: id or name', '联系人或群：id 或名称'),
  'x-kind': 'conversation',
});

const conversationReadMarkGet = command({
  name: 'conversationReadMarkGet',
  summary: { 'en-US': 'returns whether a conversation is marked as read', 'zh-CN': '查询会话是否已读' },
  readOnly: true,
  params: Type.Object({ id: conversation }),
  result: Type.Object({ id: Type.String(), read: Type.Boolean() }),
  run: async (bot, params) => {
    const account = bot.account();
    const [found = params.id] = await resolveRecipients(account, params.id);
    const work = (puppet: Puppet) => puppet.conversationReadMark(found);
    return { id: found, read: Boolean(await account.call('conversationReadMark', work)) };
  },
});

const conversationReadMarkSet = command({
  name: 'conversationReadMarkSet',
  summary: { 'en-US': 'marks a conversation as read or unread', 'zh-CN': '将会话标为已读或未读' },
  readOnly: false,
  params: Type.Object({
    id: conversation,
    read: Type.Optional(Type.Boolean({ default: true, ...describe('read or unread', '已读或未读') })),
  }),
  result: ChangedResult,
  run: async (bot, { id: name, read = true }) => {
    const account = bot.account();
    const [found = name] = await resolveRecipients(account, name);
    const work = (puppet: Puppet) => puppet.conversationReadMark(found, read);
    await account.call('conversationReadMark', work, callTimeouts.write);
    return { id: found };
  },
});

export const messageCommands = [
  messageFind,
  messageFindAll,
  messageSay,
  messageForward,
  messageToRecalled,
  conversationReadMarkGet,
  conversationReadMarkSet,
];
