import type { CommandRules } from '../dispatch/command-dispatcher';
import type { RemoteListener, ListeningStatus } from '../remote';
import type { PostEvent } from './events/event-types';

/** What an Openwx remote needs to know. */
export interface OpenwxRemoteSettings extends CommandRules {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** What clients must know; empty for none, which is for loopback only. */
  readonly token: string;
  /** Where events are posted to; empty for nowhere. */
  readonly postApi: string;
  readonly postEvents: readonly PostEvent[];
  /** Whether the files in messages are fetched, and posted with them. */
  readonly postMediaData: boolean;
  /** What is asked again and again, and may answer with a call of this API; empty for nothing. */
  readonly pollApi: string;
  /** Time between two polls, in ms. */
  readonly pollInterval: number;
  /** Events kept for `check_event`. */
  readonly eventQueueSize: number;
  /** Whether `stop_client` stops the bot. */
  readonly allowStop: boolean;
  /** A folder of the remote's own. */
  readonly directory: string;
  /** Of this package. */
  readonly version: string;
}

/** How an Openwx remote is. */
export interface OpenwxRemoteStatus extends ListeningStatus {
  /** Events that wait to be posted. */
  readonly waiting: number;
  /** Events that could not be posted. */
  readonly lost: number;
}

/** Times in ms; shorter ones make tests quick. */
export interface OpenwxTimes {
  /** For `post_api` to answer. */
  readonly post: number;
  /** Before a post that reached nobody is tried once more. */
  readonly postAgain: number;
  /** For `poll_api` to answer. */
  readonly poll: number;
}

/** Long polls and answers of programs that think take their time. */
export const usualTimes: OpenwxTimes = { post: 30_000, postAgain: 1_000, poll: 120_000 };

export type { RemoteListener };
