/** The shape of a test case of a command; the cases are in the files beside this one. */
import type { ErrorCode } from '../../../../src/bot/errors';
import type { Simulation } from '../../../../src/puppets/simulator';
import type { CommandedBot } from '../../../support/commanded-bot';

/** One call of a command and its observable effect. */
export interface CommandCase {
  /** Runs before the command; its result is passed to `params` and `observe`. */
  readonly arrange?: (bot: CommandedBot) => unknown;
  readonly params?: (arranged: { id: string }) => object;
  readonly result?: unknown;
  /** The code of the error, for what the simulator cannot do; the command's own tests are elsewhere. */
  readonly error?: ErrorCode;
  /** Reads the effect from the simulation or by another command; compared with `expected`. */
  readonly observe?: (bot: CommandedBot, result: unknown, arranged: { id: string }) => unknown;
  readonly expected?: unknown;
}

/** Test cases by the name of the command. */
export type CommandCases = Record<string, CommandCase | CommandCase[]>;

/** A small file. */
export const bytes = Buffer.from('picture');

/** The same file as a command returns it. */
export const picture = { name: 'a.png', mimeType: 'image/png', size: bytes.length, data: bytes };

/** The id of what `arrange` returned. */
export const byId = ({ id }: { id: string }): { id: string } => ({ id });

/** The id in a result. */
export const idIn = (result: unknown): string => (result as { id: string }).id;

/** Observes a field of the result. */
export const get = (field: string) => (_bot: CommandedBot, result: unknown) =>
  (result as Record<string, unknown>)[field];

/** Observes a field of every entry of the result. */
export const each = (field: string) => (_bot: CommandedBot, result: unknown) =>
  (result as Record<string, unknown>[]).map((entry) => entry[field]);

/** Observes a field of a contact. */
export const fieldOf = (contact: string, field: string) => async (bot: CommandedBot) =>
  (await bot.run<Record<string, unknown>>('contactFind', { id: contact }))[field];

/** Observes the recipient and the text of the last message. */
export function lastMessage(bot: CommandedBot): unknown[] {
  const message = bot.simulation.messages().at(-1);
  return [message?.roomId ?? message?.listenerId, message?.text];
}

/** Ming sends a message to the bot. */
export const sayFromMing =
  (content: Parameters<ReturnType<Simulation['contact']>['say']>[0]) => (bot: CommandedBot) =>
    bot.simulation.contact('Ming').say(content).to(bot.simulation.self);
