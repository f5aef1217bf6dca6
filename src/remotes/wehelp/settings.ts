/** Settings and status of a WeHelp remote. */
import type { RemotePolicy } from '../dispatch/command-dispatcher';
import type { StoreStatus } from '../remote';

/** Settings of one remote. */
export interface WehelpRemoteSettings extends RemotePolicy {
  /** URL that callbacks are posted to; empty for no callbacks. */
  readonly callbackUrl: string;
  /** URL that is polled for tasks; empty for no tasks. */
  readonly pollUrl: string;
  /** Time between two polls, in ms. */
  readonly pollIntervalMs: number;
  /** What `time` in a task counts, in ms. */
  readonly timeUnitMs: number;
  /** Folder of the persistent store; no other remote may use it. */
  readonly directory: string;
  /** Maximum size of queued callbacks, in bytes. */
  readonly outboxMaxBytes: number;
}

/** Health of one of the two URLs. */
export interface EndpointHealth {
  /** Whether the last request succeeded; undefined before the first. */
  readonly isHealthy: boolean | undefined;
  /** Since when, in ms since 1970. */
  readonly since: number;
  /** The last error; empty if healthy. */
  readonly error: string;
}

/** Status of a remote. */
export interface WehelpRemoteStatus {
  readonly callbacks: EndpointHealth;
  readonly polls: EndpointHealth;
  /** Queued callbacks. */
  readonly waiting: number;
  /** Dropped callbacks. */
  readonly lost: number;
  /** Tasks that are scheduled, waiting for a login or running. */
  readonly tasks: number;
  readonly store: StoreStatus;
}

/** Timeouts; tests use shorter ones. */
export interface WehelpTimes {
  /** Until the service must have responded. */
  readonly requestTimeoutMs: number;
  /** Back-off after failed requests: the first, and the longest. */
  readonly minBackOffMs: number;
  readonly maxBackOffMs: number;
}

/** Default timeouts. */
export const defaultTimes: WehelpTimes = {
  requestTimeoutMs: 30_000,
  minBackOffMs: 500,
  maxBackOffMs: 60_000,
};
