/**
 * Counts the unacknowledged messages of a connection, and finds the one at which the broker ends it. A broker that
 * refuses a message by hanging up does not say which one it was. So each connection starts with one message at a time,
 * and one more with every acknowledgement, as TCP does: soon the refused message is alone in flight.
 */

/** Maximum number of unacknowledged messages. */
const defaultLimit = 1000;

/** How often the connection ends at the same message until it counts as refused: once may be chance. */
const maxHangUps = 2;

/** The unacknowledged messages of one client, over all its connections. */
export class InFlightWindow {
  #limit = defaultLimit;
  #receiveMaximum = defaultLimit;
  /** Grows by one with each acknowledgement; the first two messages of a connection are published one by one. */
  #size = 0;
  #count = 0;
  /** The message that was published while no other was in flight. */
  #lone: object | undefined;
  /** The message at which the last connection ended, and how many did. */
  #suspect: object | undefined;
  #hangUps = 0;

  /** How many more messages may be published before one is acknowledged. */
  get quota(): number {
    return Math.min(Math.max(1, this.#size), this.#limit) - this.#count;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Starts a connection. @param receiveMaximum as the broker announced it. */
  open(receiveMaximum = defaultLimit): void {
    this.#receiveMaximum = receiveMaximum;
    this.#size = 0;
    this.#count = 0;
    this.#lone = undefined;
  }

  /** Counts a published message. */
  add(message: object): void {
    this.#lone = this.#count === 0 ? message : undefined;
    this.#count += 1;
  }

  /** Counts an acknowledgement. */
  remove(): void {
    this.#count -= 1;
    if (this.#size < this.#limit) this.#size += 1;
    if (this.#count === 0) this.#lone = undefined;
  }

  /** Respects the maximum that the broker announced, from now on: it ended the connection for it. */
  enforceReceiveMaximum(): void {
    this.#limit = Math.max(1, this.#receiveMaximum);
  }

  /** Ends a connection that the broker ended. @returns the message that it refuses, if that is certain. */
  hangUp(): object | undefined {
    const lone = this.#lone;
    if (!lone) return undefined;
    this.#hangUps = lone === this.#suspect ? this.#hangUps + 1 : 1;
    this.#suspect = lone;
    if (this.#hangUps < maxHangUps) return undefined;
    this.#suspect = undefined;
    return lone;
  }
}
