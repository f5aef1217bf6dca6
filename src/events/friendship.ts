/** Events of becoming friends. */
import Type from 'typebox';
import { types } from 'wechaty-puppet';
import { milliseconds, text } from '../bot/view-mappers';
import { ContactView, describe } from '../bot/views';
import { type EventDefinition, fieldsOf } from './event';

const kinds = Object.keys(types.Friendship).filter((name) => Number.isNaN(Number(name)));

/** Somebody asks to be a friend, or has become one. */
export const friendship: EventDefinition = {
  summary: { 'en-US': 'a friend request came in or was accepted', 'zh-CN': '收到好友请求或好友请求已通过' },
  schema: Type.Object({
    id: Type.String(describe('to be given to friendshipAccept', '用于 friendshipAccept')),
    type: Type.Enum(
      kinds,
      describe(
        'Receive: someone asks; Confirm: now friends; Verify: needs a greeting',
        'Receive 收到请求；Confirm 已成为好友；Verify 需要验证',
      ),
    ),
    contact: Type.Union([ContactView, Type.Null()]),
    hello: Type.String(describe('the greeting that came with the request', '请求附言')),
    happenedAt: Type.Integer(),
  }),
  read: (payload, source) => ({
    read: async () => {
      const id = text(fieldsOf(payload).friendshipId);
      const told = fieldsOf(await source.ask('friendshipPayload', source.puppet.friendshipPayload(id)));
      return {
        id,
        type:
          kinds.find((kind) => types.Friendship[kind as keyof typeof types.Friendship] === told.type) ??
          'Unknown',
        contact: await source.contact(text(told.contactId)),
        hello: text(told.hello),
        happenedAt: milliseconds(told.timestamp),
      };
    },
  }),
};
