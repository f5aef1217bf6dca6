import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { Authenticator, clientOf, type RequestClient } from '../../../../src/remotes/http/auth';

function requestFrom(address: string, headers: Record<string, string> = {}): IncomingMessage {
  const socket = Object.assign(new PassThrough(), { remoteAddress: address });
  return { headers, socket } as unknown as IncomingMessage;
}

function clientAt(address: string, program = 'a program', headers = {}): RequestClient {
  return clientOf(requestFrom(address, { 'user-agent': program, ...headers }));
}

const client = clientAt('192.0.2.1');

/** Guesses until the client is blocked. */
function guess(authenticator: Authenticator, guesser: RequestClient): void {
  for (let count = 0; count < 10; count += 1) authenticator.authenticate('wrong', guesser);
  assert.equal(authenticator.authenticate('right', guesser), 'blocked');
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
    guess(authenticator, client);
    assert.equal(authenticator.rejectionOf(requestFrom('192.0.2.1')), 429);
    assert.equal(authenticator.authenticate('right', clientAt('192.0.2.2')), 'granted');
    assert.equal(authenticator.rejectionOf(requestFrom('192.0.2.2')), undefined);
  });

  it('does not block a program that has sent the right key with its address', () => {
    const authenticator = new Authenticator(['right']);
    const known = clientAt('127.0.0.1', 'owner/1.0');
    assert.equal(authenticator.authenticate('right', known), 'granted');
    guess(authenticator, clientAt('127.0.0.1', 'guesser/1.0'));
    assert.equal(authenticator.authenticate('right', known), 'granted');
    const again = { 'user-agent': 'owner/1.0' };
    assert.equal(authenticator.rejectionOf(requestFrom('127.0.0.1', again)), undefined);
    assert.equal(authenticator.rejectionOf(requestFrom('127.0.0.1')), 429, 'its success unblocks no other');
    assert.equal(authenticator.rejectionOf(requestFrom('192.0.2.9', again)), undefined);
  });

  it('blocks a known program after its own wrong keys, because its name can be imitated', () => {
    const authenticator = new Authenticator(['right']);
    authenticator.authenticate('right', client);
    guess(authenticator, client);
    assert.equal(authenticator.authenticate('right', clientAt('192.0.2.1', 'another')), 'granted');
  });

  for (const headers of [
    { host: '127.0.0.1:3000', origin: 'https://evil.example' },
    { host: '127.0.0.1:3000', origin: 'null' },
    { host: '127.0.0.1:3000', 'sec-fetch-site': 'cross-site' },
    { host: 'bots.example', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  ] as Record<string, string>[]) {
    it(`counts wrong keys of pages of other sites apart: ${JSON.stringify(headers)}`, () => {
      const authenticator = new Authenticator(['right']);
      const page = clientAt('127.0.0.1', 'Browser/1.0', headers);
      assert.equal(authenticator.authenticate('right', page), 'granted', 'a page may have the key');
      guess(authenticator, page);
      assert.equal(authenticator.rejectionOf(requestFrom('127.0.0.1', headers)), 429);
      for (const own of [[], [['origin', 'http://localhost:1880']], [['origin', `http://${headers.host}`]]]) {
        const request = requestFrom('127.0.0.1', {
          host: headers.host ?? '',
          ...(Object.fromEntries(own) as object),
        });
        assert.equal(authenticator.rejectionOf(request), undefined, JSON.stringify(own));
        assert.equal(authenticator.authenticate('right', clientOf(request)), 'granted');
      }
    });
  }

  it('makes connections expendable until their client has sent a valid key', () => {
    const authenticator = new Authenticator(['right']);
    const { socket } = client;
    for (const key of [undefined, 'wrong']) {
      authenticator.authenticate(key, client);
      assert.equal(authenticator.isExpendable(socket), true);
    }
    authenticator.authenticate('right', client);
    assert.equal(authenticator.isExpendable(socket), false);
    assert.equal(new Authenticator([]).isExpendable(new PassThrough()), false);
  });

  it('resets the count of a client after the right key', () => {
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
