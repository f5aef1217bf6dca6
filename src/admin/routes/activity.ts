/** Routes for a bot's activity log and for previews of filters. */
import { WechatError } from '../../bot/errors';
import type { EventOf } from '../../events/table';
import { eventFilter, type FilterProperties } from '../../nodes/on-event/filter';
import { declaration } from '../../nodes/on-event/properties';
import { readProperties } from '../../nodes/runtime/read-properties';

import { activityLogOf } from '../../nodes/runtime/activity-log';
import { toActivityEntry } from '../activity-entry';
import type { ActivityPage, PreviewMessage } from '../api-types';
import { loadAdminModules } from '../load-modules';
import { requireBot, type RouteCall, queryParam, type Route } from '../route';

/** The filter of a form without entries. */
const defaults = readProperties({}, declaration);

/** Maximum number of messages in a preview. */
const previewedMessages = 50;

function activity(call: RouteCall): ActivityPage {
  const log = activityLogOf(requireBot(call).id);
  const after = queryParam(call, 'after');
  if (after !== undefined && !/^\d{1,15}$/.test(after)) {
    throw new WechatError('INVALID_PARAMS', 'badCursor', { name: 'after' });
  }
  const entries = log.entriesAfter(after === undefined ? 0 : Number(after));
  return {
    entries: entries.map((entry) => toActivityEntry(log, entry)),
    cursor: String(entries.at(-1)?.seq ?? log.latestSeq),
  };
}

function preview(call: RouteCall): { messages: PreviewMessage[] } {
  const log = activityLogOf(requireBot(call).id);
  const filter = loadAdminModules().parsePreviewFilter(call.body);
  const matches = eventFilter({ ...defaults, ...filter } as FilterProperties);
  const messages = log.messages().slice(-previewedMessages);
  return { messages: messages.map((event) => toPreview(event, matches(event))) };
}

function toPreview({ message, talker, room }: EventOf<'message'>, matches: boolean): PreviewMessage {
  return {
    id: message.id,
    type: message.type,
    text: message.text.slice(0, 500),
    timestamp: message.timestamp,
    self: message.self,
    from: talker && { id: talker.id, name: talker.name, alias: talker.alias },
    room: room && { id: room.id, topic: room.topic },
    matches,
  };
}

/** The routes of the activity log. */
export function activityRoutes(): Route[] {
  return [
    { method: 'GET', path: '/wechat/bots/:id/activity', permission: 'read', handler: activity },
    { method: 'POST', path: '/wechat/bots/:id/preview', permission: 'read', handler: preview },
  ];
}
