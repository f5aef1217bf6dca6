/** The saved properties of the `wechat-contact-say` node. */
import { currentVersion, type Migrations, type Versioned } from '../shared/migrations';
import { contentDefaults, type ContentProperties, type ListSource } from '../shared/typed-inputs';

/** The registered type. */
export const type = 'wechat-contact-say';

/** The saved properties of a contact-say node. */
export interface ContactSayProperties extends ContentProperties, Versioned {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /**
   * The recipients. With `str`: ids, aliases or names separated by commas, or one `/regular expression/`; otherwise
   * the location of a string or a list of strings. `msg.to` overrides it.
   */
  to: string;
  toType: ListSource;
}

/** Migrations of the saved properties. */
export const migrations: Migrations = [];

/** The properties of a new node: sends `msg.payload`; the recipient is to be filled in. */
export const defaults: ContactSayProperties = {
  version: currentVersion(migrations),
  name: '',
  bot: '',
  to: '',
  toType: 'str',
  ...contentDefaults,
};
