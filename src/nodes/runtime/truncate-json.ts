/** Shows values to people: short, and without what could let somebody log in. */

/** The length of an excerpt as JSON, in characters, at most. */
const limit = 8192;

/** Fields that are left out, whatever they hold: codes to log in with or to be found by, keys and sessions. */
const secret = /^(qr_?code|.*token|session|.*password|.*secret|.*secretkey|ticket|authorization)$/i;

/** How much of a value is shown; tried in turn until it is short enough. */
const degrees = [
  { text: 4000, items: 50, depth: 8, values: 500 },
  { text: 300, items: 10, depth: 5, values: 100 },
  { text: 60, items: 3, depth: 3, values: 40 },
] as const;

type Degree = (typeof degrees)[number] & { left: number };

/**
 * A copy of a value as plain JSON of at most 8 KB: long texts and lists are cut, Buffers are told by their size.
 * @param redact takes secrets out of texts.
 */
export function excerpt(value: unknown, redact: (words: string) => string): unknown {
  for (const degree of degrees) {
    const copy = shown(value, { ...degree, left: degree.values }, degree.depth, redact);
    if (JSON.stringify(copy ?? null).length <= limit) return copy;
  }
  return '…';
}

function shown(value: unknown, degree: Degree, depth: number, redact: (words: string) => string): unknown {
  if (typeof value === 'string') return cut(redact(value), degree.text);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object') return undefined;
  if (ArrayBuffer.isView(value)) return `Buffer (${value.byteLength} B)`;
  if (depth === 0 || degree.left <= 0) return '…';
  const inside = (item: unknown): unknown => {
    degree.left -= 1;
    return shown(item, degree, depth - 1, redact);
  };
  if (Array.isArray(value)) {
    const items = value.slice(0, degree.items).map(inside);
    return value.length > items.length ? [...items, `… ${value.length - items.length}`] : items;
  }
  const fields: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    if (secret.test(name) || name === '__proto__') continue;
    fields[cut(name, 100)] = inside(field);
    if (degree.left <= 0) break;
  }
  return fields;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** Fields that tell a reader nothing in one line. */
const dull = new Set(['bot', 'event', 'timestamp', 'happenedAt', 'postedAt', 'friend', 'gender']);

/** One line about an excerpt, at most 200 characters: who, where and what, as far as it is known. */
export function summaryOf(body: unknown): string {
  const { message, talker, room, listener, ...rest } = (body ?? {}) as Record<string, unknown>;
  if (typeof message === 'object' && message !== null) {
    const { text, type, filename = text } = message as Record<string, unknown>;
    const said = type === 'Text' ? label(text) : `[${label(type)}] ${label(filename)}`;
    return line(`${label(talker)} → ${label(room) || label(listener)}: ${said}`);
  }
  const fields = { message, room, ...rest };
  const parts = Object.entries(fields).map(([name, value]) => (dull.has(name) ? '' : label(value)));
  return line(parts.filter(Boolean).join(' · '));
}

/** What somebody or something is called. */
function label(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.slice(0, 3).map(label).filter(Boolean).join(', ');
  if (typeof value !== 'object' || value === null) return '';
  const { alias, name, topic, id } = value as Record<string, unknown>;
  return [alias, name, topic, id].find((one): one is string => typeof one === 'string' && one !== '') ?? '';
}

function line(text: string): string {
  return cut(text.replace(/\s+/g, ' ').trim(), 200);
}
