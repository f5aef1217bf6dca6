/** Events about friend requests. */
import Type from 'typebox';
import { types } from 'wechaty-puppet';
import { toMilliseconds, asString } from '../bot/view-mappers';
import { ContactView } from '../bot/views';
import { describe } from '../i18n/describe';
import { event, asRecord } from './event';

const kinds = Object.keys(types.Friendship).filter((name) => Number.isNaN(Number(name)));

/** A friend request was received or accepted. */
export const friendship = event({
  summary: { 'en-US': 'a friend request came in or was accepted', 'zh-CN': '收到好友申请，或好友申请已通过' },
  schema: Type.Object({
    id: Type.String(describe('the id for friendshipAccept', '用于 friendshipAccept')),
    type: Type.Enum(
      kinds,
      describe(
        'Receive: request received; Confirm: accepted; Verify: a greeting is required',
        'Receive 收到申请；Confirm 已成为好友；Verify 需要验证',
      ),
    ),
    contact: Type.Union([ContactView, Type.Null()]),
    hello: Type.String(describe('the greeting of the request', '验证消息')),
    happenedAt: Type.Integer(describe('in ms since 1970', '发生时间（毫秒）')),
  }),
  read: (payload, source) => ({
    read: async () => {
      const id = asString(asRecord(payload).friendshipId);
      const request = asRecord(await source.call('friendshipPayload', source.puppet.friendshipPayload(id)));
      // A confirmed request makes the contact a friend, and adds it to the list of contacts.
      await source.refresh('Contact', asString(request.contactId));
      return {
        id,
        type:
          kinds.find((kind) => types.Friendship[kind as keyof typeof types.Friendship] === request.type) ??
          'Unknown',
        contact: await source.contact(asString(request.contactId)),
        hello: asString(request.hello),
        happenedAt: toMilliseconds(request.timestamp),
      };
    },
  }),
});
