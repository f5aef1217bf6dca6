/**
 * The generated parts of the pages, each between markers such as `<!-- events -->` and `<!-- /events -->`. They are
 * derived from the tables, schemas and labels that the product itself uses.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContactView, MemberView, MessageView, RoomView } from '../src/bot/views';
import { contentParams, FileView } from '../src/commands/shared-schemas';
import { commands } from '../src/commands/table';
import { events } from '../src/events/table';
import { type Parameter, parametersOf } from '../src/editor/forms/parameters.editor';
import type { JsonSchema } from '../src/admin/api-types';
import { code, type Language, languages, replacePart, table, translated } from './markdown';
import { puppetTable } from './puppet-table';
import { contentTable, nodeList, nodeSections } from './node-tables';
import { padchatTable, wehelpTable } from './remote-tables';

const root = join(__dirname, '..');

/** The words of the tables in one language. */
interface Words {
  readonly eventHead: readonly string[];
  readonly viewHead: readonly string[];
  readonly commandHead: readonly string[];
  readonly none: string;
  readonly oneOf: string;
  readonly required: string;
  readonly defaultValue: string;
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
    required: 'required',
    defaultValue: 'default ',
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
    required: '必填',
    defaultValue: '默认 ',
    colon: '：',
    semicolon: '；',
    content: '[要发送的内容](content.md)',
  },
};

/** The views that events and results contain, by the name that the tables use. */
const views = Object.entries({
  contact: ContactView,
  room: RoomView,
  member: MemberView,
  message: MessageView,
  file: FileView,
}).map(([name, schema]) => ({ name, schema: plain(schema) }));

/** Listed in the view of a message only; other schemas refer to it. */
const messageTypes = MessageView.properties.type.enum.join();

/** The schema as plain JSON. */
function plain(schema: object): JsonSchema {
  return JSON.parse(JSON.stringify(schema)) as JsonSchema;
}

function described(schema: JsonSchema, language: Language): string {
  return (language === 'zh-CN' ? schema['x-description-zh'] : schema.description) ?? '';
}

/** The type that a schema describes in TypeScript's notation, with views by their names. */
function typeOf(schema: JsonSchema): string {
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

/** A field or parameter: name, aliases, type unless it is a string, allowed values, description, default. */
function field(head: string, schema: JsonSchema, language: Language): string {
  const { colon, semicolon, oneOf, defaultValue } = words[language];
  const type = typeOf(schema);
  const typed = schema.enum || ['string', 'object'].includes(type) ? head : `${head} _${type}_`;
  const isView = views.some((view) => view.name === type);
  const meaning = [
    schema.enum ? oneOf + schema.enum.map(String).map(code).join(', ') : '',
    isView ? '' : described(schema, language),
    schema.default === undefined
      ? ''
      : defaultValue + code(JSON.stringify(schema.default).replaceAll('"', '')),
  ];
  const text = meaning.filter(Boolean).join(semicolon);
  return text ? typed + colon + text : typed;
}

function fieldsOf(schema: JsonSchema, language: Language): string {
  const lines = Object.entries(schema.properties ?? {}).map(([name, one]) =>
    field(code(name), one, language),
  );
  return lines.join('<br>') || words[language].none;
}

/** A command's parameters with their aliases; those of the content are described on another page. */
function parameterList(parameters: readonly Parameter[], language: Language): string {
  const { colon, none, required, content } = words[language];
  const isContent = ({ name }: Parameter): boolean => hasContent && name in contentParams;
  const hasContent = parameters.some(({ kind }) => kind === 'content');
  const lines = parameters
    .filter((parameter) => !parameter.isAlias && !isContent(parameter))
    .map(({ name, schema, required: isRequired }) => {
      const aliases = parameters.filter((other) => other.schema['x-alias-of'] === name);
      const inBrackets = [...(isRequired ? [required] : []), ...aliases.map((alias) => code(alias.name))];
      const head = inBrackets.length > 0 ? `${code(name)} (${inBrackets.join(', ')})` : code(name);
      return field(head, schema, language);
    });
  if (hasContent) lines.push(Object.keys(contentParams).map(code).join(', ') + colon + content);
  return lines.join('<br>') || none;
}

function resultOf(schema: JsonSchema, language: Language): string {
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
    parameterList(parametersOf({ name, params: plain(params) }), language),
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
  { marker: 'operations', page: 'docs/protocols/padchat.md', make: padchatTable },
  { marker: 'tasks', page: 'docs/protocols/wehelp.md', make: wehelpTable },
  { marker: 'puppets', page: 'docs/puppets.md', make: puppetTable },
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
