/** Client of the simulator's admin API. */
import { request } from './admin-client.editor';
import type {
  SimulationView,
  SimulatedMessage,
  MessageRange,
  SimulatorActions,
} from './simulator-api.editor';

function path(bot: string, rest = ''): string {
  return `wechat/bots/${encodeURIComponent(bot)}/simulator${rest}`;
}

/**
 * The simulation of a bot; undefined when the bot was never started.
 * @throws RequestError 409 when the bot is not on the simulator.
 */
export async function fetchSimulation(bot: string): Promise<SimulationView | undefined> {
  const simulation = await request<SimulationView | { readonly self: null }>('GET', path(bot));
  return simulation.self === null ? undefined : simulation;
}

/** @throws RequestError */
export async function fetchMessages(
  bot: string,
  conversation: string,
  range: MessageRange,
): Promise<readonly SimulatedMessage[]> {
  const query = new URLSearchParams({ conversation });
  for (const [name, value] of Object.entries(range)) query.set(name, String(value));
  const { messages } = await request<{ messages: SimulatedMessage[] }>(
    'GET',
    path(bot, `/messages?${query}`),
  );
  return messages;
}

/** Performs an action in the simulation of a bot. @throws RequestError */
export async function performAction<Name extends keyof SimulatorActions>(
  bot: string,
  name: Name,
  params: SimulatorActions[Name],
): Promise<void> {
  await request('POST', path(bot, `/${name}`), params);
}

/** The path of a message's file, relative to the admin root. */
export function filePath(bot: string, message: string): string {
  return path(bot, `/messages/${encodeURIComponent(message)}/file`);
}
