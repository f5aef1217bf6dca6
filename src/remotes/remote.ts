/** The interface of all remotes, whatever their protocol. */
import type { WechatError } from '../bot/errors';
import type { AuditRecord } from './dispatch/audit';

/** A protocol adapter: gives programs access to a bot from `start` to `stop`. */
export interface Remote<Status> {
  /** The current status; cheap to read. */
  readonly status: Status;
  /** Starts. @throws WechatError when it cannot work with its settings. */
  start(): Promise<void>;
  /**
   * Stops within 8 s, also while `start` runs. Idempotent.
   * @param removed whether the node was deleted: then stored data is deleted as well.
   */
  stop(removed?: boolean): Promise<void>;
}

/** What a remote needs from the node that hosts it. */
export interface RemoteHost {
  /** The id of the node, recorded with each command the remote runs. */
  readonly nodeId?: string;
  /** Called when the status may have changed. */
  onStatusChange(): void;
  /** Called after each request of a client. */
  onAudit(record: AuditRecord): void;
  /** @param problem what the sentence says, to be translated. */
  log(level: 'info' | 'warn' | 'error', sentence: string, problem?: WechatError): void;
}

/** Status of the store of a remote. */
export interface StoreStatus {
  /** Why nothing can be stored: `storeLocked` or `storeUnwritable`; both are retried. */
  readonly problem?: WechatError;
  /** Number of damaged places that were set aside since the start. */
  readonly damaged: number;
}

/** Status of a remote that listens on a port. */
export interface ServerStatus {
  /** `port-in-use` and `failed` are retried; `refused` stays until the settings change. */
  readonly state: 'starting' | 'listening' | 'refused' | 'port-in-use' | 'failed';
  /** Host and port. */
  readonly address: string;
  /** Number of connected clients. */
  readonly clients: number;
  /** The last error; empty when there was none. */
  readonly lastError: string;
}
