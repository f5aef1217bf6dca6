/** The saved properties of the `wechat-contact-say` node. */
import { contentDefaults, type ContentProperties, type ListSource } from '../shared/typed-inputs';

/** The registered type. */
export const type = 'wechat-contact-say';

/** What a flow keeps of a contact-say node. */
export interface ContactSayProperties extends ContentProperties {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /**
   * To whom: as `str` ids, aliases or names separated by commas, or one `/regular expression/`; otherwise where
   * a string or a list of strings is found. `msg.to` overrides it.
   */
  to: string;
  toType: ListSource;
}

/** A new node says `msg.payload`; to whom is for its owner to fill in. */
export const defaults: ContactSayProperties = {
  name: '',
  bot: '',
  to: '',
  toType: 'str',
  ...contentDefaults,
};
