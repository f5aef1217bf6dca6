/** The saved properties of the `wechat-padchat-remote` node. */
import { type ProtocolVersion, protocolVersions } from '../../remotes/padchat/field-case';
import { currentVersion, type Migrations, type Versioned } from '../shared/migrations';
import type { SavedNumber } from '../shared/saved-number';
import { policyDefaults, type PolicyProperties } from '../shared/remote-policy';

/** The registered type. */
export const type = 'wechat-padchat-remote';

/** The saved properties of a padchat-remote node. */
export interface PadchatRemoteProperties extends PolicyProperties, Versioned {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** The address to listen on. */
  host: string;
  port: SavedNumber;
  /** The protocol versions that are served; none selected means all. */
  generations: ProtocolVersion[];
}

/** Credentials; stored separately from the flow and never sent to the browser. */
export interface PadchatRemoteCredentials {
  /** Keys separated by spaces or commas. */
  authKeys?: string;
}

/** Migrations of the saved properties. */
export const migrations: Migrations = [];

/** The properties of a new node: serves local clients with any key, on the default port of the version C SDK. */
export const defaults: PadchatRemoteProperties = {
  version: currentVersion(migrations),
  name: '',
  bot: '',
  host: '127.0.0.1',
  port: '7777',
  generations: [...protocolVersions],
  ...policyDefaults,
};
