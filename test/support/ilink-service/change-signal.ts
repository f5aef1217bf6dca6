/** Waits for changes of the service. */
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { VirtualClock } from './clock';

/** Timeout of waits of tests, in ms. */
const patienceMs = 15_000;

/** Told of every change; wakes those who wait. */
export class ChangeSignal {
  readonly #changes = new EventEmitter().setMaxListeners(0);

  /** Something has changed. */
  readonly notify = (): void => {
    this.#changes.emit('change');
  };

  /** Resolves when something is so. @throws Error with the complaint when it does not come true. */
  async until(isSo: () => boolean, complaint: () => string): Promise<void> {
    if (isSo()) return;
    await new Promise<void>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#changes.off('change', check);
      };
      const check = (): void => {
        if (!isSo()) return;
        end();
        resolve();
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(complaint()));
      }, patienceMs);
      this.#changes.on('change', check);
    });
  }

  /** Holds a request until there is something to tell, the time is over, or the client has gone. */
  async hold(response: ServerResponse, isDue: () => boolean, clock: VirtualClock, ms: number): Promise<void> {
    if (isDue()) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        cancel();
        this.#changes.off('change', check);
        response.off('close', end);
        resolve();
      };
      const check = (): void => {
        if (isDue()) end();
      };
      const cancel = clock.after(ms, end);
      this.#changes.on('change', check);
      response.once('close', end);
    });
  }
}
