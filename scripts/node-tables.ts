/**
 * Markdown about the nodes, read from their sources: saved properties and defaults from `properties.ts`, labels and
 * explanations from the `locales` of each node.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContentType } from '../src/commands/content/content-types';
import { contentTypes } from '../src/commands/content/content-types';
import { anchorOf, code, type Language, repositoryUrl, table } from './markdown';

const src = join(__dirname, '..', 'src');

/** One node as the documents describe it. */
interface NodeDescription {
  /** The registered type: `wechat-on-event`. */
  readonly type: string;
  /** Its name in the palette. */
  readonly label: string;
  /** The help page in Markdown. */
  readonly help: string;
  readonly properties: readonly PropertyDescription[];
}

interface PropertyDescription {
  readonly name: string;
  /** The default as JSON; undefined for a credential. */
  readonly initial: string | undefined;
  readonly label: string;
  readonly meaning: string;
}

/** The properties of every node, which the page explains once. */
const commonProperties = ['name', 'bot', 'version'];

/** The groups of a label file that documents read. */
interface Labels {
  readonly palette?: Readonly<Record<string, unknown>>;
  readonly label?: Readonly<Record<string, string>>;
  readonly hint?: Readonly<Record<string, string>>;
  /** What a property means whose label says it all in the form; for documents only. */
  readonly meaning?: Readonly<Record<string, string>>;
  readonly content?: Readonly<Record<'type' | 'hint', Readonly<Record<ContentType, string>>>>;
}

const words = {
  'en-US': {
    inputs: 'Inputs',
    outputs: 'Outputs',
    properties: ['Property', 'Default', 'In the form', 'Meaning'],
    content: ['Kind', 'In the form', 'Content'],
    source: (name: string) => `source of ${code(name)}`,
    credential: 'credential',
    empty: 'empty',
    colon: ': ',
    comma: ', ',
    firstSentence: /^[^]*?\.(?=\s|$)/,
  },
  'zh-CN': {
    inputs: '输入',
    outputs: '输出',
    properties: ['属性', '默认值', '表单中的名称', '含义'],
    content: ['类型', '表单中的名称', '内容'],
    source: (name: string) => `${code(name)} 的取值来源`,
    credential: '凭据',
    empty: '空',
    colon: '：',
    comma: '、',
    firstSentence: /^[^]*?。/,
  },
} as const;

function readLabels(folder: string, language: Language): Labels {
  return JSON.parse(readFileSync(join(src, folder, 'locales', `${language}.json`), 'utf8')) as Labels;
}

/** The registered types, in the order of `package.json`. */
export function nodeTypes(): string[] {
  const manifest = JSON.parse(readFileSync(join(src, '..', 'package.json'), 'utf8')) as {
    'node-red': { nodes: Record<string, string> };
  };
  return Object.keys(manifest['node-red'].nodes);
}

/** The saved properties of a node with their defaults, except its version; and its credentials without. */
export function savedProperties(type: string): Map<string, unknown> {
  const file = join(src, 'nodes', type.replace('wechat-', ''), 'properties');
  // The nodes are listed in package.json, so their modules are known at run time only.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { defaults } = require(file) as { defaults: Readonly<Record<string, unknown>> };
  const source = readFileSync(`${file}.ts`, 'utf8');
  const [, body = ''] = /interface \w+Credentials \{([^}]+)\}/.exec(source) ?? [];
  const credentials = [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(
    ([, name = '']) => [name, undefined] as const,
  );
  const properties = Object.entries(defaults).filter(([name]) => name !== 'version');
  return new Map([...properties, ...credentials]);
}

/** The items of a help page's list under a heading: `: Name (type) : text`. */
function helpItems(help: string, heading: string): { name: string; type: string; text: string }[] {
  const [, section = ''] = new RegExp(`^### ${heading}\\n([^]*?)(?=^### |(?![^]))`, 'm').exec(help) ?? [];
  return [...section.matchAll(/^: (.+?) \(([^)]*)\) : (.+)$/gm)].map(
    ([, name = '', type = '', text = '']) => ({
      name,
      type,
      text,
    }),
  );
}

/** A label without its unit: `Outbox (MB)` is `Outbox`. */
function withoutUnit(label: string): string {
  return label.replace(/ ?[(（].*$/, '');
}

function describeNode(type: string, language: Language): NodeDescription {
  const folder = join('nodes', type.replace('wechat-', ''));
  const shared = readLabels('nodes', language);
  const own = readLabels(folder, language);
  const labels = { ...shared.label, ...own.label };
  const hints = { ...shared.hint, ...own.hint };
  const meanings = { ...shared.meaning, ...own.meaning };
  const help = readFileSync(join(src, folder, 'locales', `${language}.md`), 'utf8');
  const { source, comma } = words[language];
  const explanations = new Map(
    helpItems(help, language === 'zh-CN' ? '属性' : 'Properties').flatMap(({ name, text }) =>
      name.split(comma).map((one) => [one, text]),
    ),
  );
  const saved = savedProperties(type);
  const describeProperty = ([name, initial]: [string, unknown]): PropertyDescription => {
    const label = labels[name] ?? '';
    const explained = withoutUnit(label);
    const base = name.replace(/(Value)?Type$/, '');
    const meaning =
      label === '' && saved.has(base)
        ? source(base)
        : (explanations.get(explained) ?? hints[name] ?? meanings[name] ?? '');
    // Two fields of one form may have the same label: the explanation belongs to the first.
    explanations.delete(explained);
    return { name, initial: JSON.stringify(initial), label, meaning };
  };
  return {
    type,
    label: String(own.palette?.label),
    help,
    properties: [...saved].filter(([name]) => !commonProperties.includes(name)).map(describeProperty),
  };
}

function summaryOf({ help }: NodeDescription): string {
  const [paragraph = ''] = help.split('\n\n');
  return paragraph.replaceAll('\n', ' ');
}

/** A line for each node, for the README: name, type, first sentence of its help, and a link. */
export function nodeList(language: Language): string {
  const page = language === 'zh-CN' ? 'docs/zh-CN/nodes.md' : 'docs/nodes.md';
  const lines = nodeTypes().map((type) => {
    const node = describeNode(type, language);
    const summary = words[language].firstSentence.exec(summaryOf(node))?.[0] ?? summaryOf(node);
    return `- [${node.label}](${repositoryUrl}/${page}${anchorOf(node.label)})${words[language].colon}${summary}`;
  });
  return lines.join('\n');
}

/** A section for each node: summary, inputs, outputs and saved properties. */
export function nodeSections(language: Language): string {
  const { inputs, outputs, properties: head, credential, empty, colon } = words[language];
  const sections = nodeTypes().map((type) => {
    const node = describeNode(type, language);
    const list = (title: string, heading: string): string[] => {
      const items = helpItems(node.help, heading).map(
        ({ name, type: kind, text }) => `- ${code(`msg.${name}`)} (_${kind}_)${colon}${text}`,
      );
      return items.length > 0 ? [`**${title}**`, items.join('\n')] : [];
    };
    const initialOf = (initial: string | undefined): string => {
      if (initial === undefined) return credential;
      return initial === '""' || initial === '[]' ? empty : code(initial);
    };
    return [
      `## ${node.label}`,
      `${code(type)}${colon}${summaryOf(node)}`,
      ...list(inputs, inputs),
      ...list(outputs, outputs),
      table(
        head,
        node.properties.map(({ name, initial, label, meaning }) => [
          code(name),
          initialOf(initial),
          label,
          meaning,
        ]),
      ),
    ].join('\n\n');
  });
  return sections.join('\n\n');
}

/** The kinds of content that can be sent. */
export function contentTable(language: Language): string {
  const { content } = readLabels('nodes', language);
  const rows = contentTypes.map((type) => {
    const hint = content?.hint[type] ?? '';
    return [code(type), content?.type[type] ?? '', hint.replace(/\{.*\}$|\[.*\]$/, code)];
  });
  return table(words[language].content, rows);
}
