/** Routes that read a bot's simulation: contacts, rooms, messages and files. */
import type { Bot } from '../../bot/bot';
import { WechatError } from '../../bot/errors';
import type { Simulation } from '../../puppets/simulator';
import type { SimulatorMessagePage, SimulatorView } from '../api-types';
import { loadModules } from '../../nodes/runtime/load-modules';
import { type RouteCall, requireBot, queryParam, numericQueryParam, type Route } from '../route';
import { messageView, emptySimulationView, imageMimeType, simulationView } from '../simulation-view';

/** Messages per page: default and maximum. */
const pageSize = { default: 500, max: 5000 };

/** The bot named by the path. @throws WechatError NOT_FOUND, UNSUPPORTED if it has a real account */
function requireSimulatedBot(call: RouteCall): Bot {
  const { bot } = requireBot(call);
  if (bot.settings.puppet !== 'simulator') {
    throw new WechatError('UNSUPPORTED', 'notOnSimulator', { bot: bot.name });
  }
  return bot;
}

/** The view of a simulation; an empty one if the bot was never started. */
function simulation(call: RouteCall): SimulatorView {
  const found = loadModules().findSimulation(requireSimulatedBot(call).id);
  return found ? simulationView(found) : emptySimulationView;
}

/**
 * The simulation of the bot named by the path.
 * @throws WechatError NOT_FOUND, UNSUPPORTED if the bot has a real account or was never started
 */
export function requireSimulation(call: RouteCall): Simulation {
  const bot = requireSimulatedBot(call);
  const found = loadModules().findSimulation(bot.id);
  if (!found) throw new WechatError('UNSUPPORTED', 'simulatorNotStarted', { bot: bot.name });
  return found;
}

/** A query parameter that is a message id. @throws WechatError INVALID_PARAMS */
function cursorParam(call: RouteCall, name: 'after' | 'before'): string | undefined {
  const id = queryParam(call, name);
  if (id !== undefined && !/^\d{1,17}$/.test(id)) {
    throw new WechatError('INVALID_PARAMS', 'badCursor', { name });
  }
  return id;
}

function messages(call: RouteCall): SimulatorMessagePage {
  const simulation = requireSimulation(call);
  const limit = numericQueryParam(call, 'limit', pageSize.default, pageSize.max);
  const conversation = queryParam(call, 'conversation');
  const before = cursorParam(call, 'before');
  let after = cursorParam(call, 'after');
  if (conversation !== undefined && !isConversation(simulation, conversation)) {
    throw new WechatError('NOT_FOUND', 'recipientNotFound', { query: conversation });
  }
  const { conversations } = simulation.wechat;
  const newest = conversations.log.newestId;
  // A restarted simulation numbers messages from the beginning: a cursor of its predecessor means all messages.
  if (after !== undefined && (newest === undefined || Number(after) > Number(newest))) after = undefined;
  const matching = simulation
    .messages(after === undefined ? {} : { after })
    .filter(
      (message) =>
        (conversation === undefined || conversations.conversationOf(message) === conversation) &&
        (before === undefined || Number(message.id) < Number(before)),
    );
  const selected = after === undefined ? matching.slice(-limit) : matching.slice(0, limit);
  const isTruncated = after !== undefined && matching.length > selected.length;
  return {
    messages: selected.map((message) => messageView(simulation, message)),
    cursor: (isTruncated ? selected.at(-1)?.id : newest) ?? null,
  };
}

function isConversation(simulation: Simulation, id: string): boolean {
  const { contacts, rooms } = simulation.wechat;
  return contacts.has(id) || rooms.has(id);
}

function file(call: RouteCall): undefined {
  const simulation = requireSimulation(call);
  const { message: id = '' } = call.params;
  const content = simulation.wechat.conversations.log.find(id)?.content;
  if (!content || !('data' in content)) throw new WechatError('NOT_FOUND', 'messageNotFound', { id });
  const type = imageMimeType(content.data);
  const name = encodeURIComponent(content.name).replace(/['()*]/g, '_');
  call.response
    .set({
      'Content-Type': type ?? 'application/octet-stream',
      'Content-Disposition': `${type ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, no-store',
    })
    .end(content.data);
  return undefined;
}

/** The routes that read a simulation. */
export function simulatorRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/wechat/bots/:id/simulator',
      permission: 'read',
      handler: simulation,
    },
    {
      method: 'GET',
      path: '/wechat/bots/:id/simulator/messages',
      permission: 'read',
      handler: messages,
    },
    {
      method: 'GET',
      path: '/wechat/bots/:id/simulator/messages/:message/file',
      permission: 'read',
      handler: file,
    },
  ];
}
