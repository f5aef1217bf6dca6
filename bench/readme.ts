/** Writes the table into the READMEs, between two markers. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { markdown, type Row, type LocalizedText } from './result-row';

const files: readonly { readonly name: string; readonly language: keyof LocalizedText }[] = [
  { name: 'README.md', language: 'en-US' },
  { name: 'README.zh-CN.md', language: 'zh-CN' },
];

/** The machine of the measurement. */
const machine: LocalizedText = {
  'en-US': `Node.js ${process.versions.node}, ${cpus().length} cores.`,
  'zh-CN': `Node.js ${process.versions.node}，${cpus().length} 核。`,
};

const block = /<!-- bench -->.*?<!-- \/bench -->/s;

/** Replaces the table between the markers of each file; skips missing files. */
export function writeIntoReadmes(rows: readonly Row[]): void {
  for (const { name, language } of files) {
    const file = join(__dirname, '..', name);
    if (!existsSync(file)) continue;
    const table = `<!-- bench -->\n\n${markdown(rows, language)}\n\n${machine[language]}\n\n<!-- /bench -->`;
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(block, () => table),
    );
  }
}
