import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/package-install';
import { codeSpans, documents, read, tables } from './markdown';

const manifest = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
};

describe('documents', () => {
  for (const document of documents) {
    it(`name no npm script that does not exist: ${document}`, () => {
      const named = [
        ...read(document).matchAll(/npm (?:run (?:--silent |-s )?([\w:-]+)|(start|test)\b)/g),
      ].map(([, script, short = '']) => script ?? short);
      assert.deepEqual(
        named.filter((script) => !(script in manifest.scripts)),
        [],
      );
    });

    it(`name no file of the sources that does not exist: ${document}`, () => {
      const named = codeSpans(read(document)).filter((span) =>
        /^(src|test|scripts|examples|icons|docs|\.ci)\/[\w./-]*$/.test(span),
      );
      // CONTRIBUTING.md shows how to add this node.
      const missing = named.filter((path) => !path.includes('room-count') && !existsSync(join(root, path)));
      assert.deepEqual(missing, []);
    });
  }

  it('say why each runtime dependency is there', () => {
    const decisions = documents.filter((document) => document.startsWith('docs/decisions/')).map(read);
    const named = new Set(decisions.flatMap(codeSpans));
    assert.deepEqual(
      Object.keys(manifest.dependencies).filter((name) => !named.has(name)),
      [],
    );
  });

  it('list the layers of src as the linter checks them', () => {
    const [, body = ''] = /const layers = \{([^]+?)\n\};/.exec(read('eslint.config.mjs')) ?? [];
    const checked = [...body.matchAll(/^ {2}'?([\w/]+)'?: \[([^\]]*)\]/gm)].map(
      ([, folder = '', allowed = '']) => [
        folder,
        [...allowed.matchAll(/'([^']+)'/g)].map(([, name = '']) => name).sort(),
      ],
    );
    const documented = tables(read('CONTRIBUTING.md'))
      .flat()
      .flatMap(([folder = '', , allowed = '']) => {
        const [, name] = /^`src\/([\w/]+)\/`$/.exec(folder) ?? [];
        if (name === undefined) return [];
        return [[name, allowed === 'nothing of ours' ? [] : allowed.split(', ').sort()]];
      });
    assert.deepEqual(documented.sort(), checked.sort());
  });

  it('are numbered without a gap among the decisions', () => {
    const numbers = documents.flatMap(
      (document) => /decisions\/(\d{4})-[a-z-]+\.md$/.exec(document)?.[1] ?? [],
    );
    assert.deepEqual(
      numbers.sort(),
      numbers.map((_, index) => String(index + 1).padStart(4, '0')),
    );
  });
});
