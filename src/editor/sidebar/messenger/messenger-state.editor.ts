/** The data that the messenger has loaded from one bot's simulation. */
import type { LastMessage } from '../../../admin/api-types';
import type { Simulation } from '../../api/simulation.editor';
import { ContactIndex } from './contact-index.editor';
import { Conversations } from './conversations.editor';
import { MessageHistory } from './message-history.editor';

/** Simulation, conversations and histories of one bot. */
export class MessengerState {
  readonly bot: string;
  readonly conversations = new Conversations();
  simulation: Simulation | undefined;
  contacts: ContactIndex | undefined;
  /** The id of the open conversation. */
  open: string | undefined;
  /** The conversation to open again once the contacts are loaded. */
  reopen: string | undefined;
  readonly #histories = new Map<string, MessageHistory>();

  constructor(bot: string, reopen: string | undefined) {
    this.bot = bot;
    this.reopen = reopen;
  }

  /** The history of the open conversation. */
  get openHistory(): MessageHistory | undefined {
    return this.open === undefined ? undefined : this.historyOf(this.open);
  }

  /** The history of a conversation, empty at first. */
  historyOf(id: string): MessageHistory {
    const history = this.#histories.get(id) ?? new MessageHistory();
    this.#histories.set(id, history);
    return history;
  }

  /** Whether the simulation was reset since the last update: it has lost conversations. */
  isReset(simulation: Simulation): boolean {
    const counts = new Map(simulation.conversations.map(({ id, count }) => [id, count]));
    const previous = this.simulation?.conversations ?? [];
    return previous.some(({ id, count }) => count > 0 && (counts.get(id) ?? 0) === 0);
  }

  /** Applies the state of the simulation; `textOf` formats the last messages. */
  update(
    simulation: Simulation,
    textOf: (last: LastMessage, contacts: ContactIndex) => string,
  ): ContactIndex {
    const contacts = new ContactIndex(simulation);
    this.simulation = simulation;
    this.contacts = contacts;
    this.conversations.update(simulation, (last) => textOf(last, contacts));
    return contacts;
  }
}
