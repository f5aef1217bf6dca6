/** What each event carries on the wire. */
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

/** The fields of all events, as the event table has them; each event has some. */
interface Fields {
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

/** Writes one event's fields. `simple` events name people and rooms by their ids only. */
type Shape = (event: Fields, simple: boolean) => unknown;

const roomOrNull = (room: RoomView | null) => room && roomJson(room);

const message: Shape = (event, simple) => {
  const said = event.message as MessageView;
  const { talker, listener, room } = event;
  if (!simple) {
    return {
      id: said.id,
      listener: contactOrNull(listener),
      talker: contactOrNull(talker),
      room: roomOrNull(room),
      text: said.text,
      type: messageTypes[said.type],
    };
  }
  return messageJson(said, {
    talkerId: talker?.id ?? '',
    listenerId: listener?.id ?? '',
    roomId: room?.id ?? '',
  });
};

/** The lines of a stack would tell strangers where things lie on this machine: its first one is the sentence. */
function stackOf(sentence: unknown): string {
  return typeof sentence === 'string' ? `Error: ${sentence}` : 'Error';
}

const shapes: Readonly<Record<EventName, Shape>> = {
  message,
  scan: ({ qrcode, status }) => ({ qrcode, status: scanStatuses[status] ?? 0 }),
  login: ({ contact }) => contactOrNull(contact),
  logout: ({ contact, reason }) => [contactOrNull(contact), reason],
  ready: () => [],
  error: ({ message: sentence }) => [
    { code: 2, details: sentence, message: sentence, name: 'Error', stack: stackOf(sentence) },
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

/** What an event carries on the wire. */
export function eventParams(event: BotEvent, simple: boolean): unknown {
  return shapes[event.event](event as unknown as Fields, simple);
}
