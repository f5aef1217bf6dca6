/** The saved properties of the `wechat-room-say` node. */
import { contentDefaults, type ContentProperties, type ListSource } from '../shared/typed-inputs';

/** The registered type. */
export const type = 'wechat-room-say';

/** What a flow keeps of a room-say node. */
export interface RoomSayProperties extends ContentProperties {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /**
   * In which rooms: as `str` ids or topics separated by commas, or one `/regular expression/`; otherwise where a
   * string or a list of strings is found. `msg.rooms` overrides it.
   */
  rooms: string;
  roomsType: ListSource;
  /**
   * Who is mentioned: as `str` ids, aliases or names separated by commas, or `@all`; empty for nobody. Text only.
   * `msg.mentions` overrides it.
   */
  mentions: string;
  mentionsType: ListSource;
}

/** A new node says `msg.payload` and mentions nobody; where is for its owner to fill in. */
export const defaults: RoomSayProperties = {
  name: '',
  bot: '',
  rooms: '',
  roomsType: 'str',
  mentions: '',
  mentionsType: 'str',
  ...contentDefaults,
};
