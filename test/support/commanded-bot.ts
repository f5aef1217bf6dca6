/** A simulated bot that is given commands. */
import { type CommandContext, type FilePolicy, flowPolicy, type Progress } from '../../src/commands/command';
import { runCommand } from '../../src/commands/run';
import { SimulatedBot, type SimulatedBotOptions } from './simulated-bot';

/** What the say commands answer. */
export interface Sent {
  readonly success: readonly { readonly id: string; readonly messageId?: string }[];
  readonly fail: readonly {
    readonly id: string;
    readonly error: { readonly code: string; readonly message: string };
  }[];
}

/** Gives commands to a bot as a flow does, and keeps what was told of their progress. */
export class CommandedBot {
  readonly progress: Progress[] = [];

  private constructor(readonly simulated: SimulatedBot) {}

  static async start(options?: SimulatedBotOptions): Promise<CommandedBot> {
    return new CommandedBot(await SimulatedBot.start(options));
  }

  get world(): SimulatedBot['world'] {
    return this.simulated.world;
  }

  /** Gives a command; the result is what a flow gets. */
  async run<Result = unknown>(
    name: string,
    params: object = {},
    files: Partial<FilePolicy> = {},
  ): Promise<Result> {
    const context: CommandContext = {
      files: { ...flowPolicy, ...files },
      progress: (progress) => this.progress.push(progress),
    };
    return (await runCommand(this.simulated.bot, name, params, context)) as Result;
  }

  end(): Promise<void> {
    return this.simulated.end();
  }
}

/** What is asserted of an error: its code, and what its sentence must hold. */
export function failure(code: string, ...words: (string | RegExp)[]): (error: unknown) => boolean {
  return (error) => {
    const { code: actual, message } = error as { code?: string; message: string };
    const lacks = words.filter((word) =>
      typeof word === 'string' ? !message.includes(word) : !word.test(message),
    );
    if (actual === code && lacks.length === 0) return true;
    throw new Error(
      `expected ${code} with ${lacks.join(', ') || 'any words'}, got ${actual ?? 'no code'}: ${message}`,
      {
        cause: error,
      },
    );
  };
}
