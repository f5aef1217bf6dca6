/** Long polling for events. */
import Type from 'typebox';
import type { Operation } from './operation';

/** How long a poll waits for an event, in ms. */
const pollTimeoutMs = 30_000;

const checkEvent: Operation = {
  path: 'check_event',
  summary: {
    'en-US': 'takes the queued events; if there are none, waits up to 30 s for the next',
    'zh-CN': '长轮询获取事件（消息），没有事件时等待 30 秒',
  },
  params: {},
  response: Type.Array(Type.Object({ post_type: Type.Enum(['receive_message', 'send_message', 'event']) })),
  handle: ({ queue }, _params, getSignal) => queue.take(pollTimeoutMs, getSignal()),
};

export const eventOperations: readonly Operation[] = [checkEvent];
