/** Audit records of the requests of remote clients. */
import type { ErrorCode } from '../../bot/errors';

/** Audit record of a request that has been answered. */
export interface AuditRecord {
  /** Command or operation, as the client named it. */
  readonly name: string;
  /** Without keys and tokens. */
  readonly params: unknown;
  /** The code in the response, in the client's protocol. */
  readonly code: number | string;
  readonly message: string;
  /** Empty when the protocol has no request ids. */
  readonly reqId: string;
  /** Duration in ms. */
  readonly ms: number;
}

/** HTTP status of each error code; used by protocols without codes of their own. */
export const httpStatusByCode: Readonly<Record<ErrorCode, number>> = {
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
