/**
 * Keeps events in the order in which they happened, per conversation. Reading an event takes puppet calls of
 * varying length, so a later message could overtake an earlier one (Wechaty itself lets it).
 */

/** An event of which the conversation is known, and which can be read completely. */
export interface Located<Body> {
  /** Room id or contact id; without one the event keeps its order among those that have none either. */
  readonly conversation?: string;
  read(): Body | Promise<Body>;
}

/**
 * Two steps, because the conversation of a message is only known after its first puppet call: events leave the
 * first step in the order of their arrival, and the second in that order within their conversation.
 */
export class ConversationOrder {
  #located: Promise<unknown> = Promise.resolve();
  readonly #tails = new Map<string, Promise<void>>();

  /**
   * @param locate begins at once; must reject rather than hang.
   * @param deliver called with what was read, in order.
   * @param fail called instead when locating or reading failed.
   */
  push<Body>(
    locate: Located<Body> | Promise<Located<Body>>,
    deliver: (body: Body) => void,
    fail: (error: unknown) => void,
  ): void {
    const located = Promise.resolve(locate);
    // The chain below looks at a rejection only when its turn comes; until then it must not count as unhandled.
    located.catch(() => undefined);
    this.#located = this.#located
      .then(() => located)
      .then((event) => {
        this.#append(event, deliver, fail);
      }, fail);
  }

  #append<Body>(event: Located<Body>, deliver: (body: Body) => void, fail: (error: unknown) => void): void {
    const key = event.conversation ?? '';
    const reading = Promise.resolve().then(() => event.read());
    reading.catch(() => undefined);
    const earlier = this.#tails.get(key);
    const tail = (earlier ? earlier.then(() => reading) : reading).then(deliver).catch(fail);
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
  }
}
