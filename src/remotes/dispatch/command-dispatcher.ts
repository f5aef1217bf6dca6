/** Executes commands for the programs of one remote, within what its owner allows. */
import type { Bot } from '../../bot/bot';
import { errorMessage, WechatError } from '../../bot/errors';
import type { FilePolicy } from '../../commands/command';
import { findCommand, runCommand } from '../../commands/run';
import { failureNumbers, type Handled } from './audit';
import { type PermitRules, permits } from './command-policy';
import type { RemoteListener } from '../remote';

/** What an owner allows. */
export interface CommandRules {
  readonly permits: PermitRules;
  readonly files: FilePolicy;
}

/** Something a program asked for, in its own words. */
export interface Asked {
  readonly name: string;
  /** Without keys and tokens: the owner's flow sees them. */
  readonly params: unknown;
  readonly reqId?: string;
}

/** What a program is told of something it asked for. */
export type Outcome = Pick<Handled, 'code' | 'message'>;

/** The way from a remote to its bot. */
export class Commander {
  readonly #bot: Bot;
  readonly #files: FilePolicy;
  readonly #listener: Pick<RemoteListener, 'handled' | 'owner'>;
  readonly #permitted: ReturnType<typeof permits>;
  readonly #idle: (() => void)[] = [];
  #running = 0;

  constructor(bot: Bot, rules: CommandRules, listener: Pick<RemoteListener, 'handled' | 'owner'>) {
    this.#bot = bot;
    this.#files = rules.files;
    this.#permitted = permits(rules.permits);
    this.#listener = listener;
  }

  /** Whether the owner lets a command of the table be called. */
  isPermitted(command: string): boolean {
    const found = findCommand(command);
    return found !== undefined && this.#permitted(found);
  }

  /**
   * Executes a command of the table.
   * @returns its result as plain JSON (Buffers for files).
   * @throws WechatError always, whatever went wrong: REFUSED (`commandDenied`) when the owner does not allow it.
   */
  async ask(command: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const found = findCommand(command);
    if (found && !this.#permitted(found)) {
      throw new WechatError('REFUSED', 'commandDenied', { name: found.name });
    }
    const { owner } = this.#listener;
    return runCommand(this.#bot, command, params, { files: this.#files, ...(owner ? { by: owner } : {}) });
  }

  /**
   * Does what a program asked for, and tells the owner how it ended.
   * @param work what is to be done, with any number of `ask`s.
   * @param outcome what the program is told of a result; unless given, code 200 and "success".
   * @param failed what it is told of a failure; unless given, the code HTTP has for it, and its sentence.
   * @throws WechatError what `work` threw, in our words if it was none of ours.
   */
  async serve<T>(
    { name, params, reqId = '' }: Asked,
    work: () => Promise<T>,
    outcome: (result: T) => Outcome = () => ({ code: 200, message: 'success' }),
    failed: (error: WechatError) => Outcome = ({ code, message }) => ({
      code: failureNumbers[code],
      message,
    }),
  ): Promise<T> {
    const begun = Date.now();
    const tell = ({ code, message }: Outcome): void => {
      this.#listener.handled({ name, params, code, message, reqId, ms: Date.now() - begun });
    };
    this.#running += 1;
    try {
      const result = await work();
      tell(outcome(result));
      return result;
    } catch (thrown) {
      const error = this.#inOurWords(name, thrown);
      tell(failed(error));
      throw error;
    } finally {
      this.#running -= 1;
      if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  /** Resolves when nothing that was asked for is being done. */
  async idle(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #inOurWords(name: string, thrown: unknown): WechatError {
    if (thrown instanceof WechatError) return thrown;
    const error = this.#bot.redact(errorMessage(thrown));
    return new WechatError('FAILED', 'callFailed', { call: name.slice(0, 128), error }, { cause: thrown });
  }
}
