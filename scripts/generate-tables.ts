/**
 * Writes the generated parts of the documents, each between markers such as `<!-- events -->` and `<!-- /events -->`.
 * They are read from the tables, schemas and labels that the product itself uses.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContactView, MemberView, MessageView, RoomView } from '../src/bot/views';
import { contentParams, FileView } from '../src/commands/shared-schemas';
import { commands } from '../src/commands/table';
import { events } from '../src/events/table';
import { code, type Language, languages, replacePart, table, translated } from './markdown';
import { contentTable, nodeList, nodeSections } from './node-tables';

const root = join(__dirname, '..');

/** A schema as plain JSON, as far as documents need it. */
interface Schema {
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly description?: string;
  readonly 'x-description-zh'?: string;
}

/** What the tables say in one language besides the words of the schemas. */
interface Words {
  readonly eventHead: readonly string[];
  readonly viewHead: readonly string[];
  readonly commandHead: readonly string[];
  readonly none: string;
  readonly oneOf: string;
  readonly colon: string;
  readonly semicolon: string;
  readonly content: string;
}

const words: Readonly<Record<Language, Words>> = {
  'en-US': {
    eventHead: ['Event', 'When', 'Fields'],
    viewHead: ['Type', 'What it is', 'Fields'],
    commandHead: ['Command', 'What it does', 'Parameters', 'Result'],
    none: 'none',
    oneOf: 'one of ',
    colon: ': ',
    semicolon: '; ',
    content: '[what to send](content.md)',
  },
  'zh-CN': {
    eventHead: ['事件', '何时发生', '字段'],
    viewHead: ['类型', '含义', '字段'],
    commandHead: ['命令', '作用', '参数', '结果'],
    none: '无',
    oneOf: '取值 ',
    colon: '：',
    semicolon: '；',
    content: '[要发送的内容](content.md)',
  },
};

/** What events and results hold again and again, by the name the tables give it. */
const views = Object.entries({
  contact: ContactView,
  room: RoomView,
  member: MemberView,
  message: MessageView,
  file: FileView,
}).map(([name, schema]) => ({ name, schema: plain(schema) }));

/** They are many: the view of a message lists them, and what else has them refers to it. */
const messageTypes = MessageView.properties.type.enum.join();

/** The schema without what only TypeScript sees in it. */
function plain(schema: object): Schema {
  return JSON.parse(JSON.stringify(schema)) as Schema;
}

function described(schema: Schema, language: Language): string {
  return (language === 'zh-CN' ? schema['x-description-zh'] : schema.description) ?? '';
}

/** What a schema allows, the way TypeScript would write it, with views by their names. */
function typeOf(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ');
  if (schema.enum) return schema.enum.join() === messageTypes ? 'message.type' : 'string';
  if (schema.items) {
    const item = typeOf(schema.items);
    return / [&|] /.test(item) ? `(${item})[]` : `${item}[]`;
  }
  if (!schema.properties) return schema.type ?? 'any';
  const fields = Object.entries(schema.properties);
  const view = views.find((one) =>
    Object.keys(one.schema.properties ?? {}).every((name) => name in (schema.properties ?? {})),
  );
  const own = fields.filter(([name]) => !(name in (view?.schema.properties ?? {})));
  const inner = own.map(([name, field]) => {
    const type = typeOf(field);
    return /[[{]/.test(type) ? `${name}: ${type}` : name;
  });
  if (!view) return `{${inner.join(', ')}}`;
  return own.length > 0 ? `${view.name} & {${inner.join(', ')}}` : view.name;
}

/** A field or parameter under its names: what it may be, unless it is a plain text, and what it means. */
function field(names: readonly string[], schema: Schema, language: Language): string {
  const { colon, semicolon, oneOf } = words[language];
  const [name = '', ...others] = names;
  const type = typeOf(schema);
  const known = [
    code(name),
    ...(others.length > 0 ? [`(${others.map(code).join(', ')})`] : []),
    ...(schema.enum || ['string', 'object'].includes(type) ? [] : [`_${type}_`]),
  ].join(' ');
  const isView = views.some((one) => one.name === type);
  const values = schema.enum ? oneOf + schema.enum.map(code).join(', ') : '';
  const meaning = [values, isView ? '' : described(schema, language)].filter(Boolean).join(semicolon);
  return meaning ? known + colon + meaning : known;
}

function fieldsOf(schema: Schema, language: Language): string {
  const lines = Object.entries(schema.properties ?? {}).map(([name, one]) => field([name], one, language));
  return lines.join('<br>') || words[language].none;
}

/** A command's parameters; older spellings stand beside the present one, and the content is explained elsewhere. */
function parametersOf({ properties = {} }: Schema, language: Language): string {
  const all = Object.entries(properties);
  const spellingOf = (one: Schema): string | undefined =>
    /^同 (\w+)/.exec(one['x-description-zh'] ?? '')?.[1];
  const sends = 'messagePayload' in properties;
  const lines = all
    .filter(([name, one]) => !spellingOf(one) && !(sends && name in contentParams))
    .map(([name, one]) => {
      const others = all.filter(([, other]) => spellingOf(other) === name).map(([other]) => other);
      return field([name, ...others], one, language);
    });
  const { colon, none, content: whatToSend } = words[language];
  if (sends) lines.push(Object.keys(contentParams).map(code).join(', ') + colon + whatToSend);
  return lines.join('<br>') || none;
}

function resultOf(schema: Schema, language: Language): string {
  const isOpen = Object.keys(schema.properties ?? {}).length === 0;
  return (isOpen && described(schema, language)) || code(typeOf(schema));
}

function eventTable(language: Language): string {
  const rows = Object.entries(events).map(([name, { summary, schema }]) => [
    code(name),
    summary[language],
    fieldsOf(plain(schema), language),
  ]);
  return table(words[language].eventHead, rows);
}

function viewTable(language: Language): string {
  const rows = views.map(({ name, schema }) => [
    code(name),
    described(schema, language),
    fieldsOf(schema, language),
  ]);
  return table(words[language].viewHead, rows);
}

function commandTable(language: Language): string {
  const rows = commands.map(({ name, aliases = [], summary, params, result }) => [
    [name, ...aliases].map(code).join('<br>'),
    summary[language],
    parametersOf(plain(params), language),
    resultOf(plain(result), language),
  ]);
  return table(words[language].commandHead, rows);
}

/** The generated parts: the marker, the English page, relative to the checkout, and what stands between the markers. */
const parts = [
  { marker: 'node-list', page: 'README.md', make: nodeList },
  { marker: 'nodes', page: 'docs/nodes.md', make: nodeSections },
  { marker: 'events', page: 'docs/events.md', make: eventTable },
  { marker: 'views', page: 'docs/events.md', make: viewTable },
  { marker: 'commands', page: 'docs/commands.md', make: commandTable },
  { marker: 'content', page: 'docs/content.md', make: contentTable },
] as const;

/** All pages with generated parts, with those parts up to date. @throws Error when a marker is missing. */
export function generatedPages(): Map<string, string> {
  const pages = new Map<string, string>();
  for (const language of languages) {
    for (const { marker, page, make } of parts) {
      const file = translated(page, language);
      const text = pages.get(file) ?? readFileSync(join(root, file), 'utf8');
      pages.set(file, replacePart(text, marker, make(language)));
    }
  }
  return pages;
}

if (require.main === module) {
  for (const [file, text] of generatedPages()) writeFileSync(join(root, file), text);
}
