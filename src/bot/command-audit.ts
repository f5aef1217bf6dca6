import type { WechatError } from './errors';

/** An executed command, for audit logs. */
export interface CommandAuditEntry {
  readonly name: string;
  readonly params: unknown;
  /** The id of the node that ran it; undefined for a remote without a node. */
  readonly nodeId?: string | undefined;
  /** Plain JSON, with Buffers for files. */
  readonly result?: unknown;
  readonly error?: WechatError;
}
