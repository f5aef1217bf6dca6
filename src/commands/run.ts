/** Runs commands for nodes, remotes and the editor. */
import type { Bot } from '../bot/bot';
import { errorMessage, WechatError } from '../bot/errors';
import { Compile, type Validator } from 'typebox/compile';
import type { Command, CommandContext } from './command';
import { firstMeaningful, formatIssue, type ValidationIssue } from './validation-error';
import { type CommandName, commands, type ParamsOf, type ResultOf } from './table';

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
  const validator = validatorOf(entry);
  const input = params ?? {};
  if (!validator.Check(input)) {
    throw paramsError(entry.name, validator.Errors(input));
  }
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

/** The error for parameters that do not match the schema; a missing one is reported if the others are right. */
function paramsError(command: string, issues: readonly ValidationIssue[]): WechatError {
  const [missing] = issues.flatMap(({ keyword, params }) =>
    keyword === 'required' ? params.requiredProperties : [],
  );
  const issue = firstMeaningful(issues.filter(({ keyword }) => !['required', 'anyOf'].includes(keyword)));
  if (!issue && missing !== undefined)
    return new WechatError('INVALID_PARAMS', 'paramMissing', { parameter: missing });
  return new WechatError(
    'INVALID_PARAMS',
    'badParams',
    { command, problem: formatIssue(issue) },
    { cause: issue },
  );
}
