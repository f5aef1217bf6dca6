/** Event mappers: the params of each event on the wire. */
import type { BotEvent } from '../../../bot/events';
import type { RoomView } from '../../../bot/views';
import type { EventName, EventOf, TypedEvent } from '../../../events/table';
import {
  contactJson,
  contactOrNull,
  dirtyTypes,
  friendshipTypes,
  messageJson,
  messageTypes,
  roomJson,
  scanStatuses,
} from './wire-objects';

const roomOrNull = (room: RoomView | null) => room && roomJson(room);

function message({ message: view, talker, listener, room }: EventOf<'message'>, simple: boolean): object {
  if (!simple) {
    return {
      id: view.id,
      listener: contactOrNull(listener),
      talker: contactOrNull(talker),
      room: roomOrNull(room),
      text: view.text,
      type: messageTypes[view.type],
    };
  }
  return messageJson(view, {
    talkerId: talker?.id ?? '',
    listenerId: listener?.id ?? '',
    roomId: room?.id ?? '',
  });
}

/** A stack trace without its frames, which would reveal local paths to clients. */
function fakeStack(sentence: string): string {
  return `Error: ${sentence}`;
}

/**
 * The mapper of each event of the protocol; `simple` replaces contacts and rooms by their ids. An event without one is
 * not part of the protocol and keeps its own fields.
 */
const mappers: { readonly [Name in EventName]?: (event: EventOf<Name>, simple: boolean) => unknown } = {
  message,
  scan: ({ qrcode, status }) => ({ qrcode, status: scanStatuses[status] ?? 0 }),
  login: ({ contact }) => contactOrNull(contact),
  logout: ({ contact, reason }) => [contactOrNull(contact), reason],
  ready: () => [],
  error: ({ message: sentence }) => [
    { code: 2, details: sentence, message: sentence, name: 'Error', stack: fakeStack(sentence) },
  ],
  heartbeat: ({ data }) => [data],
  dong: ({ data }) => [data],
  reset: ({ data }) => [data],
  dirty: ({ id, type }) => [{ payloadId: id, payloadType: dirtyTypes[type] ?? 0 }],
  friendship: ({ id, type, contact, hello, happenedAt }) => {
    const number = friendshipTypes[type] ?? 0;
    const timestamp = Math.floor(happenedAt / 1000);
    const payload = { contactId: contact?.id ?? '', hello, id, timestamp, type: number };
    return { friendship: { id, contact: contactOrNull(contact), payload }, type: number };
  },
  'room-invite': ({ id, topic, inviter, memberCount, happenedAt }) => ({
    id,
    inviter: contactOrNull(inviter),
    payload: {
      id,
      inviterId: inviter?.id ?? '',
      memberCount,
      timestamp: Math.floor(happenedAt / 1000),
      topic,
    },
  }),
  'room-join': ({ inviteeList, inviter, room }) => ({
    inviteeList: inviteeList.map(contactJson),
    inviter: contactOrNull(inviter),
    room: roomJson(room),
  }),
  'room-leave': ({ leaverList, remover, room }) => ({
    leaverList: leaverList.map(contactJson),
    remover: contactOrNull(remover),
    room: roomJson(room),
  }),
  'room-topic': ({ room, topic, oldTopic, changer, happenedAt }) => [
    roomJson(room),
    topic,
    oldTopic,
    contactOrNull(changer),
    new Date(happenedAt).toISOString(),
  ],
  post: ({ id, contact, postedAt, messageIds }) => [
    {
      id,
      contact: contactOrNull(contact),
      payload: {
        contactId: contact?.id ?? '',
        id,
        sayableList: messageIds,
        timestamp: Math.floor(postedAt / 1000),
      },
    },
  ],
  puppet: ({ name, version }) => [{ name, version }],
  start: () => [],
  stop: () => [],
};

/** The params of an event on the wire. @param simple whether messages contain ids instead of contacts and rooms. */
export function mapEvent(event: TypedEvent, simple: boolean): unknown {
  const mapper: ((event: never, simple: boolean) => unknown) | undefined = mappers[event.event];
  if (mapper) return mapper(event as never, simple);
  const { bot: _bot, event: _event, timestamp: _timestamp, ...fields } = event as BotEvent;
  return fields;
}
