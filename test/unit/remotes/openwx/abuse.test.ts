/** Authentication of Openwx clients, and abuse by unauthenticated ones. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { failure } from '../../../support/commanded-bot';
import { OpenwxFixture } from './fixture';

const token = 'T0kEn+with/odd=letters';

/** Sends raw bytes and resolves to the status line of the response, or to `closed`. */
async function raw(fixture: OpenwxFixture, bytes: string | Buffer): Promise<string> {
  const socket = connect(portOf(fixture), '127.0.0.1');
  try {
    const received = new Promise<string>((resolve) => {
      socket.once('data', (data: Buffer) => {
        resolve(data.toString().split('\r\n')[0] ?? '');
      });
      socket.once('close', () => {
        resolve('closed');
      });
      socket.once('error', () => {
        resolve('closed');
      });
    });
    socket.write(bytes);
    return await received;
  } finally {
    socket.destroy();
  }
}

function portOf(fixture: OpenwxFixture): number {
  return Number(fixture.remote.status.address.replace(/^.*:/, ''));
}

/** Sends a request with headers that fetch does not allow. */
function withHeaders(fixture: OpenwxFixture, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: portOf(fixture), path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('OpenwxRemote with a token', () => {
  let fixture: OpenwxFixture;
  beforeEach(async () => {
    fixture = await OpenwxFixture.start({ settings: { token } });
  });
  afterEach(() => fixture.stop());

  const code = (json: unknown) => (json as { code?: number }).code;
  const user = { id: 'wxid_ming', content: 'x' };

  it('accepts the token in every supported place', async () => {
    const basic = Buffer.from(`nobody:${token}`).toString('base64');
    const ways: Record<string, RequestInit> = {
      bearer: { headers: { authorization: `Bearer ${token}` } },
      'user part of the URL': { headers: { authorization: `Basic ${basic}` } },
      header: { headers: { 'x-token': token } },
      form: { method: 'POST', body: new URLSearchParams({ token }) },
      json: {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      },
    };
    for (const [way, init] of Object.entries(ways)) {
      const { json } = await fixture.fetch('/openwx/get_user_info', init);
      assert.equal((json as { id: string }).id, 'wxid_bot', way);
    }
    assert.equal((await fixture.call('get_user_info', { token })).id, 'wxid_bot');
  });

  it('rejects a missing or wrong token', async () => {
    for (const response of [
      await fixture.get('send_friend_message', user),
      await fixture.get('send_friend_message', { ...user, token: `${token}x` }),
      await fixture.post('send_friend_message', user),
      await fixture.post('send_friend_message', { ...user, token: token.toLowerCase() }),
      await fixture.fetch('/openwx/check_event', { headers: { authorization: `Bearer ${token.slice(1)}` } }),
    ]) {
      assert.equal(response.status, 200);
      assert.deepEqual(response.json, { code: -6, status: 'auth failure' });
    }
    assert.equal(fixture.simulation.messages().length, 0);
    assert.equal(fixture.audits.all.length, 0);
  });

  it('blocks an address after wrong tokens, not after missing ones', async () => {
    for (let count = 0; count < 20; count += 1) await fixture.get('get_user_info');
    assert.equal((await fixture.call('get_user_info', { token })).id, 'wxid_bot');
    const statuses: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      statuses.push((await fixture.get('get_user_info', { token: `guess${count}` })).status);
    }
    assert.deepEqual(statuses, [...Array<number>(10).fill(200), 429, 429]);
    // Otherwise the response would reveal a correct guess.
    assert.equal((await fixture.get('get_user_info', { token })).status, 429);
  });

  it('limits the body of unauthenticated requests', async () => {
    const large = await fixture.post('send_friend_message', { media_data: 'x'.repeat(100_000), token });
    assert.equal(large.status, 413);
    const allowed = await fixture.fetch(`/openwx/upload_media?token=${encodeURIComponent(token)}`, {
      method: 'POST',
      body: new URLSearchParams({ media_data: 'x'.repeat(100_000) }),
    });
    assert.equal(allowed.status, 200);
  });

  it('never logs the token', async () => {
    await fixture.call('send_friend_message', { ...user, token });
    await fixture.call('send_friend_message', { id: '@none', content: token, token: 'wrong' });
    await fixture.audits.next();
    const logged = JSON.stringify([fixture.log.all, fixture.audits.all, fixture.remote.status]);
    assert.ok(!logged.includes(token));
  });

  it('serves pages of any origin', async () => {
    const headers = { origin: 'https://page.example', 'x-token': token, 'sec-fetch-site': 'cross-site' };
    assert.equal(await withHeaders(fixture, '/openwx/get_user_info', headers), 200);
  });

  it('rejects tokens of any length', async () => {
    for (const wrong of ['', 'x', token.repeat(100)]) {
      assert.equal(code((await fixture.get('get_user_info', { token: wrong })).json), -6);
    }
  });
});

describe('OpenwxRemote without a token', () => {
  it('refuses to listen beyond loopback', async () => {
    for (const host of ['0.0.0.0', '::', '', '192.168.1.5', 'example.com']) {
      await assert.rejects(
        OpenwxFixture.start({ settings: { host } }),
        failure('INVALID_PARAMS', 'token'),
        host,
      );
    }
  });

  it('rejects cross-site requests and foreign host names', async () => {
    const fixture = await OpenwxFixture.start();
    try {
      const { port } = new URL(fixture.url);
      const path = '/openwx/send_friend_message?id=wxid_ming&content=x';
      const from = (headers: Record<string, string>) =>
        withHeaders(fixture, path, { host: `127.0.0.1:${port}`, ...headers });
      assert.equal(await from({ host: 'rebound.example' }), 403);
      assert.equal(await from({ host: `127.0.0.1.rebound.example:${port}` }), 403);
      assert.equal(await from({ origin: 'https://page.example' }), 403);
      assert.equal(await from({ origin: 'null' }), 403);
      assert.equal(await from({ 'sec-fetch-site': 'cross-site' }), 403);
      assert.equal(fixture.simulation.messages().length, 0);
      assert.equal(await from({ host: `localhost:${port}` }), 200);
      assert.equal(await from({ origin: 'http://localhost:1880' }), 200);
      assert.equal(await from({ 'sec-fetch-site': 'none' }), 200);
    } finally {
      await fixture.stop();
    }
  });
});

describe('OpenwxRemote under abuse', () => {
  it('answers valid requests between 10,000 malformed ones', async function () {
    this.timeout(60_000);
    // Incomplete requests end by timeout.
    const limits = { headersTimeout: 200, requestTimeout: 300 };
    const fixture = await OpenwxFixture.start({ bot: { simulator: { history: 100 } }, limits });
    try {
      const random = seeded(20_261_122);
      for (let round = 0; round < 100; round += 1) {
        const malformed = Array.from({ length: 100 }, () => raw(fixture, malformedRequest(random)));
        const valid = fixture.call('send_friend_message', { id: 'wxid_ming', content: `${round}` });
        assert.equal((await valid).code, 0, `round ${round}`);
        const statusLines = await Promise.all(malformed);
        const unexpected = statusLines.filter(
          (line) => !/^(HTTP\/1\.1 (200|400|403|404|408|413|417|431)|closed)/.test(line),
        );
        assert.deepEqual(unexpected, []);
      }
      const texts = fixture.simulation.messages({ conversation: 'wxid_ming' }).map(({ text }) => text);
      assert.deepEqual(
        texts,
        Array.from({ length: 100 }, (_, round) => `${round}`),
      );
      assert.deepEqual(fixture.log.all, []);
    } finally {
      await fixture.stop();
    }
  });

  it('closes slow connections and serves other clients', async () => {
    const fixture = await OpenwxFixture.start({ limits: { headersTimeout: 200, requestTimeout: 300 } });
    try {
      const slow = Array.from({ length: 50 }, (_, at) => {
        const socket = connect(portOf(fixture), '127.0.0.1');
        socket.on('error', () => undefined);
        const head = `POST /openwx/send_friend_message HTTP/1.1\r\nHost: 127.0.0.1\r\n`;
        socket.write(at % 2 === 0 ? head : `${head}Content-Length: 100\r\n\r\nid=wxid_ming`);
        return socket;
      });
      const ended = slow.map((socket) => once(socket.resume(), 'close'));
      assert.equal(
        (await fixture.call('send_friend_message', { id: 'wxid_ming', content: 'quick' })).code,
        0,
      );
      await Promise.all(ended);
      assert.equal(fixture.simulation.messages().length, 1);
    } finally {
      await fixture.stop();
    }
  });

  it('does not wait for a client that does not read', async () => {
    const fixture = await OpenwxFixture.start({
      bot: { simulator: { contacts: 5000 } },
      limits: { idleTimeout: 1000 },
    });
    const socket = connect(portOf(fixture), '127.0.0.1');
    try {
      socket.on('error', () => undefined);
      // Many responses of which none is read: the send buffer fills up.
      socket.write('GET /openwx/get_friend_info HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(20));
      assert.equal((await fixture.call('get_user_info')).id, 'wxid_bot');
      // One connection remains: that of `call`. A client that does not read cannot see the close.
      while (fixture.remote.status.clients > 1) await delay(20);
    } finally {
      socket.destroy();
      await fixture.stop();
    }
  });

  it('retries a port in use and leaves no timer or socket after stop', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const before = process.getActiveResourcesInfo().filter((name) => /TCP|Server|Timeout/.test(name)).length;
    const fixture = await OpenwxFixture.start({ settings: { port } });
    assert.equal(fixture.remote.status.state, 'port-in-use');
    other.close();
    await once(other, 'close');
    await fixture.whenState('listening');
    assert.equal((await fixture.call('get_user_info')).id, 'wxid_bot');
    const poll = fixture.call('check_event').catch(() => 'cut');
    await fixture.call('get_client_info');
    await fixture.stop();
    await poll;
    await assert.rejects(fixture.call('get_client_info'));
    const left = process.getActiveResourcesInfo().filter((name) => /TCP|Server|Timeout/.test(name)).length;
    assert.ok(left <= before, `${left} timers and sockets after, ${before} before`);
  });
});

/** Deterministic pseudo-random numbers from 0 to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A malformed request. */
function malformedRequest(random: () => number): Buffer {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const noise = (length: number): string =>
    Array.from({ length: Math.floor(random() * length) }, () => String.fromCharCode(random() * 256)).join('');
  const body = pick([
    noise(200),
    '{"id":',
    `{"id": ${'['.repeat(300)}`,
    'id=%ff%fe%00&content=%',
    'a&'.repeat(500),
    '{"__proto__": {"id": "wxid_ming"}}',
    'id=wxid_nobody&content=x&datatype=jsonp&callback=%3Cscript%3E',
  ]);
  const path = pick([
    '/openwx/send_friend_message',
    '/openwx/consult?timeout=-1',
    '/openwx/revoke_message?id=:::',
    '/openwx/get_avatar?id=../../etc/passwd',
    '/openwx/upload_media?media_path=/proc/self/mem',
    `/openwx/${noise(20).replace(/[\s?#]/g, '')}`,
    '//openwx//get_user_info',
    '/openwx/../../x',
    `http://[::1/openwx/`,
    '*',
  ]);
  const type = pick(['application/json', 'application/x-www-form-urlencoded', 'text/plain', noise(20)]);
  const requests = [
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${noise(30)}\r\n0\r\n\r\n`,
    `GET ${path} HTTP/${pick(['1.1', '2.0', '0.9', 'x'])}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
    `${pick(['PATCH', 'TRACE', 'CONNECT', noise(8)])} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
    `GET ${path} HTTP/1.1\r\n${noise(50)}: ${noise(50)}\r\n\r\n`,
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    `\r\n\r\n${noise(100)}\r\n\r\n`,
  ];
  return Buffer.from(pick(requests), 'latin1');
}
