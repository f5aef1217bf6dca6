/** The events in the protocol's first form that older programs expect after some commands. */
import type { ContactView, RoomView } from '../../../bot/views';
import { type Ask, messageRecord, type MessageRecord, type Sent } from './response-mappers';
import { writeOldEvent } from './codec';
import { contactOrNull, messageTypes, roomJson } from './wire-objects';

/** The events that follow a command; of most commands there are none. */
export async function eventsAfter(command: string, result: unknown, ask: Ask): Promise<string[]> {
  switch (command) {
    case 'send':
      return sentEvents(
        (result as Sent).success.map(({ messageId }) => messageId),
        ask,
      );
    case 'sendAt':
      return sentEvents([(result as { id: string }).id], ask);
    case 'roomQrcodeGet':
      return [writeOldEvent({ qrcode: (result as { qrcode: string }).qrcode })];
    default:
      return [];
  }
}

async function sentEvents(ids: readonly (string | undefined)[], ask: Ask): Promise<string[]> {
  const events = await Promise.all(ids.map((id) => (id ? sentEvent(id, ask) : Promise.resolve(undefined))));
  return events.filter((event) => event !== undefined);
}

/** What was sent; nothing where the puppet has already forgotten it. */
async function sentEvent(id: string, ask: Ask): Promise<string | undefined> {
  const orNull = (asked: Promise<unknown>) => asked.catch(() => null);
  const record = (await orNull(ask('messageFind', { id }))) as MessageRecord | null;
  if (!record) return undefined;
  const { talkerId, listenerId, roomId, timestamp, type } = record;
  const [talker, listener, room] = await Promise.all([
    orNull(ask('contactFind', { id: talkerId })),
    listenerId ? orNull(ask('contactFind', { id: listenerId })) : null,
    roomId ? orNull(ask('roomFind', { id: roomId })) : null,
  ]);
  return writeOldEvent({
    onMessage: {
      _id: id,
      data: messageRecord(record),
      listener: contactOrNull(listener as ContactView | null),
      room: room && roomJson(room as RoomView),
      talker: contactOrNull(talker as ContactView | null),
      time: localTime(timestamp),
      timestamp,
      type: messageTypes[type],
    },
  });
}

/** A time as people write it: 2024-01-16 13:48:28. */
function localTime(timestamp: number): string {
  const time = new Date(timestamp);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`;
}
