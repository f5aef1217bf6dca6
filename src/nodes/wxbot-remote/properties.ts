/** The saved properties of the `wechat-wxbot-remote` node. */
import { declareProperties, type SavedOf } from '../shared/declaration';
import { label, port, text } from '../shared/property-types';
import { commandPolicyTypes, filePolicyTypes } from '../shared/remote-policy';

/** The registered type. */
export const type = 'wechat-wxbot-remote';

/** A new node serves local clients on WXBot's default port. */
export const declaration = declareProperties({
  name: label(),
  /** The id of the `wechat-bot` node for tokens without a bot name. */
  bot: text(),
  /** The address to listen on. */
  host: text('127.0.0.1'),
  port: port('19095'),
  ...commandPolicyTypes,
  maxFileMb: filePolicyTypes.maxFileMb,
});

/** The saved properties of a wxbot-remote node. */
export type WxbotRemoteProperties = SavedOf<typeof declaration>;

/** The properties of a new node. */
export const { defaults } = declaration;

/** Credentials; stored separately from the flow and never sent to the browser. */
export interface WxbotRemoteCredentials {
  key?: string;
  /** One token per line, alone or as `token = bot`. */
  tokens?: string;
}
