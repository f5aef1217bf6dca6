/** The saved properties of the `wechat-command` node. */

/** The registered type. */
export const type = 'wechat-command';

/** Where the parameters come from. */
export type ParamsSource = 'json' | 'msg' | 'flow' | 'global' | 'jsonata';

/** What a flow keeps of a command node. */
export interface CommandProperties {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** The command's name in the command table. */
  command: string;
  /** The parameters: a JSON object, or where one is found. */
  params: string;
  paramsType: ParamsSource;
}

/** A new node runs no command before its owner has chosen one. */
export const defaults: CommandProperties = {
  name: '',
  bot: '',
  command: '',
  params: '{}',
  paramsType: 'json',
};
