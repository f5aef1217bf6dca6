/** Which conversations there are, what was said last in each, and how much of it nobody has seen yet. */
import type { LastSaid, WorldMessage, WorldView } from '../../api/simulator-api.editor';

/** What was said last. */
interface Last {
  readonly text: string;
  readonly timestamp: number;
}

/** What was said in one conversation. */
interface Talk {
  readonly last: Last;
  readonly count: number;
}

/** One row of the list of conversations. */
export interface Conversation {
  readonly id: string;
  readonly kind: 'contact' | 'room';
  readonly name: string;
  /** What else it can be found by: the alias. */
  readonly alias: string;
  /** What was said last; undefined when nothing was. */
  readonly last: Last | undefined;
  readonly unread: number;
}

/** Somebody or a room that can be talked to, before anything is known of the talk. */
type Place = Pick<Conversation, 'id' | 'kind' | 'name' | 'alias'>;

function placesOf({ contacts, rooms, conversations }: WorldView): Place[] {
  const talked = new Set(conversations.filter(({ count }) => count > 0).map(({ id }) => id));
  const roomPlaces = (withBot: boolean): Place[] =>
    rooms
      .filter(({ hasBot }) => hasBot === withBot)
      .map(({ id, topic }) => ({ id, kind: 'room', name: topic, alias: '' }));
  return [
    ...roomPlaces(true),
    ...contacts
      .filter(({ id, friend }) => friend || talked.has(id))
      .map(({ id, name, alias }): Place => ({ id, kind: 'contact', name, alias: alias ?? '' })),
    ...roomPlaces(false),
  ];
}

/** Keeps count of what has been seen. What was there at the first look counts as seen. */
export class Conversations {
  readonly #seen = new Map<string, number>();
  /** Everybody and every room, in the order they stand in before anything is said. */
  #places = new Map<string, Place>();
  #talks = new Map<string, Talk>();
  #rows: readonly Conversation[] | undefined;
  #isNew = true;

  /** Takes over what the runtime says of the world; the list shows what was said last in the words of `wordsOf`. */
  take(world: WorldView, wordsOf: (last: LastSaid) => string): void {
    this.#places = new Map(placesOf(world).map((place) => [place.id, place]));
    this.#talks = new Map();
    for (const { id, last, count } of world.conversations) {
      if (last) this.#talks.set(id, { last: { text: wordsOf(last), timestamp: last.timestamp }, count });
      if (this.#isNew) this.#seen.set(id, count);
    }
    this.#isNew = false;
    this.#rows = undefined;
  }

  /** A message was said just now, which the list shows in these words. */
  hear({ conversation: id, timestamp }: WorldMessage, text: string): void {
    const count = (this.#talks.get(id)?.count ?? 0) + 1;
    this.#talks.set(id, { last: { text, timestamp }, count });
    this.#rows = undefined;
  }

  /** Everything in this conversation has been seen. */
  see(id: string): void {
    const count = this.#talks.get(id)?.count ?? 0;
    if (this.#seen.get(id) === count) return;
    this.#seen.set(id, count);
    this.#rows = undefined;
  }

  /** The conversations: the latest first, then friends and rooms with whom nothing was said yet. */
  rows(): readonly Conversation[] {
    this.#rows ??= [...this.#talked(), ...this.#silent()];
    return this.#rows;
  }

  #talked(): Conversation[] {
    const rows = [...this.#talks].map(([id, { last, count }]): Conversation => {
      const place = this.#places.get(id) ?? { id, kind: 'contact', name: id, alias: '' };
      return { ...place, last, unread: Math.max(0, count - (this.#seen.get(id) ?? 0)) };
    });
    return rows.sort((one, other) => (other.last?.timestamp ?? 0) - (one.last?.timestamp ?? 0));
  }

  #silent(): Conversation[] {
    const rows: Conversation[] = [];
    for (const place of this.#places.values()) {
      if (!this.#talks.has(place.id)) rows.push({ ...place, last: undefined, unread: 0 });
    }
    return rows;
  }
}
