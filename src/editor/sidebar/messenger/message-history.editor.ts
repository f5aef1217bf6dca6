/** The loaded messages of one conversation, in order. */
import type { SimulatorMessage } from '../../../admin/api-types';

/** The effect of `MessageHistory.add`, for the view. */
export interface HistoryChange {
  /** Messages added before all others. */
  readonly prepended: number;
  /** Messages added after all others. */
  readonly appended: number;
  /** Ids of known messages that have changed. */
  readonly changed: readonly string[];
  /** Whether messages were inserted in between, so that everything must be rendered again. */
  readonly needsRedraw: boolean;
}

function isBefore(one: SimulatorMessage, other: SimulatorMessage): boolean {
  return one.timestamp === other.timestamp ? one.id < other.id : one.timestamp < other.timestamp;
}

/** Messages by time. A recall notice is not listed; it marks the recalled message. */
export class MessageHistory {
  readonly messages: SimulatorMessage[] = [];
  /** Whether the first message is the oldest that the simulation stores. */
  complete = false;
  readonly #known = new Map<string, SimulatorMessage>();
  /** The latest message or recall notice. */
  #last: SimulatorMessage | undefined;

  /** The id after which to continue loading. */
  get cursor(): string | undefined {
    return this.#last?.id;
  }

  /** Adds messages; known ones are updated. */
  add(messages: readonly SimulatorMessage[]): HistoryChange {
    let prepended = 0;
    let appended = 0;
    let needsRedraw = false;
    const changed: string[] = [];
    const first = this.messages[0];
    const older: SimulatorMessage[] = [];
    for (const message of messages) {
      if (this.#last === undefined || isBefore(this.#last, message)) this.#last = message;
      if (message.recalls !== undefined) {
        if (this.#markRecalled(message.recalls)) changed.push(message.recalls);
        continue;
      }
      const known = this.#known.get(message.id);
      if (known) {
        if (message.recalled && this.#markRecalled(message.id)) changed.push(message.id);
        continue;
      }
      this.#known.set(message.id, message);
      const end = this.messages.at(-1);
      if (end === undefined || isBefore(end, message)) {
        this.messages.push(message);
        appended += 1;
      } else if (first !== undefined && isBefore(message, first)) {
        older.push(message);
        prepended += 1;
      } else {
        this.messages.splice(
          this.messages.findIndex((one) => isBefore(message, one)),
          0,
          message,
        );
        needsRedraw = true;
      }
    }
    if (older.length > 0) this.messages.unshift(...older);
    return { prepended, appended, changed, needsRedraw };
  }

  #markRecalled(id: string): boolean {
    const message = this.#known.get(id);
    if (!message || message.recalled) return false;
    const marked: SimulatorMessage = { ...message, recalled: true };
    this.#known.set(id, marked);
    this.messages[this.messages.indexOf(message)] = marked;
    return true;
  }
}
