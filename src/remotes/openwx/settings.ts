/** Settings and status of an Openwx remote. */
import type { RemotePolicy } from '../dispatch/command-dispatcher';
import type { ServerStatus } from '../remote';
import type { PostEvent } from './events/event-types';

/** The settings of an Openwx remote. */
export interface OpenwxRemoteSettings extends RemotePolicy {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The token clients need; empty: none, on loopback only. */
  readonly token: string;
  /** The URL events are posted to; empty: none. */
  readonly postApi: string;
  readonly postEvents: readonly PostEvent[];
  /** Whether the files of messages are loaded and posted with them. */
  readonly postMediaData: boolean;
  /** The URL that is polled and may redirect to a call of this API; empty: none. */
  readonly pollApi: string;
  /** Between two polls, in ms. */
  readonly pollIntervalMs: number;
  /** Maximum number of events in the queue of `check_event`. */
  readonly eventQueueSize: number;
  /** Whether `stop_client` stops the bot. */
  readonly allowStop: boolean;
  /** The data folder of this remote. */
  readonly directory: string;
  /** The version of this package. */
  readonly version: string;
}

/** The status of an Openwx remote. */
export interface OpenwxRemoteStatus extends ServerStatus {
  /** Events that are being processed or posted. */
  readonly waiting: number;
  /** Events that could not be posted. */
  readonly lost: number;
}

/** Timeouts in ms; tests shorten them. */
export interface OpenwxTimeouts {
  /** For the response of `post_api`. */
  readonly post: number;
  /** Before a post that failed to connect is retried once. */
  readonly postRetry: number;
  /** For the response of `poll_api`. */
  readonly poll: number;
}

/** `poll_api` may use long polling, and programs behind `post_api` may call a language model. */
export const defaultTimeouts: OpenwxTimeouts = { post: 30_000, postRetry: 1_000, poll: 120_000 };
