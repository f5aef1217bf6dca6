/** Routes for a bot's activity log and for previews of filters. */
import { Script } from 'node:vm';
import { errorMessage, WechatError } from '../../bot/errors';
import type { BotEvent } from '../../bot/events';
import type { ContactView, MessageView, RoomView } from '../../bot/views';
import { eventFilter, type FilterProperties } from '../../nodes/on-event/filter';
import { defaults } from '../../nodes/on-event/properties';
import { activityLogOf } from '../../nodes/runtime/activity-log';
import { loadModules } from '../../nodes/runtime/load-modules';
import { requireBot, type RouteCall, queryParam, type Route } from '../route';

/** Maximum number of messages in a preview. */
const previewedMessages = 50;

/** Timeout of a preview, in ms: a user with read permission must not block Node-RED with a slow pattern. */
const previewTimeoutMs = 200;
const timedScript = new Script('work()');

function activity(call: RouteCall): object {
  const log = activityLogOf(requireBot(call).id);
  const after = queryParam(call, 'after');
  if (after !== undefined && !/^\d{1,15}$/.test(after)) {
    throw new WechatError('INVALID_PARAMS', 'badCursor', { name: 'after' });
  }
  const entries = log.entriesAfter(after === undefined ? 0 : Number(after));
  return { entries, cursor: String(entries.at(-1)?.seq ?? log.latestSeq) };
}

function preview(call: RouteCall): object {
  const log = activityLogOf(requireBot(call).id);
  const { requestSchemas, validateBody } = loadModules();
  const properties = { ...defaults, ...validateBody(requestSchemas.preview, call.body) } as FilterProperties;
  const matches = compileFilter(properties);
  const messages = log.messages().slice(-previewedMessages);
  const work = (): object[] => messages.map((event) => ({ ...toPreview(event), matches: matches(event) }));
  try {
    return { messages: timedScript.runInNewContext({ work }, { timeout: previewTimeoutMs }) as object[] };
  } catch {
    throw new WechatError('INVALID_PARAMS', 'patternTooSlow', { query: properties.textMatch });
  }
}

/** Compiles a filter. @throws WechatError INVALID_PARAMS that contains the invalid pattern. */
function compileFilter(properties: FilterProperties): ReturnType<typeof eventFilter> {
  const { textMatch, textMatchType } = properties;
  const parts: [query: string, Partial<FilterProperties>][] = [
    [textMatch, { textMatch, textMatchType }],
    [properties.from, { from: properties.from }],
    [properties.rooms, { rooms: properties.rooms }],
  ];
  for (const [query, part] of parts) {
    try {
      eventFilter({ ...defaults, ...part });
    } catch (error) {
      throw new WechatError('INVALID_PARAMS', 'badPattern', { query, error: errorMessage(error) });
    }
  }
  return eventFilter(properties);
}

function toPreview(event: BotEvent): object {
  const { message, talker, room } = event as unknown as {
    message: MessageView;
    talker: ContactView | null;
    room: RoomView | null;
  };
  return {
    id: message.id,
    type: message.type,
    text: message.text.slice(0, 500),
    timestamp: message.timestamp,
    self: message.self,
    from: talker && { id: talker.id, name: talker.name, alias: talker.alias },
    room: room && { id: room.id, topic: room.topic },
  };
}

/** The routes of the activity log. */
export function activityRoutes(): Route[] {
  return [
    { method: 'GET', path: '/wechat/bots/:id/activity', permission: 'read', handler: activity },
    { method: 'POST', path: '/wechat/bots/:id/preview', permission: 'read', handler: preview },
  ];
}
