/** The saved properties of the `wechat-contact-say` node. */
import { contentPropertyTypes } from '../shared/content-properties';
import { declareProperties, type SavedOf } from '../shared/declaration';
import { label, source, text, typedNames } from '../shared/property-types';
import type { ListSource } from '../shared/typed-inputs';

/** The registered type. */
export const type = 'wechat-contact-say';

/** A new node sends `msg.payload`; the recipient is to be filled in. */
export const declaration = declareProperties({
  name: label(),
  /** The id of the `wechat-bot` node. */
  bot: text(),
  /**
   * The recipients. With `str`: a list of ids, aliases or names, or a text: ids, aliases or names separated by commas, or one `/regular expression/`; otherwise
   * the location of a string or a list of strings. `msg.to` overrides it.
   */
  to: typedNames(),
  toType: source<ListSource>('str'),
  ...contentPropertyTypes,
});

/** The saved properties of a contact-say node. */
export type ContactSayProperties = SavedOf<typeof declaration>;

/** The properties of a new node. */
export const { defaults } = declaration;
