/** The simulated WeChat of a bot: who is there, and what was said. */
import type { Bot } from '../../bot/bot';
import { WechatError } from '../../bot/errors';
import type { World } from '../../puppets/simulator';
import { loadEngine } from '../../nodes/runtime/load-modules';
import { type Call, botOf, queried, queriedNumber, type Route } from '../route';
import { messageView, noWorldView, pictureType, worldView } from '../world-view';

/** Messages told at once, unless asked for fewer or more, and at most. */
const page = { usual: 500, most: 5000 };

/** @throws WechatError NOT_FOUND without such a bot, UNSUPPORTED when it has a real account. */
function simulatedBot(call: Call): Bot {
  const { bot } = botOf(call);
  if (bot.settings.puppet !== 'simulator') {
    throw new WechatError('UNSUPPORTED', 'notOnSimulator', { bot: bot.name });
  }
  return bot;
}

/** A world to look at; of a bot that was never started an empty one, for nothing is wrong with asking. */
function world(call: Call): object {
  const found = loadEngine().worldOf(simulatedBot(call).id);
  return found ? worldView(found) : noWorldView;
}

/**
 * The world a bot lives in.
 * @throws WechatError NOT_FOUND without such a bot, UNSUPPORTED when it has a real account or was never started.
 */
export function worldOfCall(call: Call): World {
  const bot = simulatedBot(call);
  const found = loadEngine().worldOf(bot.id);
  if (!found) throw new WechatError('UNSUPPORTED', 'simulatorNotStarted', { bot: bot.name });
  return found;
}

/** A message's id, as a place among messages. @throws WechatError INVALID_PARAMS */
function place(call: Call, name: 'after' | 'before'): string | undefined {
  const id = queried(call, name);
  if (id !== undefined && !/^\d{1,17}$/.test(id)) {
    throw new WechatError('INVALID_PARAMS', 'badCursor', { name });
  }
  return id;
}

function messages(call: Call): object {
  const world = worldOfCall(call);
  const limit = queriedNumber(call, 'limit', page.usual, page.most);
  const conversation = queried(call, 'conversation');
  const before = place(call, 'before');
  let after = place(call, 'after');
  if (conversation !== undefined && !isConversation(world, conversation)) {
    throw new WechatError('NOT_FOUND', 'recipientNotFound', { query: conversation });
  }
  const { conversations } = world.wechat;
  const newest = conversations.log.newestId;
  // A world that began anew counts anew: what came after its end is all it has.
  if (after !== undefined && (newest === undefined || Number(after) > Number(newest))) after = undefined;
  const fitting = world
    .messages(after === undefined ? {} : { after })
    .filter(
      (message) =>
        (conversation === undefined || conversations.conversationOf(message) === conversation) &&
        (before === undefined || Number(message.id) < Number(before)),
    );
  const told = after === undefined ? fitting.slice(-limit) : fitting.slice(0, limit);
  const isCut = after !== undefined && fitting.length > told.length;
  return {
    messages: told.map((message) => messageView(world, message)),
    cursor: (isCut ? told.at(-1)?.id : newest) ?? null,
  };
}

function isConversation(world: World, id: string): boolean {
  const { people, rooms } = world.wechat;
  return people.has(id) || rooms.has(id);
}

function file(call: Call): undefined {
  const world = worldOfCall(call);
  const { message: id = '' } = call.params;
  const content = world.wechat.conversations.log.find(id)?.content;
  if (!content || !('data' in content)) throw new WechatError('NOT_FOUND', 'messageNotFound', { id });
  const type = pictureType(content.data);
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

/** Shows the world, its messages and the files in them. */
export function simulatorRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/wechat/bots/:id/simulator',
      permission: 'read',
      answer: world,
    },
    {
      method: 'GET',
      path: '/wechat/bots/:id/simulator/messages',
      permission: 'read',
      answer: messages,
    },
    {
      method: 'GET',
      path: '/wechat/bots/:id/simulator/messages/:message/file',
      permission: 'read',
      answer: file,
    },
  ];
}
