/** The saved properties of the `wechat-wehelp-remote` node. */
import { currentVersion, type Migrations, type Versioned } from '../shared/migrations';
import type { SavedNumber } from '../shared/saved-number';
import { policyDefaults, type PolicyProperties } from '../shared/remote-policy';

/** The registered type. */
export const type = 'wechat-wehelp-remote';

/** The saved properties of a wehelp-remote node. */
export interface WehelpRemoteProperties extends PolicyProperties, Versioned {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** The URL to post callbacks to; empty: no callbacks. */
  callbackUrl: string;
  /** The URL to poll for tasks; empty: no tasks. */
  pollUrl: string;
  /** Interval between two polls, in s. */
  pollInterval: SavedNumber;
  /** The unit of `time` in a task. */
  timeUnit: 's' | 'ms';
  /** Maximum size of the outbox on disk, in MB. */
  outboxMaxMb: SavedNumber;
}

/** Migrations of the saved properties. */
export const migrations: Migrations = [];

/** The properties of a new node: a local service with the URLs of WeHelp's demo. */
export const defaults: WehelpRemoteProperties = {
  version: currentVersion(migrations),
  name: '',
  bot: '',
  callbackUrl: 'http://127.0.0.1:5000/',
  pollUrl: 'http://127.0.0.1:5000/send_msg',
  pollInterval: '1',
  timeUnit: 's',
  ...policyDefaults,
  outboxMaxMb: '100',
};
