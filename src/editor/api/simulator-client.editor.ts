/** What the messenger asks of a bot's simulated WeChat. */
import { request } from './admin-client.editor';
import type { WorldView, WorldMessage, MessageRange, Happenings } from './simulator-api.editor';

function path(bot: string, rest = ''): string {
  return `wechat/bots/${encodeURIComponent(bot)}/simulator${rest}`;
}

/**
 * The world of a bot, undefined when it was never started.
 * @throws RequestError 409 when the bot is not on the simulator.
 */
export async function fetchWorld(bot: string): Promise<WorldView | undefined> {
  const world = await request<WorldView | { readonly self: null }>('GET', path(bot));
  return world.self === null ? undefined : world;
}

/** @throws RequestError */
export async function fetchMessages(
  bot: string,
  conversation: string,
  range: MessageRange,
): Promise<readonly WorldMessage[]> {
  const query = new URLSearchParams({ conversation });
  for (const [name, value] of Object.entries(range)) query.set(name, String(value));
  const { messages } = await request<{ messages: WorldMessage[] }>('GET', path(bot, `/messages?${query}`));
  return messages;
}

/** Makes something happen. @throws RequestError */
export async function letHappen<Name extends keyof Happenings>(
  bot: string,
  name: Name,
  what: Happenings[Name],
): Promise<void> {
  await request('POST', path(bot, `/${name}`), what);
}

/** Where the content of a message with a file is; relative to the admin root. */
export function filePath(bot: string, message: string): string {
  return path(bot, `/messages/${encodeURIComponent(message)}/file`);
}
