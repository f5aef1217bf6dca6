/** The saved properties of the `wechat-room-say` node. */
import { contentPropertyTypes } from '../shared/content-properties';
import { declareProperties, type SavedOf } from '../shared/declaration';
import { label, source, text, typedNames } from '../shared/property-types';
import type { ListSource } from '../shared/typed-inputs';

/** The registered type. */
export const type = 'wechat-room-say';

/** A new node sends `msg.payload` without mentions; the room is to be filled in. */
export const declaration = declareProperties({
  name: label(),
  /** The id of the `wechat-bot` node. */
  bot: text(),
  /**
   * The rooms. With `str`: ids or topics separated by commas, or one `/regular expression/`; otherwise the location
   * of a string or a list of strings. `msg.rooms` overrides it.
   */
  rooms: typedNames(),
  roomsType: source<ListSource>('str'),
  /**
   * The members to mention. With `str`: ids, aliases or names separated by commas, or `@all`; empty for none. Text
   * only. `msg.mentions` overrides it.
   */
  mentions: typedNames(),
  mentionsType: source<ListSource>('str'),
  ...contentPropertyTypes,
});

/** The saved properties of a room-say node. */
export type RoomSayProperties = SavedOf<typeof declaration>;

/** The properties of a new node. */
export const { defaults } = declaration;
