import { withTimeout } from '../../util/timeout';
import { WechatError } from '../errors';

/** Sends that the puppet was told of and has not answered yet. */
export class OpenSends {
  readonly #interrupts = new Map<Promise<unknown>, () => void>();

  /**
   * The outcome of a send.
   * @throws WechatError FAILED when `interrupt` came first: nobody knows then whether it arrived.
   */
  watch<T>(send: Promise<T>): Promise<T> {
    const outcome = new Promise<T>((resolve, reject) => {
      send.then(resolve, reject);
      this.#interrupts.set(send, () => {
        reject(new WechatError('FAILED', 'sendInterrupted'));
      });
    });
    const forget = (): void => {
      this.#interrupts.delete(send);
    };
    outcome.then(forget, forget);
    return outcome;
  }

  /** Resolves when all are answered, after `ms` at the latest. */
  async answered(ms: number): Promise<void> {
    const all = Promise.allSettled(this.#interrupts.keys());
    await withTimeout(all, ms, () => new Error('not all are answered')).catch(() => undefined);
  }

  /** Waits for no answer any more. */
  interrupt(): void {
    for (const interrupt of this.#interrupts.values()) interrupt();
  }
}
