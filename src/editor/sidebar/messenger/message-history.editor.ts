/** The messages of one conversation, in order, as far as they have been read. */
import type { WorldMessage } from '../../api/simulator-api.editor';

/** What an addition did, for whoever shows the messages. */
export interface Change {
  /** So many came in front of all others. */
  readonly prepended: number;
  /** So many came behind all others. */
  readonly appended: number;
  /** Ids of known messages that are different now. */
  readonly changed: readonly string[];
  /** Something came in between: show all anew. */
  readonly mixed: boolean;
}

function isBefore(one: WorldMessage, other: WorldMessage): boolean {
  return one.timestamp === other.timestamp ? one.id < other.id : one.timestamp < other.timestamp;
}

/** Messages by time. A recall is no message of its own: it marks the one it takes back. */
export class Thread {
  readonly messages: WorldMessage[] = [];
  /** Whether the first message is the oldest the world remembers. */
  complete = false;
  readonly #known = new Map<string, WorldMessage>();
  /** The latest seen, a recall too: where to read on. */
  #last: WorldMessage | undefined;

  /** The id to read on from. */
  get cursor(): string | undefined {
    return this.#last?.id;
  }

  /** Takes messages in, known ones too. */
  add(messages: readonly WorldMessage[]): Change {
    let prepended = 0;
    let appended = 0;
    let mixed = false;
    const changed: string[] = [];
    const first = this.messages[0];
    const older: WorldMessage[] = [];
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
        mixed = true;
      }
    }
    if (older.length > 0) this.messages.unshift(...older);
    return { prepended, appended, changed, mixed };
  }

  #markRecalled(id: string): boolean {
    const message = this.#known.get(id);
    if (!message || message.recalled) return false;
    const marked = { ...message, recalled: true };
    this.#known.set(id, marked);
    this.messages[this.messages.indexOf(message)] = marked;
    return true;
  }
}
