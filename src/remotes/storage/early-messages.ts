/** Messages that arrive before the outbox is open, which may take long: the store may be in use or cannot be written. */
import type { Outbox, OutgoingMessage, Priority } from './outbox';

/** Beyond this, the oldest messages are dropped, in characters. */
const maxLength = 4 * 1024 * 1024;

/** Appends messages to an outbox; until there is one, holds a limited number of them. */
export class EarlyMessages {
  #held: { readonly priority: Priority; readonly message: OutgoingMessage }[] = [];
  #first = 0;
  #length = 0;
  #dropped = 0;
  #outbox: Outbox | undefined;

  /** Number of messages held. */
  get count(): number {
    return this.#held.length - this.#first;
  }

  /** Number of messages dropped while there was no outbox. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Never rejects: the store reports its errors itself, and the messages are published nevertheless. */
  append(priority: Priority, message: OutgoingMessage): void {
    if (this.#outbox) {
      const appended =
        priority === 'responses'
          ? this.#outbox.appendResponse([message], [], 'wait')
          : this.#outbox.append(priority, [message]);
      appended.catch(() => undefined);
      return;
    }
    this.#held.push({ priority, message });
    this.#length += message.body.length;
    for (
      let oldest = this.#held[this.#first];
      oldest && this.#length > maxLength;
      oldest = this.#held[this.#first]
    ) {
      this.#first += 1;
      this.#length -= oldest.message.body.length;
      this.#dropped += 1;
    }
    if (this.#first * 2 > this.#held.length) {
      this.#held = this.#held.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Appends all messages held, and all later ones, to an outbox. */
  open(outbox: Outbox): void {
    this.#outbox = outbox;
    outbox.countDropped(this.#dropped);
    for (const { priority, message } of this.#held.slice(this.#first)) this.append(priority, message);
    this.#held = [];
    this.#first = 0;
  }
}
