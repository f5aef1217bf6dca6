/** The one way to execute a command, whoever asks: a node, a remote, the editor. */
import type { Bot } from '../bot/bot';
import { errorMessage, WechatError } from '../bot/errors';
import { Compile, type Validator } from 'typebox/compile';
import type { Command, CommandContext } from './command';
import { problemIn, worstOf } from './validation-error';
import { commands } from './table';

const byName = new Map<string, Command>();
for (const entry of commands)
  for (const name of [entry.name, ...(entry.aliases ?? [])]) byName.set(name, entry);

const validators = new Map<Command, Validator>();

function validatorOf(entry: Command): Validator {
  const known = validators.get(entry);
  if (known) return known;
  const compiled = Compile(entry.params);
  validators.set(entry, compiled);
  return compiled;
}

/** The command of this name or alias, if there is one. */
export function findCommand(name: string): Command | undefined {
  return byName.get(name);
}

/**
 * Executes a command.
 * @returns the result as plain JSON (Buffers for files that were asked for).
 * @throws WechatError always, whatever went wrong.
 */
export async function runCommand(
  bot: Bot,
  name: string,
  params: unknown,
  context: CommandContext,
): Promise<unknown> {
  const entry = findCommand(name);
  const report = { name: entry?.name ?? name.slice(0, 100), params, by: context.by };
  try {
    const result = await execute(bot, entry, name, params, context);
    bot.executed({ ...report, result });
    return result;
  } catch (error) {
    if (error instanceof WechatError) bot.executed({ ...report, error });
    throw error;
  }
}

async function execute(
  bot: Bot,
  entry: Command | undefined,
  name: string,
  params: unknown,
  context: CommandContext,
): Promise<unknown> {
  if (!entry) throw new WechatError('INVALID_PARAMS', 'unknownCommand', { name });
  const validator = validatorOf(entry);
  const given = params ?? {};
  if (!validator.Check(given)) {
    const misfit = worstOf(validator.Errors(given));
    const values = { command: entry.name, problem: problemIn(misfit) };
    throw new WechatError('INVALID_PARAMS', 'badParams', values, { cause: misfit });
  }
  try {
    return await entry.run(bot, given, context);
  } catch (error) {
    if (error instanceof WechatError) throw error;
    throw new WechatError('FAILED', 'callFailed', {
      call: entry.name,
      error: bot.redact(errorMessage(error)),
    });
  }
}
