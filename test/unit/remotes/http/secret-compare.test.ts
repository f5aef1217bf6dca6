import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSecretEqual } from '../../../../src/remotes/http/secret-compare';
import { root } from '../../../support/package-install';

describe('isSecretEqual', () => {
  it('accepts only the secret itself', () => {
    assert.ok(isSecretEqual('s3cret', 's3cret'));
    for (const wrong of ['s3cre', 's3cret ', 'S3cret', '', undefined, null, 7, ['s3cret'], { length: 6 }]) {
      assert.equal(isSecretEqual('s3cret', wrong), false, JSON.stringify(wrong));
    }
  });

  it('rejects everything for an empty secret', () => {
    for (const candidate of ['', undefined, 'x']) assert.equal(isSecretEqual('', candidate), false);
  });

  it('compares in constant time', () => {
    // Durations cannot be measured reliably; that only timingSafeEqual decides can be read in the source.
    const source = readFileSync(join(root, 'src', 'remotes', 'http', 'secret-compare.ts'), 'utf8');
    const [, body = ''] = /function isSecretEqual[^{]*\{(.*?)\n\}/s.exec(source) ?? [];
    assert.match(body, /timingSafeEqual\(digest\(secret\), digest\(/);
    assert.doesNotMatch(body, /(?<!typeof )candidate ===|=== candidate/);
  });
});
