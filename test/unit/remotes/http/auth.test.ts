import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { Authenticator } from '../../../../src/remotes/http/auth';

const client = '192.0.2.1';

function requestFrom(address: string, headers: Record<string, string> = {}): IncomingMessage {
  return { headers, socket: { remoteAddress: address } } as unknown as IncomingMessage;
}

const crossSite = { host: '127.0.0.1', origin: 'https://evil.example' };

describe('Authenticator', () => {
  it('grants every key when none is configured', () => {
    const authenticator = new Authenticator(['']);
    assert.equal(authenticator.needsKey, false);
    for (const key of [undefined, '', 'x', 5]) {
      assert.equal(authenticator.authenticate(key, client), 'granted');
    }
  });

  it('grants any of several keys and nothing else', () => {
    const authenticator = new Authenticator(['one', 'two', '']);
    for (const key of ['one', 'two']) assert.equal(authenticator.authenticate(key, client), 'granted');
    for (const key of ['three', 'On', 5, ['one'], {}]) {
      assert.equal(authenticator.authenticate(key, client), 'invalid', JSON.stringify(key));
    }
  });

  it('blocks an address after ten wrong keys, not after missing ones', () => {
    const authenticator = new Authenticator(['right']);
    for (let count = 0; count < 20; count += 1) {
      for (const key of ['', null, undefined]) {
        assert.equal(authenticator.authenticate(key, client), 'missing');
      }
    }
    for (let count = 0; count < 10; count += 1) authenticator.authenticate('wrong', client);
    assert.equal(authenticator.authenticate('right', client), 'blocked');
    assert.equal(authenticator.rejectionOf(requestFrom(client)), 429);
    assert.equal(authenticator.authenticate('right', '192.0.2.2'), 'granted');
    assert.equal(authenticator.rejectionOf(requestFrom('192.0.2.2')), undefined);
  });

  it('resets the count of an address after the right key', () => {
    const authenticator = new Authenticator(['right']);
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 9; count += 1) authenticator.authenticate('wrong', client);
      assert.equal(authenticator.authenticate('right', client), 'granted');
    }
  });

  it('rejects cross-site requests only when no key is needed', () => {
    assert.equal(new Authenticator([]).rejectionOf(requestFrom('127.0.0.1', crossSite)), 403);
    assert.equal(new Authenticator([]).rejectionOf(requestFrom('127.0.0.1')), undefined);
    assert.equal(new Authenticator(['key']).rejectionOf(requestFrom('127.0.0.1', crossSite)), undefined);
  });
});
