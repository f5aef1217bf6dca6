/** The saved properties of the `wechat-openwx-remote` node. */
import { type PostEvent, usualPostEvents } from '../../remotes/openwx/events/event-types';
import type { SavedNumber } from '../bot/properties';
import { policyDefaults, type PolicyProperties } from '../shared/remote-policy';

/** The registered type. */
export const type = 'wechat-openwx-remote';

/** What a flow keeps of an openwx-remote node. */
export interface OpenwxRemoteProperties extends PolicyProperties {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** The address to listen on. */
  host: string;
  port: SavedNumber;
  /** Where events are posted to; empty for nowhere. */
  postApi: string;
  /** The events beside messages that are told. */
  postEvents: PostEvent[];
  /** Whether the files in messages are posted with them. */
  postMediaData: boolean;
  /** What is asked again and again, and may answer with a redirect to this API; empty for nothing. */
  pollApi: string;
  /** The time between two polls, in s. */
  pollInterval: SavedNumber;
  /** How many events are kept for `check_event`. */
  eventQueueSize: SavedNumber;
  /** Whether `stop_client` stops the bot. */
  allowStop: boolean;
}

/** What is kept apart from the flow and never reaches the browser. */
export interface OpenwxRemoteCredentials {
  token?: string;
}

/** A new remote serves programs of this machine. */
export const defaults: OpenwxRemoteProperties = {
  name: '',
  bot: '',
  host: '127.0.0.1',
  port: '3000',
  postApi: '',
  postEvents: [...usualPostEvents],
  postMediaData: true,
  pollApi: '',
  pollInterval: '5',
  eventQueueSize: '20',
  allowStop: false,
  ...policyDefaults,
};
