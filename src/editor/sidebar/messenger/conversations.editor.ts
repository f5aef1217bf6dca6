/** The conversations with their last messages and unread counts. */
import type { LastMessage, SimulatorMessage } from '../../../admin/api-types';
import type { Simulation } from '../../api/simulation.editor';

/** The last message as text. */
interface LastText {
  readonly text: string;
  readonly timestamp: number;
}

/** Last message and message count of a conversation. */
interface Progress {
  readonly last: LastText;
  readonly count: number;
}

/** One row of the list of conversations. */
export interface Conversation {
  readonly id: string;
  readonly kind: 'contact' | 'room';
  readonly name: string;
  /** The alias, for the search. */
  readonly alias: string;
  /** The last message; undefined when there is none. */
  readonly last: LastText | undefined;
  readonly unread: number;
}

/** A contact or room. */
type Peer = Pick<Conversation, 'id' | 'kind' | 'name' | 'alias'>;

function peersOf({ contacts, rooms, conversations }: Simulation): Peer[] {
  const active = new Set(conversations.filter(({ count }) => count > 0).map(({ id }) => id));
  const roomPeers = (withBot: boolean): Peer[] =>
    rooms
      .filter(({ hasBot }) => hasBot === withBot)
      .map(({ id, topic }) => ({ id, kind: 'room', name: topic, alias: '' }));
  return [
    ...roomPeers(true),
    ...contacts
      .filter(({ id, friend }) => friend || active.has(id))
      .map(({ id, name, alias }): Peer => ({ id, kind: 'contact', name, alias })),
    ...roomPeers(false),
  ];
}

/** Tracks unread messages; those of the first update count as read. */
export class Conversations {
  readonly #readCounts = new Map<string, number>();
  /** All contacts and rooms, in the order of those without messages. */
  #peers = new Map<string, Peer>();
  #progress = new Map<string, Progress>();
  #rows: readonly Conversation[] | undefined;
  #isFirstUpdate = true;

  /** Applies the state of the simulation; `textOf` formats the last messages. */
  update(simulation: Simulation, textOf: (last: LastMessage) => string): void {
    this.#peers = new Map(peersOf(simulation).map((peer) => [peer.id, peer]));
    this.#progress = new Map();
    for (const { id, last, count } of simulation.conversations) {
      if (last) this.#progress.set(id, { last: { text: textOf(last), timestamp: last.timestamp }, count });
      if (this.#isFirstUpdate) this.#readCounts.set(id, count);
    }
    this.#isFirstUpdate = false;
    this.#rows = undefined;
  }

  /** Adds a new message, shown as `text`. */
  addMessage({ conversation: id, timestamp }: SimulatorMessage, text: string): void {
    const count = (this.#progress.get(id)?.count ?? 0) + 1;
    this.#progress.set(id, { last: { text, timestamp }, count });
    this.#rows = undefined;
  }

  /** Marks all messages of a conversation as read. */
  markRead(id: string): void {
    const count = this.#progress.get(id)?.count ?? 0;
    if (this.#readCounts.get(id) === count) return;
    this.#readCounts.set(id, count);
    this.#rows = undefined;
  }

  /** The conversations: the latest first, then friends and rooms without messages. */
  rows(): readonly Conversation[] {
    this.#rows ??= [...this.#activeRows(), ...this.#emptyRows()];
    return this.#rows;
  }

  #activeRows(): Conversation[] {
    const rows = [...this.#progress].map(([id, { last, count }]): Conversation => {
      const peer = this.#peers.get(id) ?? { id, kind: 'contact', name: id, alias: '' };
      return { ...peer, last, unread: Math.max(0, count - (this.#readCounts.get(id) ?? 0)) };
    });
    return rows.sort((one, other) => (other.last?.timestamp ?? 0) - (one.last?.timestamp ?? 0));
  }

  #emptyRows(): Conversation[] {
    const rows: Conversation[] = [];
    for (const peer of this.#peers.values()) {
      if (!this.#progress.has(peer.id)) rows.push({ ...peer, last: undefined, unread: 0 });
    }
    return rows;
  }
}
