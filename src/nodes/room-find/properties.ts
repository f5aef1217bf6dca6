/** The saved properties of the `wechat-room-find` node. */
import { declareProperties, type SavedOf } from '../shared/declaration';
import { choice, label, source, text, typedValue } from '../shared/property-types';
import type { TextSource } from '../shared/typed-inputs';

/** The registered type. */
export const type = 'wechat-room-find';

/** A new node finds the room named by `msg.payload`. */
export const declaration = declareProperties({
  name: label(),
  /** The id of the `wechat-bot` node. */
  bot: text(),
  /** An id, a topic or a `/regular expression/`, or its location; an empty one finds all rooms. */
  query: typedValue('payload'),
  queryType: source<TextSource>('msg'),
  /** The first room or null; all rooms as one list; one message per room. */
  result: choice('first', ['first', 'all', 'each']),
  /** No members; their ids; their ids and names. */
  members: choice('none', ['none', 'ids', 'full']),
});

/** The saved properties of a room-find node. */
export type RoomFindProperties = SavedOf<typeof declaration>;

/** The properties of a new node. */
export const { defaults } = declaration;
