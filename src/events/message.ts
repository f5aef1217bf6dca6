/** Events about messages and posts. */
import Type, { type Static } from 'typebox';
import type { PayloadReader } from '../bot/events/payload-reader';
import {
  conversationOf,
  type RawMessagePayload,
  messageParties,
  mayMention,
  messageView,
  needsSelfAlias,
  toMilliseconds,
  asString,
} from '../bot/view-mappers';
import { ContactView, MessageView, RoomView } from '../bot/views';
import { describe } from '../i18n/describe';
import { event, asRecord, requiredContact } from './event';

/** A contact or room that may still be loading. */
type Party<View> = View | null | Promise<View>;

/** Attempts to read a message, because WeChat does not deliver it again. */
const attempts = 3;

async function messagePayload(source: PayloadReader, id: string): Promise<RawMessagePayload> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await source.call('messagePayload', source.puppet.messagePayload(id));
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

const MessageFields = Type.Object({
  message: MessageView,
  talker: Type.Union([ContactView, Type.Null()], describe('the sender', '发送者')),
  room: Type.Union(
    [RoomView, Type.Null()],
    describe('the room; null in a direct chat', '所在群，私聊为 null'),
  ),
  listener: Type.Union(
    [ContactView, Type.Null()],
    describe('the recipient; null in a room', '接收者，在群里为 null'),
  ),
});

/** A message was received or sent. */
export const message = event({
  summary: { 'en-US': 'a message was received or sent', 'zh-CN': '收到或发出一条消息' },
  schema: MessageFields,
  read: async (payload, source) => {
    const id = asString(asRecord(payload).messageId);
    const rawMessage = await messagePayload(source, id);
    const parties = messageParties(rawMessage);
    const { talkerId, listenerId, roomId } = parties;
    const selfId = source.selfId;
    return {
      conversation: conversationOf(parties, selfId),
      read: () => {
        const talker = source.contact(talkerId);
        const room = source.room(roomId);
        const listener = roomId ? null : source.contact(listenerId);
        const names = mayMention(rawMessage)
          ? source.selfNames(needsSelfAlias(rawMessage, selfId) ? roomId : '')
          : [];
        // Nearly always all of them are cached; a synchronous result takes half the time.
        if (
          talker instanceof Promise ||
          room instanceof Promise ||
          listener instanceof Promise ||
          names instanceof Promise
        )
          return resolveParties(id, rawMessage, selfId, names, talker, room, listener);
        return { message: messageView(id, rawMessage, selfId, names), talker, room, listener };
      },
    };
  },
});

/** Awaits the parties one by one, which is safe because their promises never reject. */
async function resolveParties(
  id: string,
  rawMessage: RawMessagePayload,
  selfId: string,
  names: readonly string[] | Promise<readonly string[]>,
  talker: Party<ContactView>,
  room: Party<RoomView>,
  listener: Party<ContactView>,
): Promise<Static<typeof MessageFields>> {
  const message = messageView(id, rawMessage, selfId, await names);
  return { message, talker: await talker, room: await room, listener: await listener };
}

const outcomes = ['sent', 'unconfirmed', 'expired', 'refused', 'failed'] as const;

/** A message that was held has been sent, or not. */
export const sent = event({
  summary: {
    'en-US': 'a message that was held (pending) has been sent, or was given up',
    'zh-CN': '暂存（pending）的消息已发出，或已放弃',
  },
  schema: Type.Object({
    id: Type.String(describe('the id that the send returned', '发送时返回的 id')),
    contact: ContactView,
    state: Type.Enum(
      [...outcomes],
      describe(
        'unconfirmed: WeChat gave no id, so it was probably not delivered; expired: the person did not write in time',
        'unconfirmed 微信未返回 id，多半没有送达；expired 对方未在期限内发消息',
      ),
    ),
    messageId: Type.String(describe('the id of the message; empty if there is none', '消息 id，没有则为空')),
    reason: Type.String(describe('why it failed; otherwise empty', '失败原因，否则为空')),
  }),
  read: (payload, source) => {
    const { id, userId, state, messageId, error } = asRecord(payload);
    return {
      conversation: asString(userId),
      read: async () => ({
        id: asString(id),
        contact: await requiredContact(source, userId),
        state: outcomes.find((known) => known === state) ?? 'failed',
        messageId: asString(messageId),
        reason: asString(error),
      }),
    };
  },
});

/** A post (moment) was published. */
export const post = event({
  summary: { 'en-US': 'a post (moment) was published', 'zh-CN': '有人发布了朋友圈' },
  schema: Type.Object({
    id: Type.String(),
    contact: Type.Union([ContactView, Type.Null()], describe('the publisher', '发布者')),
    postedAt: Type.Integer(describe('time of publication in ms since 1970', '发布时间（毫秒）')),
    messageIds: Type.Array(
      Type.String(),
      describe('the parts; can be read like messages', '内容各部分的消息 id'),
    ),
  }),
  read: (payload, source) => ({
    read: async () => {
      const id = asString(asRecord(payload).postId);
      const { contactId, timestamp, sayableList } = asRecord(
        await source.call('postPayload', source.puppet.postPayload(id)),
      );
      return {
        id,
        contact: await source.contact(asString(contactId)),
        postedAt: toMilliseconds(timestamp),
        messageIds: Array.isArray(sayableList) ? sayableList.filter((part) => typeof part === 'string') : [],
      };
    },
  }),
});
