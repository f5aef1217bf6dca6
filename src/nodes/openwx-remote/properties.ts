/** The saved properties of the `wechat-openwx-remote` node. */
import { type PostEvent, defaultEvents } from '../../remotes/openwx/events/event-types';
import { currentVersion, type Migrations, type Versioned } from '../shared/migrations';
import type { SavedNumber } from '../shared/saved-number';
import { policyDefaults, type PolicyProperties } from '../shared/remote-policy';

/** The registered type. */
export const type = 'wechat-openwx-remote';

/** The saved properties of an openwx-remote node. */
export interface OpenwxRemoteProperties extends PolicyProperties, Versioned {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** The address to listen on. */
  host: string;
  port: SavedNumber;
  /** The webhook URL for events; empty: none. */
  postApi: string;
  /** The events to report besides messages. */
  postEvents: PostEvent[];
  /** Whether files are posted with their messages. */
  postMediaData: boolean;
  /** The URL to poll; it may answer with a redirect to this API. Empty: none. */
  pollApi: string;
  /** Interval between two polls, in s. */
  pollInterval: SavedNumber;
  /** Maximum number of events queued for `check_event`. */
  eventQueueSize: SavedNumber;
  /** Whether `stop_client` stops the bot. */
  allowStop: boolean;
}

/** Credentials; stored separately from the flow and never sent to the browser. */
export interface OpenwxRemoteCredentials {
  token?: string;
}

/** Migrations of the saved properties. */
export const migrations: Migrations = [];

/** The properties of a new node: serves local clients. */
export const defaults: OpenwxRemoteProperties = {
  version: currentVersion(migrations),
  name: '',
  bot: '',
  host: '127.0.0.1',
  port: '3000',
  postApi: '',
  postEvents: [...defaultEvents],
  postMediaData: true,
  pollApi: '',
  pollInterval: '5',
  eventQueueSize: '20',
  allowStop: false,
  ...policyDefaults,
};
