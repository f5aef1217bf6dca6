import QuickLRU from 'quick-lru';
import { memberView } from '../view-mappers';
import type { MemberView } from '../views';

/** Lists and reads the members of a room. */
export interface RoomMemberSource {
  list(roomId: string): Promise<string[]>;
  read(roomId: string, id: string): Promise<Parameters<typeof memberView>[1]>;
}

/** Rooms whose members are cached. */
const maxCachedRooms = 200;

/** Members read at once. */
const batchSize = 50;

/**
 * The members of rooms, read on demand and cached here, because wechaty-puppet caches them under a key that never
 * matches.
 */
export class RoomMembers {
  readonly #source: RoomMemberSource;
  readonly #rooms = new QuickLRU<string, Map<string, MemberView>>({ maxSize: maxCachedRooms });

  constructor(source: RoomMemberSource) {
    this.#source = source;
  }

  /** The ids of all members of a room. */
  ids(roomId: string): Promise<string[]> {
    return this.#source.list(roomId);
  }

  /** One member. @throws WechatError when the puppet does not know it. */
  async get(roomId: string, id: string): Promise<MemberView> {
    const known = this.#rooms.get(roomId)?.get(id);
    if (known) return known;
    const member = memberView(id, await this.#source.read(roomId, id));
    const room = this.#rooms.get(roomId) ?? new Map<string, MemberView>();
    room.set(id, member);
    this.#rooms.set(roomId, room);
    return member;
  }

  /** All members of a room. */
  async all(roomId: string): Promise<MemberView[]> {
    const ids = await this.ids(roomId);
    const members: MemberView[] = [];
    for (let start = 0; start < ids.length; start += batchSize) {
      const batch = ids.slice(start, start + batchSize);
      members.push(...(await Promise.all(batch.map((id) => this.get(roomId, id)))));
    }
    return members;
  }

  /** The member with this id, else all with this name or room alias. */
  async find(roomId: string, query: string): Promise<MemberView[]> {
    const ids = await this.ids(roomId);
    if (ids.includes(query)) return [await this.get(roomId, query)];
    return (await this.all(roomId)).filter((member) => member.roomAlias === query || member.name === query);
  }

  /** Drops a room from the cache; called when a member joined, left or changed its name. */
  invalidate(roomId: string): void {
    this.#rooms.delete(roomId);
  }
}
