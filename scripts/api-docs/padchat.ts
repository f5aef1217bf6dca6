/**
 * Writes docs/asyncapi-padchat.yaml, the description of what PadChat's clients say and hear in its three generations,
 * from the tables of operations and events that the product itself uses.
 */
import { stringify } from 'yaml';
import { ContactRecord } from '../../src/remotes/padchat/operations/contact-operations';
import { type EventKind, eventNames, pushTypes } from '../../src/remotes/padchat/events/events';
import type { Operation } from '../../src/remotes/padchat/operations/operation';
import { operations } from '../../src/remotes/padchat/operations/table';
import { messageTypes, scanStatuses } from '../../src/remotes/padchat/events/push-mapper';
import { protocolVersions } from '../../src/nodes/padchat-remote/properties';
import { type ProtocolVersion, toWireCase } from '../../src/remotes/padchat/field-case';
import { type JsonSchema, object } from './mqtt-schemas';

const description = [
  'What a wechat-padchat-remote node serves to programs that were written for PadChat, in the three generations of its ' +
    'protocol. All call the same commands; A spells fields of replies and events in upper camel case, B in lower camel ' +
    'case, C with underscores. Parameters are in lower camel case everywhere.',
  'A: after connecting, send auth with a key within 10 s. Every command with a cmdId is answered under it, and what ' +
    'changes something is done once for it, whatever is sent again. Frames without a cmdId are events.',
  'B: Socket.IO 2 to 4, namespace /user, the key as authKey in the query. The name of a command is the name of the ' +
    'Socket.IO event, its data the first argument, and the reply is what the acknowledgement is called with.',
  'C: the key is the path. Clients that know "data" in the place of "payload" are answered the same way.',
].join('\n\n');

const text: JsonSchema = { type: 'string' };
const integer: JsonSchema = { type: 'integer' };
const flag: JsonSchema = { type: 'boolean' };
const constant = (value: string): JsonSchema => ({ type: 'string', const: value });
const refer = (path: string): JsonSchema => ({ $ref: `#/${path}` });
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

/** A schema whose properties, however deep, are spelled as in a generation. */
function inSpelling(schema: unknown, generation: ProtocolVersion): unknown {
  if (Array.isArray(schema)) return schema.map((one) => inSpelling(one, generation));
  if (typeof schema !== 'object' || schema === null) return schema;
  const spell = (name: string): string =>
    Object.keys(toWireCase({ [name]: '' }, generation) as object)[0] ?? name;
  return Object.fromEntries(
    Object.entries(schema as Record<string, unknown>).map(([key, value]) => {
      if (key === 'required') return [key, (value as string[]).map(spell)];
      if (key !== 'properties') return [key, inSpelling(value, generation)];
      const fields = Object.entries(value as object).map(([name, inner]) => [
        spell(name),
        inSpelling(inner, generation),
      ]);
      return [key, Object.fromEntries(fields)];
    }),
  );
}

/** The schema as plain JSON. */
function plain(schema: object): JsonSchema {
  return JSON.parse(JSON.stringify(schema)) as JsonSchema;
}

function numbered(meanings: Readonly<Record<string, number>>): JsonSchema {
  const words = Object.entries(meanings).map(([word, number]) => `${number} ${word}`);
  return { type: 'integer', description: words.join(', ') };
}

const kinds = { ...messageTypes, FriendRequest: 37, RoomInvitation: 3000, Notice: 10_000 };

/** A message or a notice, as it is pushed. */
const pushed = object(
  {
    msgType: {
      ...numbered(kinds),
      description: `${numbered(kinds).description as string}; in C always 5, in A 62 is a video`,
    },
    subType: { ...integer, description: 'the kind, in all generations' },
    msgId: text,
    fromUser: {
      ...text,
      description: 'in a room the room; what others said there begins with their id and ":\\n"',
    },
    toUser: text,
    content: {
      ...text,
      description:
        "the text, or XML as WeChat has it; friend requests hold acceptUser's stranger (encryptusername) and ticket",
    },
    msgSource: text,
    description: text,
    status: integer,
    continue: integer,
    timestamp: { ...integer, description: 'in s since 1970' },
    uin: integer,
    data: { ...text, description: 'a small picture or a voice, in Base64' },
  },
  ['data'],
);

/** A contact or a room of the address book. */
const contact: JsonSchema = (() => {
  const { properties, required } = plain(ContactRecord) as {
    properties: Record<string, JsonSchema>;
    required: string[];
  };
  return {
    ...object({ msgType: integer, ...properties }),
    required: ['msgType', ...required],
  };
})();

/** What closes a page of the address book in generation C. */
const pageEnd = object({
  msgType: { ...integer, description: '32768' },
  continue: { ...integer, description: '0 on the last page' },
});

/** What each event tells, as in generation B. */
const eventFields: Readonly<Record<EventKind, (generation: ProtocolVersion) => JsonSchema>> = {
  qrcode: (generation) => {
    const picture = { qrCode: { ...text, description: 'a JPEG in Base64' } };
    return generation === 'C' ? object({ url: text, ...picture }, ['qrCode']) : object(picture);
  },
  scan: () =>
    object(
      {
        status: numbered(scanStatuses),
        subStatus: integer,
        userName: { ...text, description: 'who confirmed, as the next three' },
        nickName: text,
        uin: integer,
        headUrl: text,
      },
      ['userName', 'nickName', 'uin', 'headUrl'],
    ),
  login: () => object({}),
  relogin: () => object({}),
  loaded: () => object({}),
  logout: (generation) => object(generation === 'A' ? {} : { msg: text, error: text }),
  closed: (generation) => object(generation === 'A' ? {} : { msg: text, error: text }),
  problem: (generation) => object(generation === 'A' ? {} : { error: text }),
  sns: () => object({}),
  notify: () => object({ type: { ...integer, description: '4: the address book can be asked for' } }),
  messages: (generation) => pushOf('messages', generation, pushed),
  contacts: (generation) => {
    return pushOf('contacts', generation, generation === 'C' ? { anyOf: [contact, pageEnd] } : contact);
  },
};

function pushOf(kind: keyof typeof pushTypes, generation: ProtocolVersion, item: JsonSchema): JsonSchema {
  if (generation === 'A') return list(item);
  return object(
    generation === 'B'
      ? { list: list(item) }
      : { type: { ...integer, const: pushTypes[kind] }, list: list(item) },
  );
}

const summaries: Readonly<Record<EventKind, string>> = {
  qrcode: 'a QR code is to be scanned; told to clients that asked for the login',
  scan: 'what happened to the QR code',
  login: 'the account is logged in',
  relogin: 'the account is logged in again, without anybody having scanned a code',
  loaded: 'the address book is complete',
  logout: 'the account is logged out',
  closed: 'the bot is stopped, or the client closed its session',
  problem: 'something went wrong',
  sns: 'there is a new moment',
  notify: 'there is something to ask for',
  messages: 'messages and notices',
  contacts: 'contacts and rooms',
};

interface Message extends JsonSchema {
  readonly name: string;
}

/** What is around what an event tells. */
function eventPayload(generation: ProtocolVersion, name: string, fields: JsonSchema): JsonSchema {
  if (generation === 'A') return object({ event: constant(name), success: flag, msg: text, data: fields });
  if (generation === 'B') return fields;
  return object({ type: constant('userEvent'), event: constant(name), taskId: text, payload: fields });
}

function eventMessage(generation: ProtocolVersion, kind: EventKind, name: string): Message {
  const fields = inSpelling(eventFields[kind](generation), generation) as JsonSchema;
  return {
    name: `${generation}-${kind}`,
    title: summaries[kind],
    payload: eventPayload(generation, name, fields),
  };
}

const id: JsonSchema = { anyOf: [{ type: 'string', minLength: 1, maxLength: 128 }, { type: 'number' }] };

function request(generation: ProtocolVersion, name: string, entry: Operation): Message {
  const params = refer(`components/schemas/${nameOf(entry)}-params`);
  const auth: Readonly<Record<string, JsonSchema>> = name === 'auth' ? { authKey: text } : {};
  const payload: Record<ProtocolVersion, JsonSchema> = {
    A: object({ code: constant(name), cmdId: id, data: { anyOf: [params, { type: 'null' }] }, ...auth }, [
      'cmdId',
      'data',
    ]),
    B: params,
    C: object({ type: text, cmd: constant(name), cmdId: id, payload: params }, ['type', 'payload']),
  };
  return {
    name: `${generation}-${nameOf(entry)}-command`,
    title: entry.summary['en-US'],
    payload: payload[generation],
  };
}

/** The reply to an operation; those that tell nothing but that it is done are the same. */
function reply(generation: ProtocolVersion, entry: Operation): Message {
  const worked = { message: text, status: { ...integer, description: '0' } };
  const { properties = {}, required = [] } = plain(entry.result ?? {}) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  const fields = { type: 'object', properties: { ...worked, ...properties }, required };
  return {
    name: entry.result ? `${generation}-${nameOf(entry)}-reply` : `${generation}-done`,
    title: entry.result ? `the reply to ${nameOf(entry)}` : 'the reply to a command that tells no more',
    payload: replyPayload(generation, inSpelling(fields, generation) as JsonSchema),
  };
}

function replyPayload(generation: ProtocolVersion, data: JsonSchema): JsonSchema {
  if (generation === 'A') {
    const head = { cmdId: id, type: constant('cmdRet'), event: constant('cmdRet') };
    return object({ ...head, success: flag, msg: text, data }, ['cmdId', 'data']);
  }
  if (generation === 'B') return object({ success: flag, msg: text, data });
  const carried = object({ success: flag, error: text, msg: text, data });
  return object({ type: constant('cmdRet'), cmdId: id, taskId: text, payload: carried }, ['cmdId']);
}

/** Why something could not be done. */
function failure(generation: ProtocolVersion): Message {
  const fields = object({
    message: text,
    status: { ...integer, description: '-19 where it is not supported, otherwise -1' },
    code: { ...text, description: 'one of the codes in docs/operations.md' },
  });
  return {
    name: `${generation}-failure`,
    title: 'the reply to a command that failed or could not be read',
    payload: replyPayload(generation, inSpelling(fields, generation) as JsonSchema),
  };
}

/** What an operation is called in this document. */
function nameOf({ names }: Operation): string {
  return names.A ?? names.C ?? '';
}

const addresses: Readonly<Record<ProtocolVersion, string>> = { A: '/ws', B: '/user', C: '/{key}' };

/** The document as it should be. */
export function padchatAsyncApi(): string {
  const messages: Message[] = [];
  const channels: Record<string, JsonSchema> = {};
  const documented: Record<string, JsonSchema> = {};
  for (const generation of protocolVersions) {
    const events = (Object.keys(eventNames) as EventKind[]).flatMap((kind) => {
      const name = eventNames[kind][generation];
      return name === undefined ? [] : [eventMessage(generation, kind, name)];
    });
    const failed = failure(generation);
    const own: Message[] = [...events, failed];
    const channel = `generation-${generation}`;
    const referTo = ({ name }: Message): JsonSchema => refer(`channels/${channel}/messages/${name}`);
    documented[`${generation}-events`] = {
      action: 'send',
      channel: refer(`channels/${channel}`),
      summary: 'Clients are told what happens.',
      messages: events.map(referTo),
    };
    for (const entry of operations) {
      const name = entry.names[generation];
      if (name === undefined) continue;
      const [asked, answered] = [request(generation, name, entry), reply(generation, entry)];
      own.push(asked);
      if (!own.some((one) => one.name === answered.name)) own.push(answered);
      documented[`${generation}-${name}`] = {
        action: 'receive',
        channel: refer(`channels/${channel}`),
        summary: entry.summary['en-US'],
        'x-summary-zh': entry.summary['zh-CN'],
        ...(entry.unsupported
          ? { description: 'Always answered as unsupported: Wechaty has no such function.' }
          : {}),
        tags: [{ name: entry.unsupported ? 'unsupported' : entry.readOnly ? 'reads' : 'changes' }],
        messages: [referTo(asked)],
        reply: { channel: refer(`channels/${channel}`), messages: [answered, failed].map(referTo) },
      };
    }
    channels[channel] = {
      address: addresses[generation],
      ...(generation === 'C'
        ? { parameters: { key: { description: 'one of the keys of the remote' } } }
        : {}),
      messages: Object.fromEntries(own.map(({ name }) => [name, refer(`components/messages/${name}`)])),
    };
    messages.push(...own);
  }
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'WeChat bots for PadChat clients',
      version: '1.0.0',
      description,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      remote: {
        host: '{host}:7777',
        protocol: 'ws',
        variables: { host: { default: '127.0.0.1', description: 'where the remote listens' } },
      },
    },
    channels,
    operations: documented,
    components: {
      schemas: Object.fromEntries(
        operations.map((entry) => [`${nameOf(entry)}-params`, plain(entry.params)]),
      ),
      messages: Object.fromEntries(messages.map((one) => [one.name, one])),
    },
  };
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0, singleQuote: true });
}
