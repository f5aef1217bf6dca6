/** Maps the entries of an activity log to the admin API. */
import type { ActivityLog, LogEntry } from '../nodes/runtime/activity-log';
import { summarize, truncateJson } from '../nodes/runtime/truncate-json';
import type { ActivityEntry } from './api-types';

/** Maps one entry. */
export function toActivityEntry(log: ActivityLog, entry: LogEntry): ActivityEntry {
  const { seq, timestamp, kind, name, nodes, ok, error, message } = entry;
  const body = message ? truncateJson(message, (text) => log.redact(text)) : entry.body;
  const [node] = nodes;
  return {
    seq,
    timestamp,
    kind,
    name,
    summary: summarize(kind === 'command' ? (body as { params?: unknown }).params : body),
    ...(node === undefined ? {} : { node }),
    ...(nodes.length > 1 ? { nodes } : {}),
    ...(ok === undefined ? {} : { ok }),
    ...(error === undefined ? {} : { error }),
    body,
  };
}
