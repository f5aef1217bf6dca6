/** Client of the simulator's admin API. */
import type {
  SimulatorActions,
  SimulatorMessage,
  SimulatorMessagePage,
  SimulatorView,
} from '../../admin/api-types';
import { botPath, request } from './admin-client.editor';
import type { Simulation } from './simulation.editor';

/** A page of a conversation, oldest first; without `after` and `before` the latest messages. */
export interface MessageRange {
  readonly after?: string;
  readonly before?: string;
  readonly limit: number;
}

function isStarted(view: SimulatorView): view is Simulation {
  return view.self !== null;
}

/**
 * The simulation of a bot; undefined when the bot was never started.
 * @throws RequestError 409 when the bot is not on the simulator.
 */
export async function fetchSimulation(bot: string): Promise<Simulation | undefined> {
  const view = await request<SimulatorView>('GET', botPath(bot, 'simulator'));
  return isStarted(view) ? view : undefined;
}

/** @throws RequestError */
export async function fetchMessages(
  bot: string,
  conversation: string,
  range: MessageRange,
): Promise<readonly SimulatorMessage[]> {
  const query = new URLSearchParams({ conversation });
  for (const [name, value] of Object.entries(range)) query.set(name, String(value));
  const path = botPath(bot, `simulator/messages?${query}`);
  return (await request<SimulatorMessagePage>('GET', path)).messages;
}

/** Performs an action in the simulation of a bot. @throws RequestError */
export async function performAction<Name extends keyof SimulatorActions>(
  bot: string,
  name: Name,
  params: SimulatorActions[Name],
): Promise<void> {
  await request('POST', botPath(bot, `simulator/${name}`), params);
}

/** The path of a message's file, relative to the admin root. */
export function filePath(bot: string, message: string): string {
  return botPath(bot, `simulator/messages/${encodeURIComponent(message)}/file`);
}
