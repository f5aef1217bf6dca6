/**
 * Keeps events in the order in which they happened, per conversation. Reading an event takes puppet calls of
 * varying length, so a later message could overtake an earlier one (Wechaty itself lets it).
 */
import { errorMessage } from '../errors';

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
  readonly #arrivals = new Queue();
  readonly #conversations = new Map<string, Queue>();

  /**
   * @param locate begins at once; must reject rather than hang.
   * @param deliver called with what was read, in order, and never before `push` has returned.
   * @param fail called instead when locating or reading failed.
   */
  push<Body>(
    locate: Located<Body> | Promise<Located<Body>>,
    deliver: (body: Body) => void,
    fail: (error: unknown) => void,
  ): void {
    this.#arrivals.add(
      locate,
      (event) => {
        this.#append(event, deliver, fail);
      },
      fail,
    );
  }

  #append<Body>(event: Located<Body>, deliver: (body: Body) => void, fail: (error: unknown) => void): void {
    const key = event.conversation ?? '';
    const work = reading(event);
    let queue = this.#conversations.get(key);
    if (!queue) {
      // Nothing in this conversation waits, and there is nothing to wait for: this is what nearly every message does.
      if (!(work instanceof Promise)) {
        deliver(work);
        return;
      }
      queue = new Queue(() => this.#conversations.delete(key));
      this.#conversations.set(key, queue);
    }
    queue.add(work, deliver, fail);
  }
}

/** What is read, where reading may throw at once. */
function reading<Body>(event: Located<Body>): Body | Promise<Body> {
  try {
    return event.read();
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(errorMessage(error)));
  }
}

/** Something that waits for its turn. */
interface Turn {
  /** Set as soon as its work is done. */
  take?: () => void;
}

/**
 * Passes on results in the order in which their work was added, not in that in which it is done. One callback for
 * each instead of a chain of promises: this runs for every message, and a chain costs more than reading it.
 */
class Queue {
  readonly #turns: Turn[] = [];
  readonly #emptied: (() => void) | undefined;
  #taking = false;

  /** @param emptied called when nothing waits any more. */
  constructor(emptied?: () => void) {
    this.#emptied = emptied;
  }

  add<T>(work: T | Promise<T>, done: (value: T) => void, failed: (error: unknown) => void): void {
    const turn: Turn = {};
    this.#turns.push(turn);
    const ready = (take: () => void): void => {
      turn.take = take;
      this.#takeTurns();
    };
    Promise.resolve(work).then(
      (value) => {
        ready(() => {
          try {
            done(value);
          } catch (error) {
            failed(error);
          }
        });
      },
      (error: unknown) => {
        ready(() => {
          failed(error);
        });
      },
    );
  }

  #takeTurns(): void {
    // Whoever is told may add something; its turn comes after the present one.
    if (this.#taking) return;
    this.#taking = true;
    for (let first = this.#turns[0]; first?.take; first = this.#turns[0]) {
      this.#turns.shift();
      first.take();
    }
    this.#taking = false;
    if (this.#turns.length === 0) this.#emptied?.();
  }
}
