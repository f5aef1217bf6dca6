/**
 * Acknowledges what came from a broker in the write in which the answer leaves, where it is ready at once, or soon
 * after: one write instead of two, of which each costs as much as executing a command.
 */
export class Acknowledgements {
  readonly #waiting: (() => void)[] = [];
  #soon: NodeJS.Immediate | undefined;
  /** Whether something was published that has not left yet: packets of one turn leave together. */
  #isWriting = false;

  /** To be called with what acknowledges something that is dealt with. */
  add(acknowledge: () => void): void {
    if (this.#isWriting) acknowledge();
    else {
      this.#waiting.push(acknowledge);
      this.#soon ??= setImmediate(this.#acknowledgeAll);
    }
  }

  /** To be called before something is published. */
  joinWrite(): void {
    if (this.#waiting.length > 0) queueMicrotask(this.#acknowledgeAll);
    if (this.#isWriting) return;
    this.#isWriting = true;
    process.nextTick(() => {
      this.#isWriting = false;
    });
  }

  readonly #acknowledgeAll = (): void => {
    clearImmediate(this.#soon);
    this.#soon = undefined;
    for (const acknowledge of this.#waiting.splice(0)) acknowledge();
  };
}
