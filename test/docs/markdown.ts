/** What tests of documents read out of Markdown. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorOf, repositoryUrl } from '../../scripts/markdown';
import { root } from '../support/package-install';

/** Where the README's pictures are loaded from. */
const rawUrl = 'https://raw.githubusercontent.com/wechat-flow/node-red-wechaty/main';

/** The pages that exist in every language, by their English path, relative to the checkout. */
export const translatedPages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !/^(decisions|zh-CN)\/|^(admin-api|mqtt-encryption)/.test(name))
    .map((name) => `docs/${name}`),
];

/** Every document of the repository, relative to the checkout. */
export const documents = [
  'README.md',
  'README.zh-CN.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** A document's text. */
export function read(document: string): string {
  return readFileSync(join(root, document), 'utf8');
}

/** A fenced block of code. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
}

/** The fenced blocks of code, in order. */
export function codeBlocks(text: string): CodeBlock[] {
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language = '', code = '']) => ({
    language,
    code,
  }));
}

/** The document without its fenced blocks of code. */
export function prose(text: string): string {
  return text.replace(/^```[^]*?^```$/gm, '');
}

/** The headings, as written: `## Nodes`. */
export function headings(text: string): string[] {
  return [...prose(text).matchAll(/^#{1,6} .+$/gm)].map(([heading]) => heading);
}

/** The anchors that GitHub gives the headings; a repeated one gets a number. */
export function anchors(text: string): string[] {
  const seen = new Map<string, number>();
  return headings(text).map((heading) => {
    const anchor = anchorOf(heading.replace(/^#+ /, ''));
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

/** What stands in `code spans`. */
export function codeSpans(text: string): string[] {
  return [...prose(text).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}

/** Where links and pictures lead, also those in HTML. */
export function targets(text: string): string[] {
  const plain = prose(text).replace(/`[^`\n]+`/g, '');
  const pattern = /\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g;
  return [...plain.matchAll(pattern)].map(([, link, attribute]) => link ?? attribute ?? '');
}

/** A place in the repository to which a link leads. */
export interface Place {
  /** Relative to the checkout. */
  readonly file: string;
  /** `#states-of-a-bot`, or empty. */
  readonly anchor: string;
}

/** The place to which a link of a document leads; undefined if it leads out of the repository. */
export function placeOf(document: string, target: string): Place | undefined {
  const [path = '', fragment] = target.split('#');
  const anchor = fragment === undefined ? '' : `#${fragment}`;
  for (const base of [repositoryUrl, rawUrl]) {
    if (path.startsWith(`${base}/`)) return { file: path.slice(base.length + 1), anchor };
  }
  if (/^\w+:/.test(path)) return undefined;
  return { file: path === '' ? document : normalize(join(dirname(document), path)), anchor };
}

/** Whether a place exists. */
export function exists({ file, anchor }: Place): boolean {
  return existsSync(join(root, file)) && (anchor === '' || anchors(read(file)).includes(anchor));
}

/** The tables, as rows of cells, without heads. */
export function tables(text: string): string[][][] {
  return [...prose(text).matchAll(/^\|.+\n\|[ :|-]+\n((?:\|.+\n)*)/gm)].map(([, body = '']) =>
    body
      .trimEnd()
      .split('\n')
      .map((row) =>
        row
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
  );
}

/** The code spans in the first column of the table that has `name` there. */
export function firstColumn(text: string, name: string): string[] {
  const table = tables(text).find((rows) => rows.some(([first = '']) => codeSpans(first).includes(name)));
  return (table ?? []).flatMap(([first = '']) => codeSpans(first));
}
