/** Tasks that run after the response to their request (`async=1`, `@all`, `stop_client`). */
import type { CommandDispatcher } from '../dispatch/command-dispatcher';

/** The deferred tasks of one remote. */
export class DeferredTasks {
  readonly #dispatcher: CommandDispatcher;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(dispatcher: CommandDispatcher) {
    this.#dispatcher = dispatcher;
  }

  /**
   * Runs a task later and audits its outcome.
   * @param delayMs 0 starts it at once; a task that has not started when the remote stops is cancelled.
   */
  schedule(name: string, delayMs: number, task: () => Promise<unknown>): void {
    const start = (): void => {
      const success = { code: 0, message: 'success' };
      this.#dispatcher.runAudited({ name, params: {} }, task, () => success).catch(() => undefined);
    };
    if (delayMs === 0) {
      start();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      start();
    }, delayMs);
    this.#timers.add(timer);
  }

  /** Cancels the tasks that have not started. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
