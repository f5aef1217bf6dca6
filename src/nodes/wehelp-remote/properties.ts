/** The saved properties of the `wechat-wehelp-remote` node. */
import type { SavedNumber } from '../bot/properties';
import { policyDefaults, type PolicyProperties } from '../shared/remote-policy';

/** The registered type. */
export const type = 'wechat-wehelp-remote';

/** What a flow keeps of a wehelp-remote node. */
export interface WehelpRemoteProperties extends PolicyProperties {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** Where callbacks are posted to; empty for no callbacks. */
  callbackUrl: string;
  /** Where tasks are asked for; empty for no tasks. */
  pollUrl: string;
  /** Time between two polls, in s. */
  pollInterval: SavedNumber;
  /** What `time` in a task counts. */
  timeUnit: 's' | 'ms';
  /** How much may wait for the service on disk, in MB. */
  outboxMaxMb: SavedNumber;
}

/** A new remote has a service on this machine, as WeHelp's own demo is. */
export const defaults: WehelpRemoteProperties = {
  name: '',
  bot: '',
  callbackUrl: 'http://127.0.0.1:5000/',
  pollUrl: 'http://127.0.0.1:5000/send_msg',
  pollInterval: '1',
  timeUnit: 's',
  ...policyDefaults,
  outboxMaxMb: '100',
};
