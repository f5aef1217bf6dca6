import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FailedAttempts, matchesSecret } from '../../../../src/remotes/http/login-rate-limiter';
import { root } from '../../../support/package-install';

describe('a secret', () => {
  it('is matched by itself only', () => {
    assert.ok(matchesSecret('s3cret', 's3cret'));
    for (const wrong of ['s3cre', 's3cret ', 'S3cret', '', undefined, null, 7, ['s3cret'], { length: 6 }]) {
      assert.equal(matchesSecret('s3cret', wrong), false, JSON.stringify(wrong));
    }
  });

  it('that is empty is matched by nothing', () => {
    for (const given of ['', undefined, 'x']) assert.equal(matchesSecret('', given), false);
  });

  it('is compared in constant time', () => {
    // How long it takes cannot be measured reliably; that nothing but the constant-time comparison decides can be read.
    const source = readFileSync(join(root, 'src', 'remotes', 'http', 'secrets.ts'), 'utf8');
    const [, body = ''] = /function matchesSecret[^{]*\{(.*?)\n\}/s.exec(source) ?? [];
    assert.match(body, /timingSafeEqual\(digest\(expected\), digest\(/);
    assert.doesNotMatch(body, /(?<!typeof )given ===|=== given/);
  });
});

describe('wrong secrets', () => {
  const fail = (attempts: FailedAttempts, address: string, times: number): void => {
    for (let time = 0; time < times; time += 1) attempts.failed(address);
  };

  it('block the address they come from, and no other', () => {
    const attempts = new FailedAttempts({ count: 3 });
    fail(attempts, '192.0.2.1', 2);
    assert.equal(attempts.isBlocked('192.0.2.1'), false);
    attempts.failed('192.0.2.1');
    assert.ok(attempts.isBlocked('192.0.2.1'));
    assert.ok(attempts.isBlocked('::ffff:192.0.2.1'), 'the same address, as IPv6 sockets tell it');
    assert.equal(attempts.isBlocked('192.0.2.2'), false);
  });

  it('are forgiven after the right one', () => {
    const attempts = new FailedAttempts({ count: 3 });
    fail(attempts, '192.0.2.1', 2);
    attempts.succeeded('192.0.2.1');
    fail(attempts, '192.0.2.1', 2);
    assert.equal(attempts.isBlocked('192.0.2.1'), false);
  });

  it('are forgotten after a while', () => {
    const attempts = new FailedAttempts({ count: 1, windowMs: 1 });
    attempts.failed('192.0.2.1');
    const until = Date.now() + 5;
    while (Date.now() < until);
    assert.equal(attempts.isBlocked('192.0.2.1'), false);
  });

  it('from all of one IPv6 network count together', () => {
    const attempts = new FailedAttempts({ count: 2 });
    attempts.failed('2001:db8:0:1::1');
    attempts.failed('2001:db8::1:ffff:0:0:9');
    assert.ok(attempts.isBlocked('2001:0db8:0000:0001:1:2:3:4'));
    assert.equal(attempts.isBlocked('2001:db8:0:2::1'), false);
  });

  it('from very many addresses are not all remembered', () => {
    const attempts = new FailedAttempts({ count: 1 });
    for (let index = 0; index < 100_000; index += 1) attempts.failed(`address ${index}`);
    assert.equal(attempts.isBlocked('address 0'), false);
    assert.ok(attempts.isBlocked('address 99999'));
  });
});
