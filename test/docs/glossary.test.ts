import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/package-install';
import { documents, read, tables } from './markdown';

const glossary = 'docs/zh-CN/glossary.md';

/** The terms to avoid, with the term to use instead. */
const avoided = new Map(
  tables(read(glossary))
    .flat()
    .flatMap(([, term = '', others = '']) => others.split('、').map((other) => [other, term] as const))
    .filter(([other]) => other !== ''),
);

/** All texts in Chinese: documents, labels, help, statuses and errors. */
const texts = [
  ...documents.filter((document) => document.includes('zh-CN') && document !== glossary),
  ...readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /zh-CN\.(json|md)$/.test(name))
    .map((name) => `src/${name}`),
];

describe(glossary, () => {
  it('has terms to avoid', () => {
    assert.ok(avoided.size > 10);
  });

  for (const file of texts) {
    it(`is followed by ${file}`, () => {
      const text = read(file);
      const found = [...avoided].filter(([other]) => text.includes(other));
      assert.deepEqual(
        found.map(([other, term]) => `${other}: use ${term}`),
        [],
      );
    });
  }
});
