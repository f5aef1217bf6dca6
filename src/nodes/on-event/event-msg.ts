/** Maps an event to the msg of a flow. */
import type { BotEvent } from '../../bot/events';
import type { MessageView } from '../../bot/views';

/** A msg: `topic` is the event's name, `payload` its text or main content, `wechat` the complete event. */
export interface EventMsg {
  topic: string;
  payload: unknown;
  wechat: Record<string, unknown>;
  [field: string]: unknown;
}

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
export function eventMsg(event: BotEvent): EventMsg {
  const wechat = deepCopy(event) as Record<string, unknown>;
  if (event.event === 'scan') delete wechat.qrcode;
  return { topic: event.event, payload: payloadOf(event.event, wechat), wechat };
}

function payloadOf(name: BotEvent['event'], wechat: Record<string, unknown>): unknown {
  if (name === 'message') {
    const message = wechat.message as MessageView;
    return message.type === 'Text' ? message.text : message;
  }
  const own: Record<string, unknown> = {};
  for (const key in wechat) {
    if (key !== 'bot' && key !== 'event' && key !== 'timestamp') own[key] = wechat[key];
  }
  return own;
}
