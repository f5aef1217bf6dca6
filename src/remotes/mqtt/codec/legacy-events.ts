/** Events in the protocol's legacy format, which older clients expect after some commands. */
import type { RunCommand } from '../../../commands/table';
import { encodeLegacyEvent } from './codec';
import { messageRecord, type ResultMappers } from './response-mappers';
import { contactOrNull, messageTypes, roomJson } from './wire-objects';

const legacyEvents: Readonly<Record<string, (result: never, query: RunCommand) => Promise<string[]>>> = {
  send: ({ success }, query) =>
    sentEvents(
      success.map(({ messageId }) => messageId),
      query,
    ),
  sendAt: ({ id }, query) => sentEvents([id], query),
  roomQrcodeGet: ({ qrcode }) => Promise.resolve([encodeLegacyEvent({ qrcode })]),
} satisfies ResultMappers<Promise<string[]>>;

/** The encoded events that follow a command; `undefined` for most commands. @param query loads what was sent. */
export function legacyEventsFor(
  command: string,
  result: unknown,
  query: RunCommand,
): Promise<string[]> | undefined {
  return legacyEvents[command]?.(result as never, query);
}

async function sentEvents(ids: readonly (string | undefined)[], query: RunCommand): Promise<string[]> {
  const events = await Promise.all(ids.flatMap((id) => (id ? [sentEvent(id, query)] : [])));
  return events.filter((event) => event !== undefined);
}

/** The event of a sent message; `undefined` when the puppet does not find the message. */
async function sentEvent(id: string, query: RunCommand): Promise<string | undefined> {
  const record = await query('messageFind', { id }).catch(() => null);
  if (!record) return undefined;
  const { talkerId, listenerId, roomId, timestamp, type } = record;
  const [talker, listener, room] = await Promise.all([
    query('contactFind', { id: talkerId }).catch(() => null),
    listenerId ? query('contactFind', { id: listenerId }).catch(() => null) : null,
    roomId ? query('roomFind', { id: roomId }).catch(() => null) : null,
  ]);
  return encodeLegacyEvent({
    onMessage: {
      _id: id,
      data: messageRecord(record),
      listener: contactOrNull(listener),
      room: room && roomJson(room),
      talker: contactOrNull(talker),
      time: formatLocalTime(timestamp),
      timestamp,
      type: messageTypes[type],
    },
  });
}

/** Local date and time: 2024-01-16 13:48:28. */
function formatLocalTime(timestamp: number): string {
  const time = new Date(timestamp);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`;
}
