/** Everybody in a world, to be looked up. */
import type { WorldContact, WorldRoom, WorldView } from '../../api/simulator-api.editor';

/** Somebody to pick. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  /** Another name to be found by. */
  readonly alias?: string | null;
}

/** What WeChat writes behind the @ when everybody in a room is meant, in any language. */
const wholeRoom = '所有人';

/** People and rooms by id. */
export class People {
  readonly #self: Candidate;
  readonly #contacts: ReadonlyMap<string, WorldContact>;
  readonly #rooms: ReadonlyMap<string, WorldRoom>;

  constructor({ self, contacts, rooms }: WorldView) {
    this.#self = self;
    this.#contacts = new Map(contacts.map((contact) => [contact.id, contact]));
    this.#rooms = new Map(rooms.map((room) => [room.id, room]));
  }

  room(id: string): WorldRoom | undefined {
    return this.#rooms.get(id);
  }

  nameOf(id: string): string {
    return id === this.#self.id ? this.#self.name : (this.#contacts.get(id)?.name ?? id);
  }

  aliasOf(id: string): string | undefined {
    return this.#contacts.get(id)?.alias ?? undefined;
  }

  isFriend(id: string): boolean {
    return this.#contacts.get(id)?.friend ?? false;
  }

  /** These people, in this order. */
  some(ids: readonly string[]): Candidate[] {
    return ids.map((id) =>
      id === this.#self.id ? this.#self : (this.#contacts.get(id) ?? { id, name: id }),
    );
  }

  /** A room's members: the bot first, or not at all. */
  members({ memberIds }: WorldRoom, withBot: boolean): Candidate[] {
    const others = this.some(memberIds.filter((id) => id !== this.#self.id));
    return withBot && memberIds.includes(this.#self.id) ? [this.#self, ...others] : others;
  }

  /** Whom somebody can mention in a room: everybody at once, under this other name, then the others one by one. */
  mentionable(room: WorldRoom, speaker: string, everybody: string): Candidate[] {
    const others = this.members(room, true).filter(({ id }) => id !== speaker);
    return others.length === 0 ? [] : [{ id: 'all', name: wholeRoom, alias: everybody }, ...others];
  }

  /** Everybody who could join a room. */
  notIn({ memberIds }: WorldRoom): Candidate[] {
    const inside = new Set(memberIds);
    return [this.#self, ...this.#contacts.values()].filter(({ id }) => !inside.has(id));
  }
}
