/** The saved properties of the `wechat-openwx-remote` node. */
import type { PostEvent } from '../../remotes/openwx/events/event-types';
import { declareProperties, type SavedOf } from '../shared/declaration';
import { boolean, label, list, number, port, text } from '../shared/property-types';
import { commandPolicyTypes, filePolicyTypes } from '../shared/remote-policy';

/** The registered type. */
export const type = 'wechat-openwx-remote';

/** All event types in the order of the Openwx document, table "事件上报": whether a new node reports them. */
const reportedByDefault: Readonly<Record<PostEvent, boolean>> = {
  login: true,
  stop: true,
  state_change: true,
  input_qrcode: true,
  new_group: true,
  new_friend: true,
  new_group_member: true,
  lose_group: true,
  lose_friend: true,
  lose_group_member: true,
  group_property_change: false,
  group_member_property_change: false,
  friend_property_change: false,
  user_property_change: false,
  update_user: false,
  update_friend: false,
  update_group: false,
  friend_request: true,
};

/** All event types that can be reported. */
export const postEvents = Object.keys(reportedByDefault) as readonly PostEvent[];

/** A new node serves local clients. */
export const declaration = declareProperties({
  name: label(),
  /** The id of the `wechat-bot` node. */
  bot: text(),
  /** The address to listen on. */
  host: text('127.0.0.1'),
  port: port('3000'),
  /** The webhook URL for events; empty: none. */
  postApi: text(),
  /** The events to report besides messages. */
  postEvents: list<PostEvent>(postEvents.filter((name) => reportedByDefault[name])),
  /** Whether files are posted with their messages. */
  postMediaData: boolean(true),
  /** The URL to poll; it may answer with a redirect to this API. Empty: none. */
  pollApi: text(),
  /** Interval between two polls, in s. */
  pollInterval: number('5'),
  /** Maximum number of events queued for `check_event`. */
  eventQueueSize: number('20'),
  /** Whether `stop_client` stops the bot. */
  allowStop: boolean(false),
  ...commandPolicyTypes,
  ...filePolicyTypes,
});

/** The saved properties of an openwx-remote node. */
export type OpenwxRemoteProperties = SavedOf<typeof declaration>;

/** The properties of a new node. */
export const { defaults } = declaration;

/** Credentials; stored separately from the flow and never sent to the browser. */
export interface OpenwxRemoteCredentials {
  token?: string;
}
