/** The saved properties of the `wechat-wehelp-remote` node. */
import { declareProperties, type SavedOf } from '../shared/declaration';
import { choice, label, number, text } from '../shared/property-types';
import { commandPolicyTypes, filePolicyTypes } from '../shared/remote-policy';

/** The registered type. */
export const type = 'wechat-wehelp-remote';

/** A new node has a local service with the URLs of WeHelp's demo. */
export const declaration = declareProperties({
  name: label(),
  /** The id of the `wechat-bot` node. */
  bot: text(),
  /** The URL to post callbacks to; empty: no callbacks. */
  callbackUrl: text('http://127.0.0.1:5000/'),
  /** The URL to poll for tasks; empty: no tasks. */
  pollUrl: text('http://127.0.0.1:5000/send_msg'),
  /** Interval between two polls, in s. */
  pollInterval: number('1'),
  /** The unit of `time` in a task. */
  timeUnit: choice('s', ['s', 'ms']),
  ...commandPolicyTypes,
  ...filePolicyTypes,
  /** Maximum size of the outbox on disk, in MB. */
  outboxMaxMb: number('100'),
});

/** The saved properties of a wehelp-remote node. */
export type WehelpRemoteProperties = SavedOf<typeof declaration>;

/** The properties of a new node. */
export const { defaults } = declaration;
