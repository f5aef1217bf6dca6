/** Does what is still to be done when its answer is out. */
import type { Commander } from '../dispatch/command-dispatcher';

/** What one remote still has to do. */
export class Afterwards {
  readonly #commander: Commander;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(commander: Commander) {
    this.#commander = commander;
  }

  /**
   * Plans something; how it ended is told to the owner.
   * @param delay in ms; what has not begun when the remote is stopped is not done.
   */
  plan(name: string, delay: number, work: () => Promise<unknown>): void {
    const begin = (): void => {
      const done = this.#commander.serve({ name, params: {} }, work, () => ({ code: 0, message: 'success' }));
      done.catch(() => undefined);
    };
    if (delay === 0) {
      begin();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      begin();
    }, delay);
    this.#timers.add(timer);
  }

  /** Forgets what has not begun. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
