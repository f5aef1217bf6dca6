/** What tests of documents read out of Markdown. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/package-install';

/** Every document of the repository, relative to the checkout. */
export const documents = [
  'README.md',
  'README.zh-CN.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'docs/admin-api.md',
  ...readdirSync(join(root, 'docs', 'decisions')).map((name) => `docs/decisions/${name}`),
];

/** A document's text. */
export function read(document: string): string {
  return readFileSync(join(root, document), 'utf8');
}

/** The fenced blocks of code, with their languages. */
export function codeBlocks(text: string): string[] {
  return [...text.matchAll(/^```[^]*?^```$/gm)].map(([block]) => block);
}

/** The document without its fenced blocks of code. */
export function prose(text: string): string {
  return codeBlocks(text).reduce((rest, block) => rest.replace(block, ''), text);
}

/** The headings, as written: `## Nodes`. */
export function headings(text: string): string[] {
  return [...prose(text).matchAll(/^#{1,6} .+$/gm)].map(([heading]) => heading);
}

/** What stands in `code spans`. */
export function codeSpans(text: string): string[] {
  return [...prose(text).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}

/** Where links and pictures lead. */
export function targets(text: string): string[] {
  return [
    ...prose(text)
      .replace(/`[^`\n]+`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, target = '']) => target);
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

/** The anchor GitHub gives a heading. */
export function anchor(heading: string): string {
  const words = heading.replace(/^#+ /, '').toLowerCase();
  return `#${words.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-')}`;
}
