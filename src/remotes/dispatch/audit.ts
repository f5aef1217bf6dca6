/** What became of something a program asked for, told to the owner of a remote. */
import type { ErrorCode } from '../../bot/errors';

/** Something that was asked for by a program, and answered. */
export interface Handled {
  /** Under the name the program gave it. */
  readonly name: string;
  /** Without keys and tokens. */
  readonly params: unknown;
  /** As the program was told, in its own protocol. */
  readonly code: number | string;
  readonly message: string;
  /** Empty where the protocol has none. */
  readonly reqId: string;
  /** How long it took, in ms. */
  readonly ms: number;
}

/** The codes of failures where a protocol has none of its own: those of HTTP. */
export const failureNumbers: Readonly<Record<ErrorCode, number>> = {
  INVALID_PARAMS: 400,
  REFUSED: 403,
  NOT_FOUND: 404,
  EXPIRED: 410,
  RATE_LIMITED: 429,
  FAILED: 500,
  UNSUPPORTED: 501,
  NOT_LOGGED_IN: 503,
  TIMEOUT: 504,
};
