/** The error codes of the product. Every layer maps them (Catch node, MQTT response, HTTP status); none adds its own. */
import { errorMessage } from '../util/error-message';
import { type ErrorKey, formatError, type TextValues } from '../i18n/catalogue';

export { errorMessage };

/** All error codes: the HTTP status for protocols without codes of their own, and the meaning for documents. */
export const errorCodes = {
  INVALID_PARAMS: { httpStatus: 400, meaning: 'the parameters are wrong' },
  REFUSED: { httpStatus: 403, meaning: 'a policy forbids it: a path, a private address, a size, a command' },
  NOT_FOUND: { httpStatus: 404, meaning: 'the contact, room, message … does not exist' },
  EXPIRED: { httpStatus: 410, meaning: 'the request came too late; nothing was done' },
  RATE_LIMITED: { httpStatus: 429, meaning: 'too many requests; nothing was done' },
  FAILED: { httpStatus: 500, meaning: 'WeChat rejected it, or it failed otherwise' },
  UNSUPPORTED: { httpStatus: 501, meaning: 'the puppet cannot do this, or there is no such command' },
  NOT_LOGGED_IN: { httpStatus: 503, meaning: 'no account is logged in' },
  TIMEOUT: { httpStatus: 504, meaning: 'WeChat did not respond in time; the outcome is unknown' },
} as const;

/** The code of an error. */
export type ErrorCode = keyof typeof errorCodes;

/** An error with a code for programs and a message, translatable by `key`, that says what to do. */
export class WechatError extends Error {
  override readonly name = 'WechatError';
  /** What the message is about, cut. */
  readonly values: TextValues;

  constructor(
    readonly code: ErrorCode,
    readonly key: ErrorKey,
    values: TextValues = {},
    options?: ErrorOptions,
  ) {
    const shown = cut(values);
    super(formatError(key, shown), options);
    this.values = shown;
  }
}

/** Longer values are cut in messages, in characters: a value may be a whole file in Base64. */
const maxValueLength = 500;

function cut(values: TextValues): TextValues {
  const entries = Object.entries(values).map(([name, value]) => {
    const isLong = typeof value === 'string' && value.length > maxValueLength;
    return [name, isLong ? `${value.slice(0, maxValueLength)}…` : value];
  });
  return Object.fromEntries(entries) as TextValues;
}

/** What a puppet threw, as the reason for the end of its session: a programming error alone would explain nothing. */
export function puppetFailure(thrown: unknown): WechatError {
  const isBug = thrown instanceof TypeError || thrown instanceof ReferenceError;
  return new WechatError('FAILED', isBug ? 'puppetBroke' : 'puppetCrashed', { error: errorMessage(thrown) });
}
