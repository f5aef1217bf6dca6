/** What all remotes have in common, whatever they speak. */
import type { Handled } from './dispatch/audit';

/** Something through which programs reach a bot, from `start` to `stop`. */
export interface Remote<Status> {
  /** How it is right now; cheap to ask. */
  readonly status: Status;
  /** Begins. @throws WechatError when it can never work as it is set up. */
  start(): Promise<void>;
  /**
   * Ends within 8 s, whatever goes on. Idempotent.
   * @param removed whether the remote will not come back, so that nothing of it need be kept.
   */
  stop(removed?: boolean): Promise<void>;
}

/** Who is told what a remote does. */
export interface RemoteListener {
  /** The id of the node that owns the remote, for the record of what was asked of the bot. */
  readonly owner?: string;
  /** The status may look different now. */
  changed(): void;
  handled(handled: Handled): void;
  log(level: 'info' | 'warn' | 'error', sentence: string): void;
}

/** How a remote is that others connect to. */
export interface ListeningStatus {
  /** `port-in-use` and `failed` are tried again and again; `refused` stays until the settings change. */
  readonly state: 'starting' | 'listening' | 'refused' | 'port-in-use' | 'failed';
  /** Host and port. */
  readonly address: string;
  /** Who is connected. */
  readonly clients: number;
  /** What went wrong last; empty when nothing did. */
  readonly lastError: string;
}
