/** Events of what is said. */
import Type from 'typebox';
import type { EventBody } from '../bot/events';
import type { EventSource } from '../bot/events/payload-reader';
import {
  conversationOf,
  type LooseMessage,
  messageParties,
  messageView,
  milliseconds,
  text,
} from '../bot/view-mappers';
import { ContactView, MessageView, RoomView, describe } from '../bot/views';
import { type EventDefinition, fieldsOf } from './event';

/** Somebody or somewhere, perhaps still being asked for. */
type Party<View> = View | null | Promise<View>;

/** How often a message is asked for before it is given up, since nobody will deliver it again. */
const attempts = 3;

async function messagePayload(source: EventSource, id: string): Promise<LooseMessage> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await source.ask('messagePayload', source.puppet.messagePayload(id));
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

/** Someone said something, the bot included. */
export const message: EventDefinition = {
  summary: { 'en-US': 'a message was received or sent', 'zh-CN': '收到或发出一条消息' },
  schema: Type.Object({
    message: MessageView,
    talker: Type.Union([ContactView, Type.Null()], describe('who said it', '发送者')),
    room: Type.Union(
      [RoomView, Type.Null()],
      describe('where; null in a direct chat', '所在群，私聊为 null'),
    ),
    listener: Type.Union(
      [ContactView, Type.Null()],
      describe('to whom; null in a room', '接收者，群聊为 null'),
    ),
  }),
  read: async (payload, source) => {
    const id = text(fieldsOf(payload).messageId);
    const told = await messagePayload(source, id);
    const parties = messageParties(told);
    const { talkerId, listenerId, roomId } = parties;
    const selfId = source.selfId;
    return {
      conversation: conversationOf(parties, selfId),
      read: () => {
        const talker = source.contact(talkerId);
        const room = source.room(roomId);
        const listener = roomId ? null : source.contact(listenerId);
        // Nearly always all of them are known: without a promise, this takes half the time.
        if (talker instanceof Promise || room instanceof Promise || listener instanceof Promise)
          return together(messageView(id, told, selfId), talker, room, listener);
        return { message: messageView(id, told, selfId), talker, room, listener };
      },
    };
  },
};

/** What is asked for never rejects, so that it can be waited for one by one. */
async function together(
  message: MessageView,
  talker: Party<ContactView>,
  room: Party<RoomView>,
  listener: Party<ContactView>,
): Promise<EventBody> {
  return { message, talker: await talker, room: await room, listener: await listener };
}

/** Someone published a post (a moment). */
export const post: EventDefinition = {
  summary: { 'en-US': 'a post (moment) was published', 'zh-CN': '有人发布了动态（朋友圈）' },
  schema: Type.Object({
    id: Type.String(),
    contact: Type.Union([ContactView, Type.Null()], describe('who published it', '发布者')),
    postedAt: Type.Integer(describe('when, in ms since 1970', '发布时间（毫秒）')),
    messageIds: Type.Array(
      Type.String(),
      describe('its parts, to be read like messages', '内容各部分的消息 id'),
    ),
  }),
  read: (payload, source) => ({
    read: async () => {
      const id = text(fieldsOf(payload).postId);
      const { contactId, timestamp, sayableList } = fieldsOf(
        await source.ask('postPayload', source.puppet.postPayload(id)),
      );
      return {
        id,
        contact: await source.contact(text(contactId)),
        postedAt: milliseconds(timestamp),
        messageIds: Array.isArray(sayableList) ? sayableList.filter((part) => typeof part === 'string') : [],
      };
    },
  }),
};
