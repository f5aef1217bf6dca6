/** The saved properties of the `wechat-command` node. */
import { currentVersion, type Migrations, type Versioned } from '../shared/migrations';

/** The registered type. */
export const type = 'wechat-command';

/** The source of the parameters; with `fields`, each parameter has its own source. */
export type ParamsSource = 'fields' | 'json' | 'msg' | 'flow' | 'global' | 'jsonata';

/** The saved properties of a command node. */
export interface CommandProperties extends Versioned {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** The command's name in the command table. */
  command: string;
  /** The parameters: fields or an object as JSON, or the location of an object. */
  params: string;
  paramsType: ParamsSource;
}

/** Migrations of the saved properties. */
export const migrations: Migrations = [];

/** Defaults for missing properties. Parameters without a source are JSON, which older flows do not state. */
export const defaults: CommandProperties = {
  version: currentVersion(migrations),
  name: '',
  bot: '',
  command: '',
  params: '{}',
  paramsType: 'json',
};

/** The parameter source of a new node in the editor. */
export const firstSource: ParamsSource = 'fields';
