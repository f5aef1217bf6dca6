/** The saved properties of the `wechat-room-say` node. */
import { currentVersion, type Migrations, type Versioned } from '../shared/migrations';
import { contentDefaults, type ContentProperties, type ListSource } from '../shared/typed-inputs';

/** The registered type. */
export const type = 'wechat-room-say';

/** The saved properties of a room-say node. */
export interface RoomSayProperties extends ContentProperties, Versioned {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /**
   * The rooms. With `str`: ids or topics separated by commas, or one `/regular expression/`; otherwise the location
   * of a string or a list of strings. `msg.rooms` overrides it.
   */
  rooms: string;
  roomsType: ListSource;
  /**
   * The members to mention. With `str`: ids, aliases or names separated by commas, or `@all`; empty for none. Text
   * only. `msg.mentions` overrides it.
   */
  mentions: string;
  mentionsType: ListSource;
}

/** Migrations of the saved properties. */
export const migrations: Migrations = [];

/** The properties of a new node: sends `msg.payload` without mentions; the room is to be filled in. */
export const defaults: RoomSayProperties = {
  version: currentVersion(migrations),
  name: '',
  bot: '',
  rooms: '',
  roomsType: 'str',
  mentions: '',
  mentionsType: 'str',
  ...contentDefaults,
};
