/** Events in the protocol's legacy format, which older clients expect after some commands. */
import type { ContactView, RoomView } from '../../../bot/views';
import { type RunCommand, messageRecord, type MessageRecord, type SendResult } from './response-mappers';
import { encodeLegacyEvent } from './codec';
import { contactOrNull, messageTypes, roomJson } from './wire-objects';

/** The encoded events that follow a command; empty for most commands. */
export async function legacyEventsFor(command: string, result: unknown, run: RunCommand): Promise<string[]> {
  switch (command) {
    case 'send':
      return sentEvents(
        (result as SendResult).success.map(({ messageId }) => messageId),
        run,
      );
    case 'sendAt':
      return sentEvents([(result as { id: string }).id], run);
    case 'roomQrcodeGet':
      return [encodeLegacyEvent({ qrcode: (result as { qrcode: string }).qrcode })];
    default:
      return [];
  }
}

async function sentEvents(ids: readonly (string | undefined)[], run: RunCommand): Promise<string[]> {
  const events = await Promise.all(ids.map((id) => (id ? sentEvent(id, run) : Promise.resolve(undefined))));
  return events.filter((event) => event !== undefined);
}

/** The event of a sent message; `undefined` when the puppet does not find the message. */
async function sentEvent(id: string, run: RunCommand): Promise<string | undefined> {
  const orNull = (lookup: Promise<unknown>) => lookup.catch(() => null);
  const record = (await orNull(run('messageFind', { id }))) as MessageRecord | null;
  if (!record) return undefined;
  const { talkerId, listenerId, roomId, timestamp, type } = record;
  const [talker, listener, room] = await Promise.all([
    orNull(run('contactFind', { id: talkerId })),
    listenerId ? orNull(run('contactFind', { id: listenerId })) : null,
    roomId ? orNull(run('roomFind', { id: roomId })) : null,
  ]);
  return encodeLegacyEvent({
    onMessage: {
      _id: id,
      data: messageRecord(record),
      listener: contactOrNull(listener as ContactView | null),
      room: room && roomJson(room as RoomView),
      talker: contactOrNull(talker as ContactView | null),
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
