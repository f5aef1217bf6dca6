/** The saved properties of the `wechat-room-find` node. */
import type { TextSource } from '../shared/typed-inputs';

/** The registered type. */
export const type = 'wechat-room-find';

/** The first room found or null; all as one list; each in a message of its own. */
export const results = ['first', 'all', 'each'] as const;
/** One of the ways to hand over what was found. */
export type RoomFindResult = (typeof results)[number];

/** Nothing about members; their ids; their ids and names. */
export const memberDetails = ['none', 'ids', 'full'] as const;
/** How much is told about the members of a room. */
export type MemberDetail = (typeof memberDetails)[number];

/** What a flow keeps of a room-find node. */
export interface RoomFindProperties {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** An id, a topic or a `/regular expression/`, or where it is found; an empty one finds all rooms. */
  query: string;
  queryType: TextSource;
  result: RoomFindResult;
  members: MemberDetail;
}

/** A new node looks for the room named by `msg.payload`. */
export const defaults: RoomFindProperties = {
  name: '',
  bot: '',
  query: 'payload',
  queryType: 'msg',
  result: 'first',
  members: 'none',
};
