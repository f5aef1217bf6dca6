/** Writes docs/asyncapi-wxbot.yaml, the description of what WXBot's clients say and hear by WebSocket. */
import { stringify } from 'yaml';
import { wechatTypes } from '../../src/remotes/wechat/wechat-xml';
import { retCodes } from '../../src/remotes/wxbot/return-codes';
import { type JsonSchema, object } from './mqtt-schemas';

const description = [
  'What a wechat-wxbot-remote node serves to programs that were written for WXBot. Everything is sent by HTTP: see ' +
    'openapi-wxbot.yaml.',
  'After connecting, a client introduces itself within 10 s. Nothing is answered before that; who gives a wrong key is ' +
    'told so and hung up on. Then it is told every message of every bot that has a token, in the order of each bot.',
  'What comes while a client is away is not told later. Clients that do not read or do not answer pings are hung up on.',
].join('\n\n');

const text: JsonSchema = { type: 'string' };
const integer: JsonSchema = { type: 'integer' };
const constant = (value: string): JsonSchema => ({ type: 'string', const: value });
const refer = (path: string): JsonSchema => ({ $ref: `#/${path}` });
const wrapped = (words: string): JsonSchema => object({ string: { type: 'string', description: words } });

/** What each of WeChat's numbers for messages means. */
const kinds = [...new Set(Object.values(wechatTypes))].map((number) => {
  const names = Object.entries(wechatTypes).filter(([, other]) => other === number);
  return `${number} ${names.map(([name]) => name).join(', ')}`;
});

const introduction = object({
  app: constant('wxbot'),
  version: constant('1.0'),
  key: { ...text, description: 'of the node; any where it has none' },
});

const authResult = object({
  type: constant('AuthCheckResult'),
  eventType: constant('AuthCheckResult'),
  retCode: {
    ...integer,
    enum: [0, 1000],
    description: `0: ${retCodes[0]['en-US']}; 1000: wrong key, app or version`,
  },
  msg: { ...text, description: 'the same in Chinese' },
});

const addMsg = object({
  userInfo: object({ wxid: { ...text, description: 'of the bot whose message it is' }, nickname: text }),
  eventType: constant('AddMsg'),
  event: object({
    NewMsgId: { ...integer, format: 'int64', description: 'has up to 63 bits' },
    MsgId: { ...integer, format: 'int32' },
    FromUserName: wrapped('who said it; of what others said in a room, the room'),
    ToUserName: wrapped('to whom; of what the bot said in a room, the room'),
    MsgType: {
      ...integer,
      enum: [...new Set(Object.values(wechatTypes))],
      description: kinds.join('; '),
    },
    Content: wrapped(
      'the text, or XML as WeChat has it; what others said in a room begins with their id, a colon and a line break',
    ),
    Status: integer,
    ImgStatus: integer,
    ImgBuf: object({ iLen: { ...integer, const: 0 } }),
    CreateTime: { ...integer, description: 'in s since 1970' },
    MsgSource: { ...text, description: 'XML: who is mentioned (atuserlist), and how many are in the room' },
    PushContent: { ...text, description: "what a phone's lock screen would show; empty for own messages" },
    MsgSeq: { ...integer, description: 'counts up' },
  }),
});

/** What travels, by the names of the document. */
const messages = {
  introduction: { title: 'a client says who it is', 'x-title-zh': '客户端鉴权', payload: introduction },
  'auth-result': { title: 'whether it is let in', 'x-title-zh': '鉴权结果', payload: authResult },
  'add-msg': { title: 'a message was received or sent', 'x-title-zh': '收到或发出一条消息', payload: addMsg },
};

/** The document as it should be. */
export function wxbotAsyncApi(): string {
  const named = Object.entries(messages).map(([name, message]) => [name, { name, ...message }]);
  const of = (name: keyof typeof messages): JsonSchema => refer(`channels/socket/messages/${name}`);
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'WeChat bots by the protocol WXBot: listening',
      version: '1.0.0',
      description,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      node: {
        host: '{host}:{port}',
        protocol: 'ws',
        variables: { host: { default: '127.0.0.1' }, port: { default: '19095' } },
      },
    },
    channels: {
      socket: {
        address: '/',
        description: 'any path will do',
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, refer(`components/messages/${name}`)]),
        ),
      },
    },
    operations: {
      introduce: {
        action: 'receive',
        channel: refer('channels/socket'),
        summary: 'A client says who it is.',
        messages: [of('introduction')],
        reply: { channel: refer('channels/socket'), messages: [of('auth-result')] },
      },
      tell: {
        action: 'send',
        channel: refer('channels/socket'),
        summary: 'A client is told of a message.',
        messages: [of('add-msg')],
      },
    },
    components: { messages: Object.fromEntries(named) as JsonSchema },
  };
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0, singleQuote: true });
}
