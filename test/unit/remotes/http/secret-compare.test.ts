import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexOfSecret } from '../../../../src/remotes/http/secret-compare';
import { root } from '../../../support/package-install';

describe('indexOfSecret', () => {
  const secrets = ['', 's3cret', 'other'];

  it('finds only an equal secret', () => {
    assert.equal(indexOfSecret(secrets, 's3cret'), 1);
    assert.equal(indexOfSecret(secrets, 'other'), 2);
    for (const wrong of ['s3cre', 's3cret ', 'S3cret', undefined, null, 7, ['s3cret'], { length: 6 }]) {
      assert.equal(indexOfSecret(secrets, wrong), -1, JSON.stringify(wrong));
    }
  });

  it('never finds an empty secret', () => {
    for (const candidate of ['', undefined]) assert.equal(indexOfSecret(secrets, candidate), -1);
  });

  it('compares in constant time', () => {
    // Durations cannot be measured reliably; that every secret goes through timingSafeEqual can be read in the source.
    const source = readFileSync(join(root, 'src', 'remotes', 'http', 'secret-compare.ts'), 'utf8');
    const [, body = ''] = /function indexOfSecret[^{]*\{(.*?)\n\}/s.exec(source) ?? [];
    assert.match(body, /secrets\.map\(\(secret\) => timingSafeEqual\(digest\(secret\), actual\)/);
    assert.doesNotMatch(body, /(?<!typeof )candidate ===|=== candidate/);
  });
});
