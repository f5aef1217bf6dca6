/** The table of tasks (the WeHelp document, section "轮询消息"), and the parser of untrusted tasks. */
import { WechatError } from '../../../bot/errors';
import { validateParams } from '../../../commands/validate-params';
import type { WireTask } from '../wire';
import { contactTasks } from './contact-tasks';
import { loginTasks } from './login-tasks';
import { messageTasks } from './message-tasks';
import { roomTasks } from './room-tasks';
import type { TaskKind } from './task';

/** All kinds of tasks. */
export const taskKinds = [
  ...messageTasks,
  ...contactTasks,
  ...roomTasks,
  ...loginTasks,
] as readonly TaskKind[];

const byApi = new Map(taskKinds.map((kind) => [kind.api, kind]));
const byCode = new Map(taskKinds.map((kind) => [kind.code, kind]));

/**
 * Parses an untrusted task. Its number counts only if it has no name.
 * @throws WechatError INVALID_PARAMS for no task or wrong fields, UNSUPPORTED for an unknown task.
 */
export function parseTask(raw: unknown): { kind: TaskKind; task: WireTask } {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new WechatError('INVALID_PARAMS', 'notATask');
  }
  const task = raw as WireTask;
  const { api, code } = task;
  const isNamed = typeof api === 'string' && api !== '';
  const kind = isNamed ? byApi.get(api) : byCode.get(Number(code));
  if (!kind) {
    const name = isNamed ? api.slice(0, 128) : typeof code === 'number' ? String(code) : '';
    throw new WechatError('UNSUPPORTED', 'unknownTask', { name });
  }
  validateParams(kind.api, kind.params, task);
  return { kind, task };
}

/** Maximum delay of a task. */
const maxDelayMs = 24 * 60 * 60 * 1000;

/**
 * The delay of a task, in ms (section "轮询消息": its `time`).
 * @param unitMs unit of `time`.
 * @throws WechatError INVALID_PARAMS if it is no number, or longer than a day.
 */
export function delayOf({ time }: WireTask, unitMs: number): number {
  if (time === undefined || time === null || time === '') return 0;
  const delay = typeof time === 'number' || typeof time === 'string' ? Number(time) * unitMs : NaN;
  if (delay >= 0 && delay <= maxDelayMs) return delay;
  throw new WechatError('INVALID_PARAMS', 'badTaskTime');
}

/** Tasks with a common key, such as a conversation, run in order. */
export function orderingKeysOf(task: WireTask, { api }: TaskKind): string[] {
  const keys = [task.chatroom, task.wxid].filter((one) => typeof one === 'string');
  return keys.length > 0 ? keys : [api];
}
