/** Events of the bot's own running. */
import Type from 'typebox';
import { types } from 'wechaty-puppet';
import { puppetErrorText } from '../bot/session/puppet-session';
import { text } from '../bot/view-mappers';
import { describe } from '../bot/views';
import { type EventDefinition, fieldsOf } from './event';

const dirtyKinds = Object.keys(types.Dirty).filter((name) => Number.isNaN(Number(name)));

/** What the bot itself tells already has its final form. */
const asTold: EventDefinition['read'] = (payload) => ({ read: () => fieldsOf(payload) });

/** The optional text that several puppet events carry. */
const withData: EventDefinition['read'] = (payload) => ({
  read: () => ({ data: text(fieldsOf(payload).data) }),
});
const data = Type.Object({ data: Type.String() });

/** Something went wrong. */
export const error: EventDefinition = {
  summary: { 'en-US': 'something went wrong', 'zh-CN': '发生错误' },
  schema: Type.Object({ message: Type.String(describe('what, and what to do', '错误内容与处理办法')) }),
  read: (payload) => ({ read: () => ({ message: puppetErrorText(payload) }) }),
};

/** A sign of life. */
export const heartbeat: EventDefinition = {
  summary: { 'en-US': 'a sign of life', 'zh-CN': '心跳' },
  schema: data,
  read: withData,
};

/** The answer to a ding. */
export const dong: EventDefinition = {
  summary: { 'en-US': 'the answer to a ding', 'zh-CN': '对 ding 的应答' },
  schema: data,
  read: withData,
};

/** Something the puppet told earlier is no longer true. */
export const dirty: EventDefinition = {
  summary: { 'en-US': 'a contact, room or member changed', 'zh-CN': '联系人、群或成员的资料已变更' },
  schema: Type.Object({ type: Type.Enum(dirtyKinds), id: Type.String() }),
  read: (payload) => ({
    read: () => {
      const { payloadType, payloadId } = fieldsOf(payload);
      const kind = dirtyKinds.find((name) => types.Dirty[name as keyof typeof types.Dirty] === payloadType);
      return { type: kind ?? 'Unspecified', id: text(payloadId) };
    },
  }),
};

/** The puppet wants to be started anew; the bot does so. */
export const reset: EventDefinition = {
  summary: { 'en-US': 'the puppet asked to be restarted', 'zh-CN': '协议请求重启' },
  schema: data,
  read: withData,
};

/** A puppet was made. */
export const puppet: EventDefinition = {
  summary: { 'en-US': 'a puppet was loaded', 'zh-CN': '协议已加载' },
  schema: Type.Object({ name: Type.String(), version: Type.String() }),
  read: asTold,
};

/** The puppet runs. */
export const start: EventDefinition = {
  summary: { 'en-US': 'the bot has started', 'zh-CN': '机器人已启动' },
  schema: Type.Object({}),
  read: asTold,
};

/** The puppet does not run any more. */
export const stop: EventDefinition = {
  summary: { 'en-US': 'the bot has stopped', 'zh-CN': '机器人已停止' },
  schema: Type.Object({}),
  read: asTold,
};
