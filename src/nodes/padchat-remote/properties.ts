/** The saved properties of the `wechat-padchat-remote` node. */
import { type Generation, generations } from '../../remotes/padchat/field-case';
import type { SavedNumber } from '../bot/properties';
import { policyDefaults, type PolicyProperties } from '../shared/remote-policy';

/** The registered type. */
export const type = 'wechat-padchat-remote';

/** What a flow keeps of a padchat-remote node. */
export interface PadchatRemoteProperties extends PolicyProperties {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** The address to listen on. */
  host: string;
  port: SavedNumber;
  /** The generations that are served; none chosen means all. */
  generations: Generation[];
}

/** What is kept apart from the flow and never reaches the browser. */
export interface PadchatRemoteCredentials {
  /** Several are separated by spaces or commas. */
  authKeys?: string;
}

/** A new remote serves programs of this machine, whatever key they show, where the sdk of generation C looks for it. */
export const defaults: PadchatRemoteProperties = {
  name: '',
  bot: '',
  host: '127.0.0.1',
  port: '7777',
  generations: [...generations],
  ...policyDefaults,
};
