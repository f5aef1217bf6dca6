/**
 * Writes docs/openapi-*.yaml, the descriptions of the protocols that programs speak with a bot by HTTP, from the tables
 * the product itself uses.
 */
import { stringify } from 'yaml';
import { openwx } from './openwx';
import { wehelp } from './wehelp';
import { wxbot } from './wxbot';
import type { JsonSchema } from './mqtt-schemas';

/** A text in both languages. */
export interface InBoth {
  readonly 'en-US': string;
  readonly 'zh-CN': string;
}

/** One path of a protocol. */
export interface HttpPath {
  /** With its slash, such as `/openwx/get_user_info`. */
  readonly path: string;
  readonly summary: InBoth;
  /** What it is sorted under. */
  readonly tag: string;
  /** By which methods it can be called, and what each takes. */
  readonly methods: Readonly<Partial<Record<'get' | 'post', HttpRequest>>>;
  /** What is answered, by status and content type. */
  readonly answers: Readonly<Record<string, HttpAnswer>>;
}

/** What a method takes. */
export interface HttpRequest {
  readonly parameters?: readonly {
    readonly name: string;
    readonly description: string;
    readonly required?: boolean;
  }[];
  /** By content type. */
  readonly body?: Readonly<Record<string, JsonSchema>>;
}

/** What is answered with one status. */
export interface HttpAnswer {
  readonly description: string;
  /** By content type. */
  readonly content?: Readonly<Record<string, JsonSchema>>;
}

/** A protocol. */
export interface HttpProtocol {
  /** Names the file: docs/openapi-{name}.yaml. */
  readonly name: string;
  readonly title: string;
  /** In Markdown. */
  readonly description: string;
  /** The port the node has unless told. */
  readonly port: number;
  /** The ways in, as OpenAPI's security schemes; one of them is enough. Empty where there is no secret. */
  readonly security: Readonly<Record<string, JsonSchema>>;
  /** Whether one may also come in without, on loopback. */
  readonly isOpenOnLoopback: boolean;
  readonly paths: readonly HttpPath[];
}

/** All protocols that are described. */
export const httpProtocols: readonly HttpProtocol[] = [openwx, wehelp, wxbot];

const contentOf = (content: Readonly<Record<string, JsonSchema>>): JsonSchema =>
  Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }]));

function methodOf(
  { path, summary, tag, answers }: HttpPath,
  method: string,
  request: HttpRequest,
): JsonSchema {
  const { parameters = [], body } = request;
  return {
    operationId: `${path.replace(/^\/+/, '').replaceAll('/', '_')}_${method}`,
    summary: summary['en-US'],
    'x-summary-zh': summary['zh-CN'],
    tags: [tag],
    ...(parameters.length > 0
      ? {
          parameters: parameters.map(({ name, description, required = false }) => ({
            name,
            in: 'query',
            description,
            required,
            schema: { type: 'string' },
          })),
        }
      : {}),
    ...(body ? { requestBody: { content: contentOf(body) } } : {}),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, { description, content }]) => [
        status,
        { description, ...(content ? { content: contentOf(content) } : {}) },
      ]),
    ),
  };
}

/** The document of a protocol as it should be. */
export function openApi(protocol: HttpProtocol): string {
  const { title, description, port, security, isOpenOnLoopback, paths } = protocol;
  const ways = Object.keys(security).map((name) => ({ [name]: [] }));
  const document = {
    openapi: '3.1.0',
    info: {
      title,
      version: '1.0.0',
      description,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [
      {
        url: 'http://{host}:{port}',
        variables: { host: { default: '127.0.0.1' }, port: { default: String(port) } },
      },
    ],
    ...(ways.length > 0 ? { security: isOpenOnLoopback ? [{}, ...ways] : ways } : {}),
    tags: [...new Set(paths.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: Object.fromEntries(
      paths.map((path) => [
        path.path,
        Object.fromEntries(
          Object.entries(path.methods).map(([method, request]) => [method, methodOf(path, method, request)]),
        ),
      ]),
    ),
    components: ways.length > 0 ? { securitySchemes: security } : {},
  };
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0, singleQuote: true });
}
