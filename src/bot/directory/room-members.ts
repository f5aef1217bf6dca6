import QuickLRU from 'quick-lru';
import { memberView } from '../view-mappers';
import type { MemberView } from '../views';

/** How a puppet tells of the members of a room. */
export interface RoomMemberSource {
  list(roomId: string): Promise<string[]>;
  read(roomId: string, id: string): Promise<Parameters<typeof memberView>[1]>;
}

/** Rooms whose members are remembered. */
const rememberedRooms = 200;

/** Members read at once. */
const batch = 50;

/**
 * The members of rooms and their names there: read when asked for, and remembered, because puppets do not
 * (wechaty-puppet keeps them under a key that never matches).
 */
export class RoomMembers {
  readonly #source: RoomMemberSource;
  readonly #rooms = new QuickLRU<string, Map<string, MemberView>>({ maxSize: rememberedRooms });

  constructor(source: RoomMemberSource) {
    this.#source = source;
  }

  /** The ids of all members of a room. */
  ids(roomId: string): Promise<string[]> {
    return this.#source.list(roomId);
  }

  /** One member. @throws WechatError when the puppet does not know it. */
  async one(roomId: string, id: string): Promise<MemberView> {
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
    for (let start = 0; start < ids.length; start += batch) {
      const some = ids.slice(start, start + batch);
      members.push(...(await Promise.all(some.map((id) => this.one(roomId, id)))));
    }
    return members;
  }

  /** The members with this id or, else, this name, in the room or in general. */
  async find(roomId: string, query: string): Promise<MemberView[]> {
    const ids = await this.ids(roomId);
    if (ids.includes(query)) return [await this.one(roomId, query)];
    return (await this.all(roomId)).filter((member) => member.roomAlias === query || member.name === query);
  }

  /** Forgets a room; to be called when someone joined, left or renamed himself. */
  forget(roomId: string): void {
    this.#rooms.delete(roomId);
  }
}
