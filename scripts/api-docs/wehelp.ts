/** The web service of a WeHelp user, for docs/openapi-wehelp.yaml: here the bot is the client. */
import { taskKinds } from '../../src/remotes/wehelp/tasks/table';
import { callbackTypes, qrCodeCode } from '../../src/remotes/wehelp/wire';
import type { HttpProtocol } from './openapi';
import { type JsonSchema, object } from './mqtt-schemas';

const description = [
  'The web service that a wechat-wehelp-remote node speaks with: the node is the client. Both paths are examples, as the node is ' +
    'told two URLs of any form.',
  'A callback is posted until it is answered with a status of 2xx, one after the other. It may come twice if its answer was lost.',
  'A task counts as handed out once it was in an answer: it has no id, and is done once.',
].join('\n\n');

const text: JsonSchema = { type: 'string' };

/** What `JSON.stringify` leaves of a schema is what others can read. */
const plain = (schema: object): JsonSchema => JSON.parse(JSON.stringify(schema)) as JsonSchema;

const tasks = taskKinds.map(({ api, code, params }): JsonSchema => {
  const { properties, required = [] } = plain(params) as {
    properties: Record<string, JsonSchema>;
    required?: string[];
  };
  return {
    type: 'object',
    title: api,
    properties: {
      api: { ...text, const: api },
      ...(code === undefined ? {} : { code: { type: 'integer', const: code } }),
      ...properties,
      time: { type: 'number', minimum: 0, description: 'puts the task off, by s or ms as the node says' },
    },
    required: ['api', ...required],
  };
});

/** What each type means. */
const meanings: Readonly<Record<keyof typeof callbackTypes, string>> = {
  error: 'a task failed, or is none: code -1, api, message, task',
  loginStatus: 'whether somebody is logged in: code 200 or -1, info',
  login: 'somebody logged in: code 200',
  roomCreated: 'the bot came into a room: chatroom',
  self: 'who logged in',
  members: 'the members of a room: wxid, info, userLists',
  message: 'a message: msgType, wxid, formWxid in rooms, nick, message',
  ticket: 'the v2 of a member',
  contactPacket: 'a contact: cgi, packLen, hex, and the contact',
  logout: 'the bot logged out: cgi, packLen, hex',
  accepted: 'a friend request was accepted: cgi, packLen, hex',
  contactsPacket: 'the ids of all contacts: cgi, packLen, hex',
  phoneLogout: 'logged out on the phone: cgi, packLen, hex',
  contacts: 'contacts: userLists',
  rooms: 'rooms: chatrooms',
};

const typed = Object.entries(callbackTypes).map(([name, type]): JsonSchema => ({
  type: 'object',
  title: name,
  description: meanings[name as keyof typeof callbackTypes],
  properties: { type: { type: 'integer', const: type }, processid: { type: 'integer' }, cwxid: text },
  required: ['type', 'processid', 'cwxid'],
}));
const qrCode: JsonSchema = {
  type: 'object',
  title: 'qrCode',
  description: 'a QR code to log in with',
  properties: { code: { type: 'integer', const: qrCodeCode }, message: text },
  required: ['code', 'message'],
};

const callback = object({ data: { anyOf: [...typed, qrCode] } });

/** WeHelp. */
export const wehelp: HttpProtocol = {
  name: 'wehelp',
  title: 'A web service for WeChat bots, as WeHelp calls it',
  description,
  port: 5000,
  security: {},
  isOpenOnLoopback: true,
  paths: [
    {
      path: '/callback',
      summary: { 'en-US': 'is told what happens', 'zh-CN': '接收消息回调' },
      tag: 'callbacks',
      methods: { post: { body: { 'application/json': callback } } },
      answers: { '200': { description: 'it was taken; what is in the answer does not count' } },
    },
    {
      path: '/tasks',
      summary: { 'en-US': 'hands out tasks, each once', 'zh-CN': '下发任务，每个任务一次' },
      tag: 'tasks',
      methods: { get: {} },
      answers: {
        '200': {
          description: 'tasks, or none',
          content: { 'application/json': { type: 'array', items: { anyOf: tasks } } },
        },
      },
    },
  ],
};
