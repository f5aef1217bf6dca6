/** Runs commands for nodes, remotes and the editor. */
import type { Bot } from '../bot/bot';
import { errorMessage, WechatError } from '../bot/errors';
import type { Command, CommandContext } from './command';
import { type CommandName, commands, type ParamsOf, type ResultOf } from './table';
import { validateParams } from './validate-params';

const byName = new Map<string, Command>();
for (const entry of commands)
  for (const name of [entry.name, ...(entry.aliases ?? [])]) byName.set(name, entry);

/** The command of this name or alias, if there is one. */
export function findCommand(name: string): Command | undefined {
  return byName.get(name);
}

/**
 * Runs a command whose name and parameters are checked at compile time.
 * @throws WechatError always, whatever went wrong.
 */
export async function runCommand<Name extends CommandName>(
  bot: Bot,
  name: Name,
  params: ParamsOf<Name>,
  context: CommandContext,
): Promise<ResultOf<Name>> {
  // The only way from a name to the entry's result type: `command()` has checked `run` against the result schema.
  return runUntrustedCommand(bot, name, params, context) as Promise<ResultOf<Name>>;
}

/**
 * Runs a command by a name or alias from outside, with parameters that are validated at run time.
 * @returns the result as plain JSON (files as Buffers).
 * @throws WechatError always, whatever went wrong.
 */
export async function runUntrustedCommand(
  bot: Bot,
  name: string,
  params: unknown,
  context: CommandContext,
): Promise<unknown> {
  const entry = findCommand(name);
  const audit = { name: entry?.name ?? name.slice(0, 100), params, nodeId: context.nodeId };
  try {
    const result = await execute(bot, entry, name, params, context);
    bot.recordCommand({ ...audit, result });
    return result;
  } catch (error) {
    if (error instanceof WechatError) bot.recordCommand({ ...audit, error });
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
  const input = params ?? {};
  validateParams(entry.name, entry.params, input);
  try {
    return await entry.run(bot, input, context);
  } catch (error) {
    if (error instanceof WechatError) throw error;
    throw new WechatError('FAILED', 'callFailed', {
      call: entry.name,
      error: bot.redact(errorMessage(error)),
    });
  }
}
