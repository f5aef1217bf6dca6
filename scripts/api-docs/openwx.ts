/** The Openwx HTTP API, for docs/openapi-openwx.yaml. */
import type { Operation } from '../../src/remotes/openwx/operations/operation';
import { operations } from '../../src/remotes/openwx/operations/table';
import type { HttpPath, HttpProtocol } from './openapi';
import { type JsonSchema, object } from './mqtt-schemas';

const description = [
  'A bot that a wechat-openwx-remote node serves to programs written for the HTTP API of Openwx (Mojo-Weixin).',
  'Every path takes GET and POST. Parameters may be in the query, in a form or in a JSON object; where one comes twice, ' +
    'the query counts. With `datatype=jsonp` and `callback=f` the answer is `f(…)`.',
  'The status is 200 also when something failed: then the answer has a `code` other than 0 and says why in `status`. ' +
    '100 not found, 101 not needed, 200 something is missing, 201 refused by WeChat or unsupported, -1 not done, -2 wrong ' +
    'parameters, -3 not logged in, -4 too much at once, -5 too late, -6 not allowed.',
].join('\n\n');

/** Where paths are sorted, by the command of the table they lead to. */
const tags: readonly (readonly [RegExp, string])[] = [
  [/^(get_client_info|stop_client|get_user_info)$/, 'client'],
  [/^(send_|revoke_|upload_|consult)/, 'messages'],
  [/^check_event$/, 'events'],
  [/group/, 'groups'],
];

const text: JsonSchema = { type: 'string' };

/** What `JSON.stringify` leaves of a schema is what others can read. */
const plain = (schema: object): JsonSchema => JSON.parse(JSON.stringify(schema)) as JsonSchema;

const failure = object({ code: { type: 'integer', not: { const: 0 } }, status: text });

function answersOf({ path, response: answer }: Operation): HttpPath['answers'] {
  const json = { anyOf: [plain(answer), failure] };
  if (path !== 'get_avatar') {
    return {
      '200': { description: 'the answer, or what went wrong', content: { 'application/json': json } },
    };
  }
  return {
    '200': {
      description: 'the picture, or what went wrong',
      content: { 'image/*': { type: 'string', format: 'binary' }, 'application/json': json },
    },
    '304': { description: 'the picture is the one its reader has' },
    '503': { description: 'there was no picture in 3 s' },
  };
}

function pathOf(operation: Operation): HttpPath {
  const { path, summary, params } = operation;
  const named = Object.entries(params);
  const fields = Object.fromEntries(
    named.map(([name, { summary: words }]) => [name, { ...text, description: words['en-US'] }]),
  );
  const form: JsonSchema = { type: 'object', properties: fields };
  const hasFields = named.length > 0;
  return {
    path: `/openwx/${path}`,
    summary,
    tag: tags.find(([pattern]) => pattern.test(path))?.[1] ?? 'people',
    methods: {
      get: {
        parameters: named.map(([name, { summary: words, required = false }]) => ({
          name,
          description: words['en-US'],
          required,
        })),
      },
      post: hasFields
        ? { body: { 'application/x-www-form-urlencoded': form, 'application/json': form } }
        : {},
    },
    answers: answersOf(operation),
  };
}

/** The protocol. */
export const openwx: HttpProtocol = {
  name: 'openwx',
  title: 'WeChat bots by HTTP: Openwx',
  description,
  port: 3000,
  security: {
    bearer: { type: 'http', scheme: 'bearer' },
    basic: { type: 'http', scheme: 'basic', description: 'the token as the password' },
    header: { type: 'apiKey', in: 'header', name: 'X-Token' },
    query: { type: 'apiKey', in: 'query', name: 'token' },
  },
  isOpenOnLoopback: true,
  paths: operations.map(pathOf),
};
