/** Lookup of the contacts and rooms of a simulation. */
import type { Suggestions } from '../../ui/combobox.editor';
import type { SimulatorContact, SimulatorRoom } from '../../../admin/api-types';
import type { Simulation } from '../../api/simulation.editor';

/** A contact in a list of options. */
export interface ContactOption {
  readonly id: string;
  readonly name: string;
  /** A second name for the search. */
  readonly alias?: string;
}

/** Maximum suggestions shown. */
const maxSuggestions = 30;

/** The contacts whose name, alias or id contains the query. */
export function contactSuggestions(options: readonly ContactOption[], query: string): Suggestions {
  const text = query.trim().toLowerCase();
  const entries = options
    .filter(({ id, name, alias }) => `${name}\n${alias ?? ''}\n${id}`.toLowerCase().includes(text))
    .slice(0, maxSuggestions)
    .map(({ id, name, alias }) => ({
      value: id,
      label: name,
      avatar: { id, name },
      ...(alias ? { detail: alias } : {}),
    }));
  return { entries };
}

/** The text of WeChat's @all mention, the same in all languages. */
const everyoneName = '所有人';

/** Contacts and rooms by id. */
export class ContactIndex {
  readonly #self: ContactOption;
  readonly #contacts: ReadonlyMap<string, SimulatorContact>;
  readonly #rooms: ReadonlyMap<string, SimulatorRoom>;

  constructor({ self, contacts, rooms }: Simulation) {
    this.#self = self;
    this.#contacts = new Map(contacts.map((contact) => [contact.id, contact]));
    this.#rooms = new Map(rooms.map((room) => [room.id, room]));
  }

  /** Whether there is a contact or room with this id. */
  has(id: string): boolean {
    return this.#contacts.has(id) || this.#rooms.has(id);
  }

  room(id: string): SimulatorRoom | undefined {
    return this.#rooms.get(id);
  }

  nameOf(id: string): string {
    return id === this.#self.id ? this.#self.name : (this.#contacts.get(id)?.name ?? id);
  }

  aliasOf(id: string): string {
    return this.#contacts.get(id)?.alias ?? '';
  }

  isFriend(id: string): boolean {
    return this.#contacts.get(id)?.friend ?? false;
  }

  /** These contacts, in this order. */
  byIds(ids: readonly string[]): ContactOption[] {
    return ids.map((id) =>
      id === this.#self.id ? this.#self : (this.#contacts.get(id) ?? { id, name: id }),
    );
  }

  /** A room's members, the bot first or excluded. */
  members({ memberIds }: SimulatorRoom, withBot: boolean): ContactOption[] {
    const others = this.byIds(memberIds.filter((id) => id !== this.#self.id));
    return withBot && memberIds.includes(this.#self.id) ? [this.#self, ...others] : others;
  }

  /** The mentions available to a speaker in a room: everyone (with `everyoneAlias` as second name), then each other member. */
  mentionOptions(room: SimulatorRoom, speaker: string, everyoneAlias: string): ContactOption[] {
    const others = this.members(room, true).filter(({ id }) => id !== speaker);
    return others.length === 0 ? [] : [{ id: 'all', name: everyoneName, alias: everyoneAlias }, ...others];
  }

  /** The contacts that could join a room. */
  nonMembers({ memberIds }: SimulatorRoom): ContactOption[] {
    const inside = new Set(memberIds);
    return [this.#self, ...this.#contacts.values()].filter(({ id }) => !inside.has(id));
  }
}
