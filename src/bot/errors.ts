/** The error codes of the product. Every layer maps them (Catch node, MQTT response, HTTP status); none adds its own. */
import { type ErrorKey, formatError, type TextValues } from '../i18n/catalogue';

/**
 * - `INVALID_PARAMS` the caller's input is wrong
 * - `NOT_FOUND` the contact, room, message … named does not exist
 * - `NOT_LOGGED_IN` no account is logged in right now
 * - `UNSUPPORTED` the puppet cannot do this
 * - `REFUSED` a policy forbids it (path outside the allowed folder, private address, too large …)
 * - `EXPIRED` the request came too late; nothing was done
 * - `TIMEOUT` WeChat, a download … did not respond in time; the outcome is unknown
 * - `RATE_LIMITED` too many requests; nothing was done
 * - `FAILED` WeChat rejected it, or it failed otherwise
 */
export type ErrorCode =
  | 'INVALID_PARAMS'
  | 'NOT_FOUND'
  | 'NOT_LOGGED_IN'
  | 'UNSUPPORTED'
  | 'REFUSED'
  | 'EXPIRED'
  | 'TIMEOUT'
  | 'RATE_LIMITED'
  | 'FAILED';

/** An error with a code for programs and a message, translatable by `key`, that says what to do. */
export class WechatError extends Error {
  override readonly name = 'WechatError';

  constructor(
    readonly code: ErrorCode,
    readonly key: ErrorKey,
    readonly values: TextValues = {},
    options?: ErrorOptions,
  ) {
    super(formatError(key, values), options);
  }
}

/** The message of any thrown value: third parties throw strings, JSON and undefined. */
export function errorMessage(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  if (typeof thrown === 'string') return thrown;
  return thrown === undefined ? 'unknown' : JSON.stringify(thrown);
}
