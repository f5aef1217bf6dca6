import { settleWithin } from '../../util/timeout';
import { WechatError } from '../errors';

/** Sends handed to the puppet that have not settled yet. */
export class InFlightSends {
  readonly #aborts = new Map<Promise<unknown>, () => void>();

  /**
   * The result of a send, which settles with `send` or at `abort`.
   * @throws WechatError FAILED when aborted: whether the message arrived is unknown then.
   */
  track<T>(send: Promise<T>): Promise<T> {
    const outcome = new Promise<T>((resolve, reject) => {
      send.then(resolve, reject);
      this.#aborts.set(send, () => {
        reject(new WechatError('FAILED', 'sendInterrupted'));
      });
    });
    const remove = (): void => {
      this.#aborts.delete(send);
    };
    outcome.then(remove, remove);
    return outcome;
  }

  /** Resolves when all sends have settled, or after `ms`. */
  async settled(ms: number): Promise<void> {
    await settleWithin(Promise.allSettled(this.#aborts.keys()), ms);
  }

  /** Rejects all sends in flight. */
  abort(): void {
    for (const interrupt of this.#aborts.values()) interrupt();
  }
}
