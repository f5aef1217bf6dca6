/** A simulated bot that runs commands. */
import { type CommandContext, type FilePolicy, flowPolicy, type Progress } from '../../src/commands/command';
import { runUntrustedCommand } from '../../src/commands/run';
import { SimulatedBot, type SimulatedBotOptions } from './simulated-bot';

/** Runs commands as a flow does and records their progress. */
export class CommandedBot {
  readonly progress: Progress[] = [];

  private constructor(readonly simulatedBot: SimulatedBot) {}

  static async start(options?: SimulatedBotOptions): Promise<CommandedBot> {
    return new CommandedBot(await SimulatedBot.start(options));
  }

  get simulation(): SimulatedBot['simulation'] {
    return this.simulatedBot.simulation;
  }

  /** Runs a command and resolves with its result. */
  async run<Result = unknown>(
    name: string,
    params: object = {},
    files: Partial<FilePolicy> = {},
  ): Promise<Result> {
    const context: CommandContext = {
      files: { ...flowPolicy, ...files },
      progress: (progress) => this.progress.push(progress),
    };
    return (await runUntrustedCommand(this.simulatedBot.bot, name, params, context)) as Result;
  }

  stop(): Promise<void> {
    return this.simulatedBot.stop();
  }
}

/** A predicate for `assert.rejects`: the error has this code and its message matches all patterns. */
export function failure(code: string, ...patterns: (string | RegExp)[]): (error: unknown) => boolean {
  return (error) => {
    const { code: actual, message } = error as { code?: string; message: string };
    const missing = patterns.filter((pattern) =>
      typeof pattern === 'string' ? !message.includes(pattern) : !pattern.test(message),
    );
    if (actual === code && missing.length === 0) return true;
    throw new Error(
      `expected ${code} with ${missing.join(', ') || 'any message'}, got ${actual ?? 'no code'}: ${message}`,
      {
        cause: error,
      },
    );
  };
}
