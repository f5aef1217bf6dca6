/** Event mappers: the params of each event on the wire. */
import type { BotEvent, EventName } from '../../../bot/events';
import type { ContactView, MessageView, RoomView } from '../../../bot/views';
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

/** The fields of all events of the event table; each event has some of them. */
interface EventFields {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly status: string;
  readonly qrcode: string;
  readonly reason: string;
  readonly data: string;
  readonly hello: string;
  readonly topic: string;
  readonly oldTopic: string;
  readonly memberCount: number;
  readonly happenedAt: number;
  readonly postedAt: number;
  readonly messageIds: readonly string[];
  readonly message: MessageView | string;
  readonly contact: ContactView | null;
  readonly talker: ContactView | null;
  readonly listener: ContactView | null;
  readonly inviter: ContactView | null;
  readonly remover: ContactView | null;
  readonly changer: ContactView | null;
  readonly inviteeList: readonly ContactView[];
  readonly leaverList: readonly ContactView[];
  readonly room: RoomView | null;
}

/** Maps the fields of one event. `simple` replaces contacts and rooms by their ids. */
type EventMapper = (event: EventFields, simple: boolean) => unknown;

const roomOrNull = (room: RoomView | null) => room && roomJson(room);

const message: EventMapper = (event, simple) => {
  const view = event.message as MessageView;
  const { talker, listener, room } = event;
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
};

/** A stack trace without its frames, which would reveal local paths to clients. */
function fakeStack(sentence: unknown): string {
  return typeof sentence === 'string' ? `Error: ${sentence}` : 'Error';
}

const mappers: Readonly<Record<EventName, EventMapper>> = {
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
    room: roomOrNull(room),
  }),
  'room-leave': ({ leaverList, remover, room }) => ({
    leaverList: leaverList.map(contactJson),
    remover: contactOrNull(remover),
    room: roomOrNull(room),
  }),
  'room-topic': ({ room, topic, oldTopic, changer, happenedAt }) => [
    roomOrNull(room),
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
export function mapEvent(event: BotEvent, simple: boolean): unknown {
  return mappers[event.event](event as unknown as EventFields, simple);
}
