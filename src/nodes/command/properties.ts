/** The saved properties of the `wechat-command` node. */
import { declareProperties, type SavedOf } from '../shared/declaration';
import { label, source, text, typedValue } from '../shared/property-types';

/** The registered type. */
export const type = 'wechat-command';

/** The source of the parameters; with `fields`, each parameter has its own source. */
export type ParamsSource = 'fields' | 'json' | 'msg' | 'flow' | 'global' | 'jsonata';

/** Parameters without a source are JSON, which older flows do not state. */
export const declaration = declareProperties({
  name: label(),
  /** The id of the `wechat-bot` node. */
  bot: text(),
  /** The command's name in the command table. */
  command: text(),
  /** The parameters: fields or an object as JSON, or the location of an object. */
  params: typedValue('{}'),
  paramsType: source<ParamsSource>('json'),
});

/** The saved properties of a command node. */
export type CommandProperties = SavedOf<typeof declaration>;

/** Defaults for missing properties. */
export const { defaults } = declaration;

/** The parameter source of a new node in the editor. */
export const firstSource: ParamsSource = 'fields';
