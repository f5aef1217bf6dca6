import assert from 'node:assert/strict';
import { generatedFiles } from '../../scripts/generate';
import { read } from './markdown';

describe('generated documents', () => {
  for (const [file, text] of generatedFiles()) {
    it(`are up to date: ${file}; otherwise run npm run generate`, () => {
      // Not assert.equal, which would print a diff of the whole document.
      assert.ok(read(file) === text, file);
    });
  }

  for (const page of ['docs/nodes.md', 'docs/zh-CN/nodes.md']) {
    it(`explain every property: ${page}`, () => {
      const unexplained = read(page)
        .split('\n')
        .filter((line) => /^\| `\w+` .*\|\s*\|$/.test(line));
      assert.deepEqual(unexplained, []);
    });
  }
});
