/** What a bot has told and been told lately, and which of its messages a filter would let through. */
import { Script } from 'node:vm';
import { errorMessage, WechatError } from '../../bot/errors';
import type { BotEvent } from '../../bot/events';
import type { ContactView, MessageView, RoomView } from '../../bot/views';
import { eventFilter, type FilterProperties } from '../../nodes/on-event/filter';
import { defaults } from '../../nodes/on-event/properties';
import { activityOf } from '../../nodes/runtime/activity-log';
import { loadEngine } from '../../nodes/runtime/load-modules';
import { botOf, type Call, queried, type Route } from '../route';

/** Messages a filter is tried on. */
const tried = 50;

/** Time for trying it, in ms: whoever may only look must not hold everybody up with a pattern that never ends. */
const patience = 200;
const patiently = new Script('work()');

function activity(call: Call): object {
  const record = activityOf(botOf(call).id);
  const after = queried(call, 'after');
  if (after !== undefined && !/^\d{1,15}$/.test(after)) {
    throw new WechatError('INVALID_PARAMS', 'badCursor', { name: 'after' });
  }
  const entries = record.since(after === undefined ? 0 : Number(after));
  return { entries, cursor: String(entries.at(-1)?.seq ?? record.latest) };
}

function preview(call: Call): object {
  const record = activityOf(botOf(call).id);
  const { bodies, checkedBody } = loadEngine();
  const properties = { ...defaults, ...checkedBody(bodies.preview, call.body) } as FilterProperties;
  const matches = compiled(properties);
  const messages = record.messages().slice(-tried);
  const work = (): object[] => messages.map((event) => ({ ...shown(event), matches: matches(event) }));
  try {
    return { messages: patiently.runInNewContext({ work }, { timeout: patience }) as object[] };
  } catch {
    throw new WechatError('INVALID_PARAMS', 'patternTooSlow', { query: properties.textMatch });
  }
}

/** @throws WechatError INVALID_PARAMS that names the pattern which is none. */
function compiled(properties: FilterProperties): ReturnType<typeof eventFilter> {
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

function shown(event: BotEvent): object {
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

/** Shows the record, and tries filters on it. */
export function activityRoutes(): Route[] {
  return [
    { method: 'GET', path: '/wechat/bots/:id/activity', permission: 'read', answer: activity },
    { method: 'POST', path: '/wechat/bots/:id/preview', permission: 'read', answer: preview },
  ];
}
