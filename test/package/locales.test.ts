import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/package-install';

interface Labels {
  [name: string]: string | Labels;
}

const dist = join(root, 'dist');

/** All label files relative to `dist`, with `<lang>` instead of the language. */
const labelFiles = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((file) => /(locales|i18n).*en-US.*\.json$/.test(file))
  .map((file) => file.replace('en-US', '<lang>'));

const nodes = readdirSync(join(dist, 'nodes'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /^([a-z-]+)\/\1\.html$/.test(file))
  .map((file) => file.split('/')[0] ?? '');

function read(language: string, file: string): string {
  return readFileSync(join(dist, file.replace('<lang>', language)), 'utf8');
}

/** The texts by their full keys: `status.ready`. */
function texts(language: string, file: string): Map<string, string> {
  const found = new Map<string, string>();
  const collect = (labels: Labels, prefix: string): void => {
    for (const [name, value] of Object.entries(labels)) {
      if (typeof value === 'string') found.set(prefix + name, value);
      else collect(value, `${prefix}${name}.`);
    }
  };
  collect(JSON.parse(read(language, file)) as Labels, '');
  return found;
}

function placeholders(text: string | undefined): string[] {
  return [...new Set(text?.match(/__\w+?__|\{\{\w+\}\}/g))].sort();
}

describe('locales', () => {
  it('exist', () => assert.ok(labelFiles.length > 1 && nodes.length > 1));

  for (const file of labelFiles) {
    it(`have the same keys and placeholders in both languages: ${file}`, () => {
      const english = texts('en-US', file);
      const chinese = texts('zh-CN', file);
      assert.deepEqual([...chinese.keys()].sort(), [...english.keys()].sort());
      for (const [name, text] of english) {
        assert.deepEqual(placeholders(chinese.get(name)), placeholders(text), name);
        assert.ok(text.trim() && chinese.get(name)?.trim(), `${name} is empty`);
      }
    });
  }

  for (const node of nodes) {
    for (const language of ['en-US', 'zh-CN']) {
      it(`contain help for ${node} in ${language}`, () => {
        const help = read(language, `nodes/${node}/locales/<lang>/${node}.html`).replace(
          /<\/?script.*>/g,
          '',
        );
        assert.ok(help.trim().length > 100, 'The help is too short.');
        assert.ok(language === 'en-US' || /\p{Script=Han}/u.test(help), 'The help is not in Chinese.');
      });
    }

    it(`contain all labels of the form of ${node}`, () => {
      const form = readFileSync(join(dist, 'nodes', node, `${node}.html`), 'utf8');
      const labels = texts('en-US', `nodes/${node}/locales/<lang>/${node}.json`);
      const used = [...form.matchAll(/data-i18n="([^"]+)"/g)]
        .flatMap(([, names = '']) => names.split(';'))
        .map((name) => name.replace(/^\[[\w-]+\]/, ''));
      assert.deepEqual(
        // A key with a colon belongs to Node-RED.
        used.filter((name) => !name.includes(':') && !labels.has(name)),
        [],
      );
    });
  }
});
