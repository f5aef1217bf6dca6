/** The saved properties of the `wechat-command` node. */

/** The registered type. */
export const type = 'wechat-command';

/** Where the parameters come from; of `fields`, each from a place of its own. */
export type ParamsSource = 'fields' | 'json' | 'msg' | 'flow' | 'global' | 'jsonata';

/** What a flow keeps of a command node. */
export interface CommandProperties {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** The command's name in the command table. */
  command: string;
  /** The parameters: fields or an object as JSON, or where an object is found. */
  params: string;
  paramsType: ParamsSource;
}

/**
 * A new node runs no command before its owner has chosen one. Parameters without a source are JSON, as they were
 * before there were fields.
 */
export const defaults: CommandProperties = {
  name: '',
  bot: '',
  command: '',
  params: '{}',
  paramsType: 'json',
};

/** A node from the palette asks for its parameters field by field. */
export const firstSource: ParamsSource = 'fields';
