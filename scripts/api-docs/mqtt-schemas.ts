/** What params hold on MQTT, as JSON Schema: the tables' schemas in the forms of the WeChatRemote protocol. */
import { ContactView, MemberView, MessageView, RoomView } from '../../src/bot/views';
import type { Command } from '../../src/commands/command';
import { type EventName, events } from '../../src/events/table';
import { FileView } from '../../src/commands/shared-schemas';
import {
  contactTypes,
  dirtyTypes,
  friendshipTypes,
  genders,
  messageTypes,
  scanStatuses,
} from '../../src/remotes/mqtt/codec/wire-objects';

/** A JSON Schema as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const text: JsonSchema = { type: 'string' };
const integer: JsonSchema = { type: 'integer' };
const flag: JsonSchema = { type: 'boolean' };

const reference = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });
const described = (schema: JsonSchema, description: string): JsonSchema => ({ ...schema, description });

/** An object that has all these fields, and perhaps others. */
export function object(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: string[] = [],
): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', ...(required.length > 0 ? { required } : {}), properties };
}

/** A list of exactly these. */
function tuple(...items: JsonSchema[]): JsonSchema {
  const count = items.length;
  return { type: 'array', ...(count > 0 ? { items } : {}), minItems: count, maxItems: count };
}

/** A number that stands for a word. */
function numbered(meanings: Readonly<Record<string, number>>): JsonSchema {
  const words = Object.entries(meanings).map(([word, number]) => `${number} ${word}`);
  return { type: 'integer', enum: Object.values(meanings), description: words.join(', ') };
}

/** The schema without what only TypeScript sees in it, and in one language. */
function plain(schema: object): JsonSchema {
  const inEnglish = (key: string, value: unknown): unknown =>
    key === 'x-description-zh' ? undefined : value;
  return JSON.parse(JSON.stringify(schema, inEnglish)) as JsonSchema;
}

/** A view's fields as they are on the wire: some renamed, some as numbers. */
function payload(view: object, changed: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const { properties, required } = plain(view) as {
    properties: Record<string, JsonSchema>;
    required: string[];
  };
  const fields = { ...properties, ...changed };
  const optional = Object.keys(properties).filter((name) => !required.includes(name));
  return object(
    fields,
    optional.filter((name) => !(name in changed)),
  );
}

const identified = (description: string, inner: JsonSchema): JsonSchema =>
  described(object({ id: text, payload: inner }), description);

const contactPayload = payload(ContactView, {
  type: numbered(contactTypes),
  gender: numbered(genders),
  avatar: text,
  phone: list(text),
  star: flag,
});

/** Shapes that occur again and again, by the names under which the document refers to them. */
export const sharedSchemas: Readonly<Record<string, JsonSchema>> = {
  contact: identified('a contact', contactPayload),
  room: identified('a room', {
    ...object(
      {
        id: text,
        topic: text,
        ownerId: text,
        adminIdList: list(text),
        avatar: text,
        external: flag,
        memberIdList: described(list(text), 'only where one room is asked for'),
      },
      ['memberIdList'],
    ),
  }),
  member: identified(
    'a member of a room: a contact with the name used in that room',
    object(
      {
        id: text,
        name: text,
        roomAlias: text,
        alias: text,
        friend: flag,
        phone: list(text),
        type: numbered(contactTypes),
        avatar: text,
        inviterId: text,
      },
      ['avatar', 'inviterId'],
    ),
  ),
  message: identified(
    'a message',
    object(
      {
        id: text,
        talkerId: text,
        listenerId: text,
        roomId: text,
        text,
        timestamp: described(integer, 'in seconds since 1970'),
        type: numbered(messageTypes),
        mentionIdList: list(text),
        mentionsSelf: described(flag, 'whether the bot was mentioned, by itself or with everyone'),
        mentionsAll: described(flag, 'whether everyone in the room was mentioned'),
        textWithoutMentions: described(text, 'of a text: the text without mentions'),
        filename: text,
      },
      ['listenerId', 'roomId', 'textWithoutMentions', 'filename'],
    ),
  ),
  file: object({
    name: text,
    mimeType: text,
    size: described(integer, 'in bytes'),
    data: described(text, 'the content, in Base64'),
  }),
};

const contact = reference('contact');
const room = reference('room');
const someone = orNull(contact);

/** What the params of each event of the protocol hold. */
const protocolEventSchemas: Readonly<Partial<Record<EventName, JsonSchema>>> = {
  message: {
    anyOf: [
      object({
        id: text,
        listener: someone,
        talker: someone,
        room: orNull(room),
        text,
        type: numbered(messageTypes),
      }),
      { ...reference('message') },
    ],
    description: 'the second form if the remote is set to simple',
  },
  scan: object({ qrcode: text, status: numbered(scanStatuses) }),
  login: someone,
  logout: tuple(someone, described(text, 'the reason')),
  ready: tuple(),
  error: tuple(object({ code: integer, details: text, message: text, name: text, stack: text })),
  heartbeat: tuple(text),
  dong: tuple(text),
  reset: tuple(text),
  dirty: tuple(object({ payloadId: text, payloadType: numbered(dirtyTypes) })),
  friendship: object({
    type: numbered(friendshipTypes),
    friendship: object({
      id: text,
      contact: someone,
      payload: object({
        contactId: text,
        hello: text,
        id: text,
        timestamp: integer,
        type: numbered(friendshipTypes),
      }),
    }),
  }),
  'room-invite': object({
    id: text,
    inviter: someone,
    payload: object({ id: text, inviterId: text, memberCount: integer, timestamp: integer, topic: text }),
  }),
  'room-join': object({ inviteeList: list(contact), inviter: someone, room }),
  'room-leave': object({ leaverList: list(contact), remover: someone, room }),
  'room-topic': tuple(
    room,
    described(text, 'the new name'),
    described(text, 'the name before'),
    someone,
    described(text, 'when, as ISO 8601'),
  ),
  post: tuple(
    object({
      id: text,
      contact: someone,
      payload: object({ contactId: text, id: text, sayableList: list(text), timestamp: integer }),
    }),
  ),
  puppet: tuple(object({ name: text, version: text })),
  start: tuple(),
  stop: tuple(),
};

/** What an event's params hold: its own fields if the protocol has no other form for them. */
export function eventSchema(name: EventName): JsonSchema {
  return protocolEventSchemas[name] ?? plain(events[name].schema);
}

/** The views that have another form on the wire, by the names of their fields. */
const reshaped = (
  [
    [ContactView, 'contact'],
    [RoomView, 'room'],
    [MemberView, 'member'],
    [MessageView, 'message'],
    [FileView, 'file'],
  ] as const
).map(([view, name]) => ({ fields: Object.keys(view.properties), schema: reference(name) }));

/** The schema with every view in the form it has on the wire, with or without more fields in it. */
function onTheWire(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(onTheWire);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { properties } = schema as { properties?: object };
  const view = properties && reshaped.find(({ fields }) => fields.every((name) => name in properties));
  if (view) return view.schema;
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, onTheWire(value)]));
}

/** What a command's params may hold. */
export function paramsSchema({ params }: Command): JsonSchema {
  return plain(params);
}

/** The protocol has an empty object where the tables have null. */
function nothingFound(schema: unknown): JsonSchema {
  const isNull = (schema as JsonSchema).type === 'null';
  return isNull ? { type: 'object', description: 'empty if nothing was found' } : (schema as JsonSchema);
}

/** Of one room the protocol has the message; of several it says nothing. */
function saidInRooms(several: JsonSchema): JsonSchema {
  const roomOnly = described(object({ id: text }), 'the room, where the puppet gives no message');
  return { anyOf: [reference('message'), roomOnly, described(several, 'of several rooms')] };
}

/** What the params of a command's answer hold. */
export function resultSchema({ name, result }: Command): JsonSchema {
  const schema = onTheWire(plain(result)) as JsonSchema;
  if (name === 'roomSay') return saidInRooms(schema);
  if (Array.isArray(schema.anyOf)) return { anyOf: schema.anyOf.map(nothingFound) };
  if (schema.type !== 'array') return schema;
  return object(
    {
      page: described(integer, 'from 1'),
      size: described(integer, 'items per page'),
      total: described(integer, 'items on all pages'),
      count: described(integer, 'the same as total'),
      items: schema,
      last: described(flag, 'true on the last page'),
    },
    ['last'],
  );
}
