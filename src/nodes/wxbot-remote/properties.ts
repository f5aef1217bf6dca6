/** The saved properties of the `wechat-wxbot-remote` node. */
import { currentVersion, type Migrations, type Versioned } from '../shared/migrations';
import type { SavedNumber } from '../shared/saved-number';
import { policyDefaults, type PolicyProperties } from '../shared/remote-policy';

/** The registered type. */
export const type = 'wechat-wxbot-remote';

/** The saved properties of a wxbot-remote node. */
export interface WxbotRemoteProperties
  extends Pick<PolicyProperties, 'allow' | 'deny' | 'maxFileMb'>, Versioned {
  name: string;
  /** The id of the `wechat-bot` node for tokens without a bot name. */
  bot: string;
  /** The address to listen on. */
  host: string;
  port: SavedNumber;
}

/** Credentials; stored separately from the flow and never sent to the browser. */
export interface WxbotRemoteCredentials {
  key?: string;
  /** One token per line, alone or as `token = bot`. */
  tokens?: string;
}

/** Migrations of the saved properties. */
export const migrations: Migrations = [];

/** The properties of a new node: serves local clients on WXBot's default port. */
export const defaults: WxbotRemoteProperties = {
  version: currentVersion(migrations),
  name: '',
  bot: '',
  host: '127.0.0.1',
  port: '19095',
  allow: policyDefaults.allow,
  deny: policyDefaults.deny,
  maxFileMb: policyDefaults.maxFileMb,
};
