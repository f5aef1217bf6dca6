/** The msg an event becomes in a flow. */
import type { BotEvent } from '../../bot/events';
import type { MessageView } from '../../bot/views';

/** What a flow gets: `topic` the event's name, `payload` what a beginner wants, `wechat` everything. */
export interface EventMsg {
  topic: string;
  payload: unknown;
  wechat: Record<string, unknown>;
  [field: string]: unknown;
}

/** A copy of plain JSON: flows may change what they get, and an event is shared by all nodes that listen. */
function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy) as T;
  const fields: Record<string, unknown> = {};
  for (const key in value) {
    const field = value[key];
    fields[key] = typeof field === 'object' ? copy(field) : field;
  }
  return fields as T;
}

/**
 * Makes the msg of an event. A login's QR code is left out: whoever has it can log in, and a msg is shown in the
 * debug sidebar, logged and sent on.
 */
export function eventMsg(event: BotEvent): EventMsg {
  const wechat = copy(event) as Record<string, unknown>;
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
