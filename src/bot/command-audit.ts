import type { WechatError } from './errors';

/** A command that was executed, for those who keep a record. */
export interface CommandReport {
  readonly name: string;
  readonly params: unknown;
  /** The id of the node that asked for it; undefined for a remote that has not told. */
  readonly by?: string | undefined;
  /** What came of it: plain JSON, with Buffers for files. */
  readonly result?: unknown;
  readonly error?: WechatError;
}
