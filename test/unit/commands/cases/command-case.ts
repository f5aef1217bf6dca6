/** How a use of a command is written down; the uses themselves are in the files beside this one. */
import type { World } from '../../../../src/puppets/simulator';
import type { CommandedBot } from '../../../support/commanded-bot';

/** One way to use a command, and what a user then notices. */
export interface Use {
  /** What must have happened before; what it gives goes to `params` and `seen`. */
  readonly given?: (bot: CommandedBot) => unknown;
  readonly params?: (given: { id: string }) => object;
  readonly result?: unknown;
  /** What the world, or the bot by another command, shows afterwards. */
  readonly seen?: (bot: CommandedBot, result: unknown, given: { id: string }) => unknown;
  readonly expected?: unknown;
}

/** The uses of commands by name. */
export type Uses = Record<string, Use | Use[]>;

/** A small file. */
export const bytes = Buffer.from('picture');

/** The same file as commands give it. */
export const picture = { name: 'a.png', mimeType: 'image/png', size: bytes.length, data: bytes };

/** The parameter most commands about something that was just made need. */
export const byId = ({ id }: { id: string }): { id: string } => ({ id });

/** The id in a result. */
export const idIn = (result: unknown): string => (result as { id: string }).id;

/** Sees a field of the result. */
export const get = (field: string) => (_bot: CommandedBot, result: unknown) =>
  (result as Record<string, unknown>)[field];

/** Sees a field of every entry of the result. */
export const each = (field: string) => (_bot: CommandedBot, result: unknown) =>
  (result as Record<string, unknown>[]).map((entry) => entry[field]);

/** Sees a field of a contact. */
export const fieldOf = (contact: string, field: string) => async (bot: CommandedBot) =>
  (await bot.run<Record<string, unknown>>('contactFind', { id: contact }))[field];

/** Sees where the last message went, and its text. */
export function lastSaid(bot: CommandedBot): unknown[] {
  const message = bot.world.messages().at(-1);
  return [message?.roomId ?? message?.listenerId, message?.text];
}

/** Ming says something to the bot. */
export const said = (what: Parameters<ReturnType<World['contact']>['say']>[0]) => (bot: CommandedBot) =>
  bot.world.contact('Ming').say(what).to(bot.world.self);
