/** The saved properties of the `wechat-padchat-remote` node. */
import type { ProtocolVersion } from '../../remotes/padchat/field-case';
import { declareProperties, type SavedOf } from '../shared/declaration';
import { label, list, port, text } from '../shared/property-types';
import { commandPolicyTypes, filePolicyTypes } from '../shared/remote-policy';

/** The registered type. */
export const type = 'wechat-padchat-remote';

/** All protocol versions, oldest first. */
export const protocolVersions = ['A', 'B', 'C'] as const satisfies readonly ProtocolVersion[];

/** A new node serves local clients with any key, on the default port of the version C SDK. */
export const declaration = declareProperties({
  name: label(),
  /** The id of the `wechat-bot` node. */
  bot: text(),
  /** The address to listen on. */
  host: text('127.0.0.1'),
  port: port('7777'),
  /** The protocol versions that are served; none selected means all. */
  generations: list<ProtocolVersion>(protocolVersions),
  ...commandPolicyTypes,
  ...filePolicyTypes,
});

/** The saved properties of a padchat-remote node. */
export type PadchatRemoteProperties = SavedOf<typeof declaration>;

/** The properties of a new node. */
export const { defaults } = declaration;

/** Credentials; stored separately from the flow and never sent to the browser. */
export interface PadchatRemoteCredentials {
  /** Keys separated by spaces or commas. */
  authKeys?: string;
}
