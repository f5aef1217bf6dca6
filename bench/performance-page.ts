/** Writes the results into docs/performance.md and its translations. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { languages, replacePart, translated } from '../scripts/markdown';
import { type LocalizedText, markdown, type Row } from './result-row';

/** The machine of the measurement. */
const machine: LocalizedText = {
  'en-US': `Node.js ${process.versions.node}, ${cpus().length} cores.`,
  'zh-CN': `Node.js ${process.versions.node}，${cpus().length} 核。`,
};

/** Replaces the table and the machine. @throws Error when a page has no markers. */
export function writePerformancePages(rows: readonly Row[]): void {
  for (const language of languages) {
    const file = join(__dirname, '..', translated('docs/performance.md', language));
    const part = `${markdown(rows, language)}\n\n${machine[language]}`;
    writeFileSync(file, replacePart(readFileSync(file, 'utf8'), 'bench', part));
  }
}
