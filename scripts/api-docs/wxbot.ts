/** The HTTP part of WXBot, for docs/openapi-wxbot.yaml. */
import { retCodes } from '../../src/remotes/wxbot/return-codes';
import { type SendName, sendNames, sendPath, sends } from '../../src/remotes/wxbot/sends';
import type { HttpPath, HttpProtocol } from './openapi';
import { type JsonSchema, object } from './mqtt-schemas';

const description = [
  'Bots that a wechat-wxbot-remote node serves to programs written for WXBot. Messages come by WebSocket: see ' +
    'asyncapi-wxbot.yaml.',
  'The status is 200 also when something failed: then `ok` is false, `retCode` says how and `error` why. With `cost` true ' +
    'WeChat was asked: what is tried again may be sent twice.',
  'What the body holds decides what is sent where the path says something else.',
].join('\n\n');

const text: JsonSchema = { type: 'string' };
const integer: JsonSchema = { type: 'integer' };

/** What `JSON.stringify` leaves of a schema is what others can read. */
const plain = (schema: object): JsonSchema => JSON.parse(JSON.stringify(schema)) as JsonSchema;

const sent = object(
  {
    ok: { type: 'boolean', const: true },
    result: object(
      {
        ToUserName: text,
        CreateTime: { ...integer, description: 'in s since 1970' },
        MsgId: { ...integer, format: 'int32' },
        NewMsgId: {
          ...integer,
          format: 'int64',
          description: 'the message; absent where the puppet gives no id',
        },
      },
      ['MsgId', 'NewMsgId'],
    ),
    retCode: { ...integer, const: 0 },
    cost: { type: 'boolean', const: true },
  },
  [],
);

const failures = Object.entries(retCodes).filter(([code]) => code !== '0');

const failure = object({
  ok: { type: 'boolean', const: false },
  retCode: {
    ...integer,
    enum: failures.map(([code]) => Number(code)),
    description: failures.map(([code, words]) => `${code}: ${words['en-US']}`).join('; '),
  },
  cost: { type: 'boolean' },
  error: text,
});

const inJson = (schema: JsonSchema) => ({ 'application/json': schema });
const refusal = (words: string) => ({ description: words, content: inJson(failure) });

function pathOf(name: SendName): HttpPath {
  const { summary, body } = sends[name];
  const key = { name: 'key', description: 'lets the client in; not needed where the node has no key' };
  return {
    path: `${sendPath}${name}`,
    summary: { ...summary, 'en-US': `${summary['en-US']} to a person or a room` },
    tag: 'messages',
    methods: { post: { parameters: [key], body: inJson(plain(body)) } },
    answers: {
      '200': { description: 'what became of it', content: inJson({ anyOf: [sent, failure] }) },
      '404': refusal('there is nothing at this path'),
      '405': refusal('it was not a POST'),
      '413': refusal('the body is too large'),
      '429': refusal('too many wrong keys came from this address'),
    },
  };
}

/** WXBot. */
export const wxbot: HttpProtocol = {
  name: 'wxbot',
  title: 'WeChat bots by the protocol WXBot: sending',
  description,
  port: 19_095,
  security: { key: { type: 'apiKey', in: 'query', name: 'key' } },
  isOpenOnLoopback: true,
  paths: sendNames.map(pathOf),
};
