/** Maps an event to the msg of a flow. */
import type { TypedEvent } from '../../events/table';

/** A msg: `topic` is the event's name, `payload` its text or main content, `wechat` the complete event. */
export interface EventMsg {
  topic: string;
  payload: unknown;
  wechat: Record<string, unknown>;
  [field: string]: unknown;
}

/** Fields of every event; not part of the payload. */
const commonFields = new Set(['bot', 'event', 'timestamp']);

/** A deep copy of plain JSON: flows may change a msg, and an event is shared by all on-event nodes. */
function deepCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(deepCopy) as T;
  const fields: Record<string, unknown> = {};
  for (const key in value) {
    const field = value[key];
    fields[key] = typeof field === 'object' ? deepCopy(field) : field;
  }
  return fields as T;
}

/**
 * Creates the msg of an event. The login QR code is removed: it grants access to the account, and a msg is shown in
 * the debug sidebar, logged and forwarded.
 */
export function eventMsg(event: TypedEvent): EventMsg {
  const wechat: Record<string, unknown> = deepCopy(event);
  if (event.event === 'scan') delete wechat.qrcode;
  return { topic: event.event, payload: payloadOf(event, wechat), wechat };
}

function payloadOf(event: TypedEvent, wechat: Record<string, unknown>): unknown {
  if (event.event === 'message') return event.message.type === 'Text' ? event.message.text : wechat.message;
  return Object.fromEntries(Object.entries(wechat).filter(([name]) => !commonFields.has(name)));
}
