/**
 * Coalesces PUBACK packets with the next outgoing PUBLISH packet, or sends them at the end of the tick: one socket write
 * instead of two, each of which costs as much as executing a command.
 */
export class PubackBatcher {
  readonly #pending: (() => void)[] = [];
  #immediate: NodeJS.Immediate | undefined;
  /** Whether a message was published in this tick: all packets of a tick share a write. */
  #isWriting = false;

  /** Schedules an acknowledgement. */
  add(acknowledge: () => void): void {
    if (this.#isWriting) acknowledge();
    else {
      this.#pending.push(acknowledge);
      this.#immediate ??= setImmediate(this.#flush);
    }
  }

  /** Sends all scheduled acknowledgements with the next write; to be called before a message is published. */
  flushWithNextWrite(): void {
    if (this.#pending.length > 0) queueMicrotask(this.#flush);
    if (this.#isWriting) return;
    this.#isWriting = true;
    process.nextTick(() => {
      this.#isWriting = false;
    });
  }

  readonly #flush = (): void => {
    clearImmediate(this.#immediate);
    this.#immediate = undefined;
    for (const acknowledge of this.#pending.splice(0)) acknowledge();
  };
}
