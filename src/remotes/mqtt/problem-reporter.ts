/** Shows what users can do something about in the status, and logs it once: it comes again with every connection. */
import type { WechatError } from '../../bot/errors';
import type { RemoteHost } from '../remote';

/** The problems of one remote. */
export class ProblemReporter {
  readonly #host: RemoteHost;
  readonly #logged = new Set<string>();
  #current: WechatError | undefined;

  constructor(host: RemoteHost) {
    this.#host = host;
  }

  /** The problem that prevents the remote from working. */
  get current(): WechatError | undefined {
    return this.#current;
  }

  /** Sets the problem that prevents the remote from working. */
  set(problem: WechatError | undefined): void {
    this.#current = problem;
    if (problem) this.warnOnce(problem.message);
    this.#host.onStatusChange();
  }

  /** Logs a warning that may come again. */
  warnOnce(sentence: string): void {
    if (this.#logged.has(sentence)) return;
    this.#logged.add(sentence);
    this.#host.log('warn', sentence);
  }
}
