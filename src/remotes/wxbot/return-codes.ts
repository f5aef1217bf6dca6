/** Return codes of the protocol (`retCode`). */
import type { ErrorCode } from '../../bot/errors';

/** Every return code and its meaning (the WXBot document, section 状态码说明). */
export const retCodes = {
  0: { 'en-US': 'done', 'zh-CN': '执行成功' },
  1000: {
    'en-US': 'failed; may be retried unless cost is true; on the WebSocket: wrong key',
    'zh-CN': '内部错误，cost 不为 true 时可重试；WebSocket 上表示 key 无效',
  },
  1001: {
    'en-US': 'invalid parameters or unknown path',
    'zh-CN': '参数错误，或没有这个接口',
  },
  1002: { 'en-US': 'the recipient does not exist', 'zh-CN': '接收者不存在' },
  1003: {
    'en-US': 'temporarily unavailable: the bot is not logged in, or too many requests',
    'zh-CN': '暂时无法处理：机器人未登录，或请求过多',
  },
  1004: {
    'en-US': 'not allowed: wrong key, unknown token, or denied by the node',
    'zh-CN': '没有权限：key 或 Token 无效，或被节点设置禁止',
  },
} as const;

/** A return code. */
export type RetCode = keyof typeof retCodes;

/** How an error is answered. */
export interface ErrorResult {
  readonly retCode: Exclude<RetCode, 0>;
  /** Whether the send was attempted: then a client must not retry (the WXBot document, section 使用建议). */
  readonly cost: boolean;
}

/**
 * The answer for each error. After FAILED, TIMEOUT and UNSUPPORTED the message may have been sent, or would fail again: a
 * retry could send it twice, so `cost` is true.
 */
export const errorResults: Readonly<Record<ErrorCode, ErrorResult>> = {
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
