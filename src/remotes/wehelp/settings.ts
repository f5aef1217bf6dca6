/** What a WeHelp remote is told, and what it tells. */
import type { CommandRules } from '../dispatch/command-dispatcher';

/** What a remote needs to know. */
export interface WehelpRemoteSettings extends CommandRules {
  /** Where callbacks are posted to; empty for no callbacks. */
  readonly callbackUrl: string;
  /** Where tasks are asked for; empty for no tasks. */
  readonly pollUrl: string;
  /** Time between two polls, in ms. */
  readonly pollInterval: number;
  /** What `time` in a task counts, in ms. */
  readonly timeUnit: number;
  /** Where it keeps what must not be forgotten; no other remote may use the same folder. */
  readonly directory: string;
  /** How much may wait to be posted, in bytes. */
  readonly outboxMaxBytes: number;
}

/** How one of the two URLs is doing. */
export interface ServiceHealth {
  /** Whether the last request was answered as it should be; undefined before the first. */
  readonly isFine: boolean | undefined;
  /** Since when, in ms since 1970. */
  readonly since: number;
  /** Why it is not fine. */
  readonly error: string;
}

/** How a remote is. */
export interface WehelpRemoteStatus {
  readonly callbacks: ServiceHealth;
  readonly polls: ServiceHealth;
  /** Callbacks that wait to be taken. */
  readonly waiting: number;
  /** Callbacks that had to be dropped. */
  readonly lost: number;
  /** Tasks that wait for their time, or are being done. */
  readonly tasks: number;
}

/** Times, in ms; shorter ones make tests quick. */
export interface WehelpTimes {
  /** For a service to answer. */
  readonly answer: number;
  /** Until a failed request is tried again: the first time, and at most. */
  readonly againFirst: number;
  readonly againAtMost: number;
}

/** The usual times. */
export const usualTimes: WehelpTimes = { answer: 30_000, againFirst: 500, againAtMost: 60_000 };
