/**
 * The one list of errors. Every layer maps these codes into its own form (Catch node, MQTT response, HTTP
 * status); none invents its own. It lives beside the bot because the lowest layer already needs it.
 */
import { type ErrorKey, errorText, type TextValues } from '../i18n/catalogue';

/**
 * - `INVALID_PARAMS` the caller's input is wrong
 * - `NOT_FOUND` the contact, room, message … named does not exist
 * - `NOT_LOGGED_IN` the account is not there right now
 * - `UNSUPPORTED` the puppet cannot do this
 * - `REFUSED` a policy forbids it (path outside the allowed folder, private address, too large …)
 * - `EXPIRED` asked too late
 * - `TIMEOUT` WeChat, a download … did not answer in time; whether it happened is unknown
 * - `RATE_LIMITED` too much at once; nothing was done
 * - `FAILED` it was tried and WeChat said no
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

/** An error with a code for programs and a sentence, translatable by `key`, that says what to do. */
export class WechatError extends Error {
  override readonly name = 'WechatError';

  constructor(
    readonly code: ErrorCode,
    readonly key: ErrorKey,
    readonly values: TextValues = {},
    options?: ErrorOptions,
  ) {
    super(errorText(key, values), options);
  }
}

/** What went wrong, in words, whatever was thrown. Third parties throw strings, JSON and nothing at all. */
export function errorMessage(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  if (typeof thrown === 'string') return thrown;
  return thrown === undefined ? 'unknown' : JSON.stringify(thrown);
}
