/** Audit records of the requests of remote clients. */

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
