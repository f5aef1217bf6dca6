/** The saved properties of the `wechat-room-find` node. */
import { currentVersion, type Migrations, type Versioned } from '../shared/migrations';
import type { TextSource } from '../shared/typed-inputs';

/** The registered type. */
export const type = 'wechat-room-find';

/** The first room or null; all rooms as one list; one message per room. */
export const results = ['first', 'all', 'each'] as const;
/** The format of the result. */
export type RoomFindResult = (typeof results)[number];

/** No members; their ids; their ids and names. */
export const memberDetails = ['none', 'ids', 'full'] as const;
/** The level of detail about the members of a room. */
export type MemberDetail = (typeof memberDetails)[number];

/** The saved properties of a room-find node. */
export interface RoomFindProperties extends Versioned {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** An id, a topic or a `/regular expression/`, or its location; an empty one finds all rooms. */
  query: string;
  queryType: TextSource;
  result: RoomFindResult;
  members: MemberDetail;
}

/** Migrations of the saved properties. */
export const migrations: Migrations = [];

/** The properties of a new node: finds the room named by `msg.payload`. */
export const defaults: RoomFindProperties = {
  version: currentVersion(migrations),
  name: '',
  bot: '',
  query: 'payload',
  queryType: 'msg',
  result: 'first',
  members: 'none',
};
