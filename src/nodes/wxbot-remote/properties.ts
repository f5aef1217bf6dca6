/** The saved properties of the `wechat-wxbot-remote` node. */
import type { SavedNumber } from '../bot/properties';
import { policyDefaults, type PolicyProperties } from '../shared/remote-policy';

/** The registered type. */
export const type = 'wechat-wxbot-remote';

/** What a flow keeps of a wxbot-remote node. */
export interface WxbotRemoteProperties extends Pick<PolicyProperties, 'allow' | 'deny' | 'maxFileMb'> {
  name: string;
  /** The id of the `wechat-bot` node that tokens without a name mean. */
  bot: string;
  /** The address to listen on. */
  host: string;
  port: SavedNumber;
}

/** What is kept apart from the flow and never reaches the browser. */
export interface WxbotRemoteCredentials {
  key?: string;
  /** One token a line, alone or as `token = bot`. */
  tokens?: string;
}

/** A new remote serves programs of this machine, on the port of the original. */
export const defaults: WxbotRemoteProperties = {
  name: '',
  bot: '',
  host: '127.0.0.1',
  port: '19095',
  allow: policyDefaults.allow,
  deny: policyDefaults.deny,
  maxFileMb: policyDefaults.maxFileMb,
};
