/** Which conversations there are, what was said last in each, and how much of it nobody has seen yet. */
import type { ConversationSummary, WorldMessage, WorldView } from './world.editor';

/** One row of the list of conversations. */
export interface Conversation {
  readonly id: string;
  readonly kind: 'contact' | 'room';
  readonly name: string;
  /** What else it can be found by: the alias. */
  readonly alias: string;
  /** What was said last; undefined when nothing was. */
  readonly last: { readonly text: string; readonly timestamp: number } | undefined;
  readonly unread: number;
}

/** Keeps count of what has been seen. What was there at the first look counts as seen. */
export class Conversations {
  #summaries = new Map<string, ConversationSummary>();
  readonly #seen = new Map<string, number>();
  #world: WorldView | undefined;
  #rows: readonly Conversation[] | undefined;

  /** Takes over what the runtime says of the world. */
  take(world: WorldView): void {
    const first = this.#world === undefined;
    this.#world = world;
    this.#summaries = new Map(world.conversations.map((summary) => [summary.id, summary]));
    if (first) for (const { id, count } of world.conversations) this.#seen.set(id, count);
    this.#rows = undefined;
  }

  /** A message was said just now. */
  hear({ conversation: id, text, timestamp }: WorldMessage, words: string = text): void {
    const known = this.#summaries.get(id);
    const world = this.#world;
    const room = world?.rooms.find((one) => one.id === id);
    const name = known?.name ?? room?.topic ?? world?.contacts.find((one) => one.id === id)?.name ?? id;
    this.#summaries.set(id, {
      id,
      name,
      kind: known?.kind ?? (room ? 'room' : 'contact'),
      last: { text: words, timestamp },
      count: (known?.count ?? 0) + 1,
    });
    this.#rows = undefined;
  }

  /** Everything in this conversation has been seen. */
  see(id: string): void {
    const count = this.#summaries.get(id)?.count ?? 0;
    if (this.#seen.get(id) === count) return;
    this.#seen.set(id, count);
    this.#rows = undefined;
  }

  /** The conversations: the latest first, then friends and rooms with whom nothing was said yet. */
  rows(): readonly Conversation[] {
    this.#rows ??= this.#sorted();
    return this.#rows;
  }

  #sorted(): Conversation[] {
    const { contacts = [], rooms = [] } = this.#world ?? {};
    const row = (id: string, kind: 'contact' | 'room', name: string, alias: string): Conversation => {
      const summary = this.#summaries.get(id);
      const unread = Math.max(0, (summary?.count ?? 0) - (this.#seen.get(id) ?? 0));
      return { id, kind, name, alias, last: summary?.last, unread };
    };
    const roomRows = (withBot: boolean): Conversation[] =>
      rooms.filter(({ hasBot }) => hasBot === withBot).map(({ id, topic }) => row(id, 'room', topic, ''));
    const all = [
      ...roomRows(true),
      ...contacts
        .filter(({ id, friend }) => friend || this.#summaries.has(id))
        .map(({ id, name, alias }) => row(id, 'contact', name, alias ?? '')),
      ...roomRows(false),
    ];
    // The sort is stable: what was never spoken in stays in the world's own order.
    return all.sort((one, other) => (other.last?.timestamp ?? 0) - (one.last?.timestamp ?? 0));
  }
}
