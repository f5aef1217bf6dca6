import assert from 'node:assert/strict';
import { Backoff } from '../../../src/util/backoff';

describe('Backoff', () => {
  it('doubles the delay with jitter, from minMs to maxMs', () => {
    const backoff = new Backoff({ minMs: 100, maxMs: 5_000 });
    for (const ceiling of [200, 400, 800, 1_600, 3_200, 5_000, 5_000]) {
      const delay = backoff.next();
      assert.ok(delay >= ceiling / 2 && delay <= ceiling, `${delay} of ${ceiling}`);
    }
  });

  it('stays within its limits after thousands of failures', () => {
    const backoff = new Backoff({ minMs: 100, maxMs: 5_000 });
    const delays = Array.from({ length: 2_000 }, () => backoff.next());
    assert.ok(Math.max(...delays) <= 5_000);
    assert.ok(new Set(delays).size > 1_000, 'jitter');
  });

  it('starts again after reset', () => {
    const backoff = new Backoff({ minMs: 100, maxMs: 5_000 });
    for (let failures = 0; failures < 10; failures += 1) backoff.next();
    backoff.reset();
    assert.ok(backoff.next() <= 200);
  });

  it('is constant when the limits are equal', () => {
    assert.equal(new Backoff({ minMs: 300, maxMs: 300 }).next(), 300);
  });
});
