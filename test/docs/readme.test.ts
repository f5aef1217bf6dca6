import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { languages, translated } from '../../scripts/markdown';
import { root } from '../support/package-install';
import { firstColumn, placeOf, read, targets } from './markdown';

/** What a README must lead to, by English path. */
const mustLeadTo = [
  'docs/README.md',
  'docs/nodes.md',
  'docs/messages.md',
  'docs/events.md',
  'docs/commands.md',
  'docs/puppets.md',
  'docs/simulator.md',
  'docs/operations.md',
  'docs/faq.md',
  ...readdirSync(join(root, 'docs', 'protocols')).map((name) => `docs/protocols/${name}`),
];

for (const language of languages) {
  const file = translated('README.md', language);
  const readme = read(file);

  describe(file, () => {
    it('has at most 200 lines', () => {
      assert.ok(readme.split('\n').length <= 200);
    });

    it('lists every example', () => {
      const names = readdirSync(join(root, 'examples')).map((name) => name.replace('.json', ''));
      assert.deepEqual(firstColumn(readme, '01-ding-dong').sort(), names.sort());
    });

    it('links to the pages of its own language', () => {
      const linked = new Set(targets(readme).map((target) => placeOf(file, target)?.file));
      assert.deepEqual(
        mustLeadTo.map((page) => translated(page, language)).filter((page) => !linked.has(page)),
        [],
      );
    });

    it('links to the README of the other language', () => {
      const others = languages.filter((one) => one !== language).map((one) => translated('README.md', one));
      const linked = targets(readme).map((target) => placeOf(file, target)?.file);
      assert.ok(others.every((other) => linked.includes(other)));
    });
  });
}
