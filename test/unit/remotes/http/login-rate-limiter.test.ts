import assert from 'node:assert/strict';
import { type ClientIdentity, FailedLoginLimiter } from '../../../../src/remotes/http/login-rate-limiter';

const at = (address: string): ClientIdentity => ({ address, program: 'a program' });

describe('FailedLoginLimiter', () => {
  const fail = (limiter: FailedLoginLimiter, address: string, times: number): void => {
    for (let time = 0; time < times; time += 1) limiter.recordFailure(at(address));
  };

  it('blocks the address of the failures and no other', () => {
    const limiter = new FailedLoginLimiter({ maxFailures: 3 });
    fail(limiter, '192.0.2.1', 2);
    assert.equal(limiter.isBlocked(at('192.0.2.1')), false);
    limiter.recordFailure(at('192.0.2.1'));
    assert.ok(limiter.isBlocked(at('192.0.2.1')));
    assert.ok(limiter.isBlocked(at('::ffff:192.0.2.1')), 'the same address on an IPv6 socket');
    assert.equal(limiter.isBlocked(at('192.0.2.2')), false);
  });

  it('resets the count after a success', () => {
    const limiter = new FailedLoginLimiter({ maxFailures: 3 });
    fail(limiter, '192.0.2.1', 2);
    limiter.recordSuccess(at('192.0.2.1'));
    fail(limiter, '192.0.2.1', 2);
    assert.equal(limiter.isBlocked(at('192.0.2.1')), false);
  });

  it('unblocks an address after the window', () => {
    const limiter = new FailedLoginLimiter({ maxFailures: 1, windowMs: 1 });
    limiter.recordFailure(at('192.0.2.1'));
    const until = Date.now() + 5;
    while (Date.now() < until);
    assert.equal(limiter.isBlocked(at('192.0.2.1')), false);
  });

  it('counts an IPv6 /64 network as one address', () => {
    const limiter = new FailedLoginLimiter({ maxFailures: 2 });
    limiter.recordFailure(at('2001:db8:0:1::1'));
    limiter.recordFailure(at('2001:db8::1:ffff:0:0:9'));
    assert.ok(limiter.isBlocked(at('2001:0db8:0000:0001:1:2:3:4')));
    assert.equal(limiter.isBlocked(at('2001:db8:0:2::1')), false);
  });

  it('evicts the oldest of very many addresses', () => {
    const limiter = new FailedLoginLimiter({ maxFailures: 1 });
    for (let index = 0; index < 100_000; index += 1) limiter.recordFailure(at(`address ${index}`));
    assert.equal(limiter.isBlocked(at('address 0')), false);
    assert.ok(limiter.isBlocked(at('address 99999')));
  });
});
