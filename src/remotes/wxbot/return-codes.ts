/** The numbers by which the protocol says how something ended, its `retCode`. */
import type { ErrorCode } from '../../bot/errors';

/** Every `retCode` and what a client should make of it (the WXBot document, section 状态码说明). */
export const retCodes = {
  0: { 'en-US': 'done', 'zh-CN': '执行成功' },
  1000: {
    'en-US': 'it failed, and may be tried again unless cost is true; on the socket: wrong key',
    'zh-CN': '内部错误，cost 不为 true 时可重试；WebSocket 上表示 key 无效',
  },
  1001: {
    'en-US': 'the parameters are wrong, or nobody serves this path',
    'zh-CN': '参数错误，或没有这个接口',
  },
  1002: { 'en-US': 'whom it is for does not exist', 'zh-CN': '接收者不存在' },
  1003: {
    'en-US': 'not now: the bot is not logged in, or there is too much at once',
    'zh-CN': '暂时无法处理：机器人未登录，或请求过多',
  },
  1004: {
    'en-US': 'not allowed: wrong key, unknown token, or forbidden by the owner',
    'zh-CN': '没有权限：key 或 Token 无效，或被所有者禁止',
  },
} as const;

/** A number of the protocol. */
export type RetCode = keyof typeof retCodes;

/** How something ended that did not end well. */
export interface Failure {
  readonly retCode: Exclude<RetCode, 0>;
  /** Whether it was tried: then a client must not try again (the WXBot document, section 使用建议). */
  readonly cost: boolean;
}

/**
 * How each error of ours is told. What WeChat was asked for may have happened even so, or would fail again in the same
 * way: a client that tried once more could send twice, so `cost` says that it was tried.
 */
export const failures: Readonly<Record<ErrorCode, Failure>> = {
  INVALID_PARAMS: { retCode: 1001, cost: false },
  NOT_FOUND: { retCode: 1002, cost: false },
  NOT_LOGGED_IN: { retCode: 1003, cost: false },
  RATE_LIMITED: { retCode: 1003, cost: false },
  REFUSED: { retCode: 1004, cost: false },
  EXPIRED: { retCode: 1000, cost: false },
  UNSUPPORTED: { retCode: 1000, cost: true },
  TIMEOUT: { retCode: 1000, cost: true },
  FAILED: { retCode: 1000, cost: true },
};
