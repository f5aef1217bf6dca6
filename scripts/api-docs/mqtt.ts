/**
 * Writes docs/asyncapi.yaml, the description of the MQTT side (the WeChatRemote protocol) for programs and their
 * makers, from the tables of events and commands that the product itself uses.
 */
import { stringify } from 'yaml';
import { errorCodes } from '../../src/bot/errors';
import type { Command } from '../../src/commands/command';
import { commands } from '../../src/commands/table';
import { type EventName, events } from '../../src/events/table';
import {
  eventSchema,
  type JsonSchema,
  object,
  paramsSchema,
  resultSchema,
  sharedSchemas,
} from './mqtt-schemas';

const protocol = [
  'Every WeChat bot that a wechat-mqtt-remote node mirrors tells its events on one topic and takes commands on ' +
    'another. Payloads are JSON in UTF-8, at QoS 1 unless the node is set otherwise.',
  'Every command with a reqId gets exactly one final answer: on response/d2c/{reqId}, and, if the request is MQTT 5 ' +
    'and names a response topic, there with its correlation data. A command is executed at most once in 24 hours; a ' +
    'repeat of the same reqId, name, params and timestamp gets the answer the first one got. Lists are answered page after page; the last page says so.',
  'With a secretKey payloads are encrypted: see the schema "encrypted".',
].join('\n\n');

const text: JsonSchema = { type: 'string' };
const constant = (value: string): JsonSchema => ({ type: 'string', const: value });
const refer = (path: string): JsonSchema => ({ $ref: `#/${path}` });
const mqtt = (settings: JsonSchema): JsonSchema => ({ mqtt: { ...settings, bindingVersion: '0.2.0' } });

interface Message extends JsonSchema {
  readonly name: string;
}

/** A message whose payload is an envelope of this kind with these fields. */
function message(
  name: string,
  { 'en-US': title, 'zh-CN': zh }: Command['summary'],
  envelope: keyof typeof envelopes,
  fields: JsonSchema,
): Message {
  const payload = { allOf: [refer(`components/schemas/${envelope}`), fields] };
  return { name, title, 'x-title-zh': zh, payload };
}

const base = {
  reqId: {
    type: 'string',
    minLength: 1,
    maxLength: 128,
    description: 'made up by whoever begins; an answer carries that of its command',
  },
  version: constant('1.0'),
  timestamp: { type: 'integer', description: 'in ms since 1970' },
};

/** What is around the params of every message. */
const envelopes = {
  'event-envelope': object({ ...base, method: constant('event'), name: text }),
  'old-event-envelope': object({ ...base, method: constant('thing.event.post') }),
  'property-envelope': object({ ...base, method: constant('thing.property.post') }),
  'command-envelope': object(
    {
      ...base,
      method: { type: 'string', enum: ['command', 'thing.command.invoke'] },
      name: text,
      params: {},
    },
    ['method', 'version', 'timestamp', 'params'],
  ),
  'response-envelope': object({
    ...base,
    method: constant('response'),
    name: text,
    code: {
      type: 'integer',
      description: '200 for success and where the protocol says so; otherwise 4xx or 5xx',
    },
    message: text,
  }),
} satisfies Record<string, JsonSchema>;

function eventMessage(name: EventName): Message {
  const fields = object({ name: constant(name), params: eventSchema(name) });
  return message(name, events[name].summary, 'event-envelope', fields);
}

function commandMessage(command: Command): Message {
  const { name, aliases = [], summary } = command;
  const called = aliases.length > 0 ? { type: 'string', enum: [name, ...aliases] } : constant(name);
  const fields = object({ name: called, params: paramsSchema(command) }, ['params']);
  return message(`${name}-command`, summary, 'command-envelope', fields);
}

/** Commands whose answers the protocol has without params, always or where nothing was found. */
const withoutParams = ['roomSayAt', 'roomFind'];

function answerMessage(command: Command): Message {
  const { name } = command;
  const fields = object({ params: resultSchema(command) }, withoutParams.includes(name) ? ['params'] : []);
  const title = { 'en-US': `the answer to ${name}`, 'zh-CN': `${name} 的响应` };
  return message(`${name}-answer`, title, 'response-envelope', fields);
}

const failure = message(
  'failure',
  {
    'en-US': 'the answer to a command that failed or could not be read',
    'zh-CN': '命令失败或无法解析时的响应',
  },
  'response-envelope',
  object({ error: refer('components/schemas/error'), params: {} }, ['params']),
);

const oldEvent = message(
  'old-event',
  {
    'en-US': 'what send, sendAt and roomQrcodeGet tell besides their answer, for older programs',
    'zh-CN': 'send、sendAt、roomQrcodeGet 在响应之外推送的旧格式事件',
  },
  'old-event-envelope',
  object({ events: object({ onMessage: { type: 'object' }, qrcode: {} }, ['onMessage', 'qrcode']) }),
);

const property = message(
  'properties',
  {
    'en-US': 'how the bot is; retained, and the last will of the connection',
    'zh-CN': '机器人当前状态（保留消息，也是遗嘱）',
  },
  'property-envelope',
  object({
    properties: object(
      {
        online: { type: 'boolean', description: 'whether the mirror is connected' },
        state: { type: 'string', description: 'the state of the bot, such as scanning or ready' },
        user: {
          anyOf: [object({ id: text, name: text }), { type: 'null' }],
          description: 'who is logged in',
        },
        version: { type: 'string', description: 'of this software' },
        lost: { type: 'integer', description: 'events that had to be dropped, if any' },
      },
      ['lost'],
    ),
  }),
);

const schemas: Readonly<Record<string, JsonSchema>> = {
  ...envelopes,
  ...sharedSchemas,
  error: object({
    code: {
      type: 'string',
      enum: Object.keys(errorCodes),
      description: Object.entries(errorCodes)
        .map(([code, { meaning }]) => `${code}: ${meaning}`)
        .join('; '),
    },
    message: text,
  }),
  encrypted: {
    ...object({ data: text, iv: text, tag: text }, ['tag']),
    description:
      'What every payload is when the remote has a secretKey, all in hex. Without sealing: AES-256-CBC, PKCS#7, iv of 16 bytes. ' +
      'Sealed: AES-256-GCM, iv of 12 bytes, tag of 16 bytes, the clientId as additional data. ' +
      'The key is the secretKey if that is 32 bytes in Base64, otherwise its SHA-256.',
  },
};

function channel(address: string, description: string, messages: readonly Message[]): JsonSchema {
  const parameters = [...address.matchAll(/\{(\w+)\}/g)].map(
    ([, name = '']) => [name, refer(`components/parameters/${name}`)] as const,
  );
  return {
    address,
    description,
    parameters: Object.fromEntries(parameters),
    messages: Object.fromEntries(messages.map(({ name }) => [name, refer(`components/messages/${name}`)])),
  };
}

/** The document as it should be. */
export function asyncApi(): string {
  const eventMessages = (Object.keys(events) as EventName[]).map(eventMessage);
  const told = [...eventMessages, oldEvent];
  const asked = commands.map((command) => ({
    command,
    request: commandMessage(command),
    answer: answerMessage(command),
  }));
  const requests = asked.map(({ request }) => request);
  const answers = [...asked.map(({ answer }) => answer), failure];
  const qos1 = { qos: 1, retain: false };
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'WeChat bots on MQTT',
      version: '1.0.0',
      description: protocol,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: Object.fromEntries(
      Object.entries({ mqtt: 1883, mqtts: 8883, ws: 8083, wss: 8084 }).map(([name, port]) => [
        name,
        {
          host: `{host}:${port}`,
          protocol: name,
          variables: { host: { default: 'localhost', description: 'the broker' } },
          security: [refer('components/securitySchemes/user')],
        },
      ]),
    ),
    channels: {
      event: channel('thing/chatbot/{clientId}/event/post', 'what happens to the bot', told),
      command: channel('thing/chatbot/{clientId}/command/invoke', 'what the bot is told to do', requests),
      response: channel('thing/chatbot/{clientId}/response/d2c/{reqId}', 'what came of a command', answers),
      property: channel('thing/chatbot/{clientId}/property/post', 'how the bot is', [property]),
    },
    operations: {
      event: {
        action: 'send',
        channel: refer('channels/event'),
        summary: 'The bot tells what happened.',
        messages: told.map(({ name }) => refer(`channels/event/messages/${name}`)),
        bindings: mqtt(qos1),
      },
      property: {
        action: 'send',
        channel: refer('channels/property'),
        summary: 'The bot tells how it is.',
        messages: [refer('channels/property/messages/properties')],
        bindings: mqtt({ qos: 1, retain: true }),
      },
      ...Object.fromEntries(
        asked.map(({ command, request, answer }) => [
          command.name,
          {
            action: 'receive',
            channel: refer('channels/command'),
            summary: command.summary['en-US'],
            'x-summary-zh': command.summary['zh-CN'],
            tags: [{ name: command.readOnly ? 'reads' : 'changes' }],
            messages: [refer(`channels/command/messages/${request.name}`)],
            bindings: mqtt(qos1),
            reply: {
              channel: refer('channels/response'),
              messages: [answer, failure].map(({ name }) => refer(`channels/response/messages/${name}`)),
            },
          },
        ]),
      ),
    },
    components: {
      parameters: {
        clientId: { description: 'names the bot; the clientId of the remote' },
        reqId: { description: 'the reqId of the command; "unknown" where it could not be read' },
      },
      securitySchemes: { user: { type: 'userPassword', description: 'if the broker wants one' } },
      schemas,
      messages: Object.fromEntries(
        [...told, ...requests, ...answers, property].map((one) => [one.name, one]),
      ),
    },
  };
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0, singleQuote: true });
}
