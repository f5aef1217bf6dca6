/**
 * Counts the unacknowledged messages of a connection, and finds the one at which the broker ends it. A broker that
 * refuses a message by hanging up does not say which one it was. So each connection starts with one message at a time,
 * and one more with every acknowledgement, as TCP does: soon the refused message is alone in flight.
 */

/** Maximum number of unacknowledged messages. */
const defaultLimit = 1000;

/** How often the connection ends at the same message until it counts as refused: once may be chance. */
const maxHangUps = 2;

/** Minimum number of acknowledgements after which a connection is no longer suspected to end at a message. */
const minUntilClear = 200;

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
  /** How many connections in a row ended while several messages were in flight. */
  #unclearHangUps = 0;
  /** With so many acknowledgements, the messages that were in flight then count as received. */
  #untilClear = 0;

  /** How many more messages may be published before one is acknowledged. */
  get quota(): number {
    const size = this.#isCautious ? 1 : Math.max(1, this.#size);
    return Math.min(size, this.#limit) - this.#count;
  }

  /** Responses overtake a refused event: while they keep coming, it would never be alone in flight. */
  get #isCautious(): boolean {
    return this.#unclearHangUps >= maxHangUps;
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
    this.#untilClear -= 1;
    if (this.#untilClear <= 0) this.#unclearHangUps = 0;
  }

  /** Respects the maximum that the broker announced, from now on: it ended the connection for it. */
  enforceReceiveMaximum(): void {
    this.#limit = Math.max(1, this.#receiveMaximum);
  }

  /** Ends a connection that the broker ended. @returns the message that it refuses, if that is certain. */
  hangUp(): object | undefined {
    const lone = this.#lone;
    this.#untilClear = this.#count * 2 + minUntilClear;
    if (!lone) {
      if (this.#count > 0) this.#unclearHangUps += 1;
      return undefined;
    }
    this.#hangUps = lone === this.#suspect ? this.#hangUps + 1 : 1;
    this.#suspect = lone;
    if (this.#hangUps < maxHangUps) return undefined;
    this.#suspect = undefined;
    this.#unclearHangUps = 0;
    return lone;
  }
}
