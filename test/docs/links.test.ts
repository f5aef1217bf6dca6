import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { root } from '../support/package-install';
import { anchor, documents, headings, read, targets } from './markdown';

describe('links and pictures', () => {
  for (const document of documents) {
    it(`lead somewhere in ${document}`, () => {
      const broken = targets(read(document))
        .filter((target) => !/^https?:/.test(target))
        .filter((target) => {
          const [path = '', fragment] = target.split('#');
          const file = path === '' ? document : normalize(join(dirname(document), path));
          if (!existsSync(join(root, file))) return true;
          return fragment !== undefined && !headings(read(file)).map(anchor).includes(`#${fragment}`);
        });
      assert.deepEqual(broken, []);
    });
  }
});
