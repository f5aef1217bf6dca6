/** Life-cycle events of the bot and of its puppet. */
import Type, { type Static } from 'typebox';
import { types } from 'wechaty-puppet';
import { puppetErrorMessage } from '../bot/session/puppet-session';
import type { EventReader } from '../bot/events';
import { botStateNames } from '../bot/state';
import { asString } from '../bot/view-mappers';
import { describe } from '../i18n/describe';
import { event, asRecord } from './event';

const dirtyKinds = Object.keys(types.Dirty).filter((name) => Number.isNaN(Number(name)));

/** An event without fields of its own. */
const noFields = Type.Object({});
const emptyReader: EventReader<Static<typeof noFields>> = () => ({ read: () => ({}) });

/** The optional text that several puppet events carry. */
const data = Type.Object({ data: Type.String() });
const dataReader: EventReader<Static<typeof data>> = (payload) => ({
  read: () => ({ data: asString(asRecord(payload).data) }),
});

/** An error of the puppet or of the bot. */
export const error = event({
  summary: { 'en-US': 'an error occurred', 'zh-CN': '发生错误' },
  schema: Type.Object({
    message: Type.String(describe('the error and how to fix it', '错误内容与处理办法')),
    count: Type.Integer(
      describe(
        'how often it occurred since it was last told; at most one event in 10 s for one kind of error',
        '自上次通知以来发生的次数；同一种错误 10 秒内最多通知一次',
      ),
    ),
  }),
  read: (payload) => ({ read: () => ({ message: puppetErrorMessage(payload), count: 1 }) }),
});

/** The state of the bot changed; also emitted to a node or remote when it is deployed. */
export const state = event({
  summary: { 'en-US': 'the state of the bot', 'zh-CN': '机器人的状态' },
  schema: Type.Object({
    state: Type.Enum([...botStateNames], describe('the name of the state', '状态名称')),
    reason: Type.String(describe('what the status of the bot says', '机器人状态中显示的说明')),
    user: Type.Union(
      [Type.Object({ id: Type.String(), name: Type.String() }), Type.Null()],
      describe('the logged-in account', '已登录的账号'),
    ),
    since: Type.Integer(describe('in ms since 1970', '自 1970 年起的毫秒数')),
  }),
  // Emitted by the bot itself, complete; no puppet has this event.
  read: () => ({ read: () => undefined }),
});

/** A heartbeat of the puppet. */
export const heartbeat = event({
  summary: { 'en-US': 'a heartbeat of the puppet', 'zh-CN': '心跳' },
  schema: data,
  read: dataReader,
});

/** The response to a ding. */
export const dong = event({
  summary: { 'en-US': 'the response to a ding', 'zh-CN': '对 ding 的响应' },
  schema: data,
  read: dataReader,
});

/** A cached payload is outdated. */
export const dirty = event({
  summary: { 'en-US': 'a contact, room or member changed', 'zh-CN': '联系人、群或成员的资料已变更' },
  schema: Type.Object({ type: Type.Enum(dirtyKinds), id: Type.String() }),
  read: (payload) => ({
    read: () => {
      const { payloadType, payloadId } = asRecord(payload);
      const kind = dirtyKinds.find((name) => types.Dirty[name as keyof typeof types.Dirty] === payloadType);
      return { type: kind ?? 'Unspecified', id: asString(payloadId) };
    },
  }),
});

/** The puppet asked to be restarted; the bot restarts it. */
export const reset = event({
  summary: { 'en-US': 'the puppet asked to be restarted', 'zh-CN': 'Puppet 请求重启' },
  schema: data,
  read: dataReader,
});

/** A puppet was loaded. */
export const puppet = event({
  summary: { 'en-US': 'a puppet was loaded', 'zh-CN': 'Puppet 已加载' },
  schema: Type.Object({ name: Type.String(), version: Type.String() }),
  read: (payload) => ({
    read: () => {
      const { name, version } = asRecord(payload);
      return { name: asString(name), version: asString(version) };
    },
  }),
});

/** The puppet has started. */
export const start = event({
  summary: { 'en-US': 'the bot has started', 'zh-CN': '机器人已启动' },
  schema: noFields,
  read: emptyReader,
});

/** The puppet has stopped. */
export const stop = event({
  summary: { 'en-US': 'the bot has stopped', 'zh-CN': '机器人已停止' },
  schema: noFields,
  read: emptyReader,
});
