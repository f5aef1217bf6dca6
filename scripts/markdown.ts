/** What the scripts that write documents share. */

/** The languages of the documents. */
export const languages = ['en-US', 'zh-CN'] as const;
/** A language the documents are written in. */
export type Language = (typeof languages)[number];

/** Where the documents are read. The README links to it, because npm and the Flow Library show the README only. */
export const repositoryUrl = 'https://github.com/wechat-flow/node-red-wechaty/blob/main';

/** The text as a code span. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** A table. Pipes in cells are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The anchor that GitHub gives a heading: `#states-of-a-bot`. */
export function anchorOf(heading: string): string {
  return `#${heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')}`;
}

/** The page in a language: `docs/zh-CN/events.md` for `docs/events.md`. */
export function translated(page: string, language: Language): string {
  if (language === 'en-US') return page;
  return page === 'README.md' ? `README.${language}.md` : page.replace(/^docs\//, `docs/${language}/`);
}

/**
 * Replaces the part of a document between `<!-- marker -->` and `<!-- /marker -->`.
 * @throws Error when the markers are missing.
 */
export function replacePart(document: string, marker: string, part: string): string {
  const place = new RegExp(`(<!-- ${marker} -->\\n)[^]*?(<!-- /${marker} -->)`);
  if (!place.test(document)) throw new Error(`There is no <!-- ${marker} --> … <!-- /${marker} -->.`);
  // Prettier would pad every row of a table to the length of the longest.
  const block = `<!-- prettier-ignore-start -->\n\n${part}\n\n<!-- prettier-ignore-end -->\n`;
  return document.replace(place, (_whole, open: string, close: string) => open + block + close);
}
