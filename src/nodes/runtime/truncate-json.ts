/** Truncated, redacted copies and one-line summaries of events and commands, for display. */

/** Maximum length of the result as JSON, in characters. */
const maxLength = 8192;

/** Names of fields that are always removed: login and contact QR codes, keys, tokens and sessions. */
const secretField = /^(qr_?code|.*token|session|.*password|.*secret|.*secretkey|ticket|authorization)$/i;

/** Truncation limits, tried in turn until the result is short enough. */
const levels = [
  { text: 4000, items: 50, depth: 8, values: 500 },
  { text: 300, items: 10, depth: 5, values: 100 },
  { text: 60, items: 3, depth: 3, values: 40 },
] as const;

type Level = (typeof levels)[number] & { remainingValues: number };

/**
 * A copy of a value as plain JSON of at most 8 KB: long texts and lists are truncated, Buffers replaced by their size.
 * @param redact removes secrets from texts.
 */
export function truncateJson(value: unknown, redact: (text: string) => string): unknown {
  for (const level of levels) {
    const copy = truncateValue(value, { ...level, remainingValues: level.values }, level.depth, redact);
    if (JSON.stringify(copy ?? null).length <= maxLength) return copy;
  }
  return '…';
}

function truncateValue(
  value: unknown,
  level: Level,
  depth: number,
  redact: (text: string) => string,
): unknown {
  if (typeof value === 'string') return truncateText(redact(value), level.text);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object') return undefined;
  if (ArrayBuffer.isView(value)) return `Buffer (${value.byteLength} B)`;
  if (depth === 0 || level.remainingValues <= 0) return '…';
  const truncateChild = (child: unknown): unknown => {
    level.remainingValues -= 1;
    return truncateValue(child, level, depth - 1, redact);
  };
  if (Array.isArray(value)) {
    const items = value.slice(0, level.items).map(truncateChild);
    return value.length > items.length ? [...items, `… ${value.length - items.length}`] : items;
  }
  const fields: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    if (secretField.test(name) || name === '__proto__') continue;
    fields[truncateText(name, 100)] = truncateChild(field);
    if (level.remainingValues <= 0) break;
  }
  return fields;
}

function truncateText(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** Fields that are omitted from summaries. */
const uninformativeFields = new Set([
  'bot',
  'event',
  'timestamp',
  'happenedAt',
  'postedAt',
  'friend',
  'gender',
]);

/** A one-line summary of a truncated event or of a command's parameters, at most 200 characters. */
export function summarize(body: unknown): string {
  const { message, talker, room, listener, ...rest } = (body ?? {}) as Record<string, unknown>;
  if (typeof message === 'object' && message !== null) {
    const { text, type, filename = text } = message as Record<string, unknown>;
    const content = type === 'Text' ? labelOf(text) : `[${labelOf(type)}] ${labelOf(filename)}`;
    return toLine(`${labelOf(talker)} → ${labelOf(room) || labelOf(listener)}: ${content}`);
  }
  const fields = { message, room, ...rest };
  const parts = Object.entries(fields).map(([name, value]) =>
    uninformativeFields.has(name) ? '' : labelOf(value),
  );
  return toLine(parts.filter(Boolean).join(' · '));
}

/** The display name of a contact, a room or another value. */
function labelOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.slice(0, 3).map(labelOf).filter(Boolean).join(', ');
  if (typeof value !== 'object' || value === null) return '';
  const { alias, name, topic, id } = value as Record<string, unknown>;
  return [alias, name, topic, id].find((one): one is string => typeof one === 'string' && one !== '') ?? '';
}

function toLine(text: string): string {
  return truncateText(text.replace(/\s+/g, ' ').trim(), 200);
}
