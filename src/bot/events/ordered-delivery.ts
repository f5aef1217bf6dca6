/**
 * Ordered delivery of events per conversation. Reading an event takes puppet calls of varying length, so without it a
 * later message can overtake an earlier one, as in Wechaty itself.
 */
import { errorMessage } from '../errors';

/** An event whose conversation is known and whose body can be read. */
export interface KeyedRead<Body> {
  /** Room id or contact id; events without one are ordered among themselves. */
  readonly conversation?: string;
  read(): Body | Promise<Body>;
}

/**
 * Two stages, because the conversation of a message is only known after its first puppet call: events leave the first
 * stage in order of arrival, and the second in that order within their conversation.
 */
export class OrderedDelivery {
  readonly #arrivals = new FifoBuffer();
  readonly #conversations = new Map<string, FifoBuffer>();

  /**
   * @param source must settle.
   * @param deliver called with the body, in order, and never before `push` has returned.
   * @param fail called instead when `source`, reading or `deliver` fails.
   */
  push<Body>(
    source: KeyedRead<Body> | Promise<KeyedRead<Body>>,
    deliver: (body: Body) => void,
    fail: (error: unknown) => void,
  ): void {
    this.#arrivals.add(
      source,
      (event) => {
        this.#pushKeyed(event, deliver, fail);
      },
      fail,
    );
  }

  #pushKeyed<Body>(
    event: KeyedRead<Body>,
    deliver: (body: Body) => void,
    fail: (error: unknown) => void,
  ): void {
    const key = event.conversation ?? '';
    const work = readSafely(event);
    let queue = this.#conversations.get(key);
    if (!queue) {
      // The conversation is idle and the body is there already: the path of nearly every message.
      if (!(work instanceof Promise)) {
        deliver(work);
        return;
      }
      queue = new FifoBuffer(() => this.#conversations.delete(key));
      this.#conversations.set(key, queue);
    }
    queue.add(work, deliver, fail);
  }
}

/** Reads the body; what it throws becomes a rejection. */
function readSafely<Body>(event: KeyedRead<Body>): Body | Promise<Body> {
  try {
    return event.read();
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(errorMessage(error)));
  }
}

/** The position of one result. */
interface Slot {
  /** Set when the result is there. */
  release?: () => void;
}

/**
 * Releases results in the order in which they were added, not in that in which they settle. Callbacks instead of a
 * promise chain: this runs for every message, and a chain costs more than reading it.
 */
class FifoBuffer {
  readonly #slots: Slot[] = [];
  readonly #onEmpty: (() => void) | undefined;
  #releasing = false;

  /** @param onEmpty called when the last result was released. */
  constructor(onEmpty?: () => void) {
    this.#onEmpty = onEmpty;
  }

  add<T>(work: T | Promise<T>, done: (value: T) => void, failed: (error: unknown) => void): void {
    const turn: Slot = {};
    this.#slots.push(turn);
    const ready = (take: () => void): void => {
      turn.release = take;
      this.#releaseReady();
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

  #releaseReady(): void {
    // A callback may add results; they are released after the present one.
    if (this.#releasing) return;
    this.#releasing = true;
    for (let first = this.#slots[0]; first?.release; first = this.#slots[0]) {
      this.#slots.shift();
      first.release();
    }
    this.#releasing = false;
    if (this.#slots.length === 0) this.#onEmpty?.();
  }
}
