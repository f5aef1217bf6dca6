import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { key, post, WxbotFixture, type WxbotTestClient } from './fixture';

/** Deterministic pseudo-random numbers from 0 to 1. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const seed = 20_240_116;
const malformed = 10_000;
const words = [
  '',
  'x',
  'null',
  '[]',
  '{',
  '}',
  '"',
  '{}',
  '0',
  'true',
  '\u0000',
  '\ud83d',
  '好',
  '__proto__',
];

/** A text that is neither a valid request nor a handshake. */
function malformedText(random: () => number): string {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const fields = ['Token', 'UserName', 'Content', 'Base64Image', 'Type', 'key ', 'app', 'version'];
  const made = fields
    .filter(() => random() < 0.4)
    .map((name) => `"${name}":${pick(['1', 'null', '{}', '[1]', '"x"', '"t1"', '""', '1e999', 'wxbot'])}`);
  const text = `{${made.join(',')}}`;
  // Content and UserName together would be a valid request.
  if (random() < 0.5) return text.includes('UserName') ? text.replace('UserName', 'Username') : text;
  return random() < 0.5
    ? text.slice(0, -1 - Math.floor(random() * 5))
    : pick(words).repeat(1 + Math.floor(random() * 9));
}

describe('WxbotRemote under abuse', function () {
  this.timeout(60_000);
  let fixture: WxbotFixture;
  beforeEach(async () => {
    fixture = await WxbotFixture.start({
      limits: { sockets: { maxBuffered: 256 * 1024, pingIntervalMs: 200 } },
    });
  });
  afterEach(() => fixture.end());

  const receive = (text: string): void => {
    fixture.simulation.contact('Ming').say(text).to(fixture.simulation.self);
  };

  /** Opens a TCP connection and sends raw text. */
  async function raw(text: string): Promise<Socket> {
    const [host, port] = fixture.address.split(':');
    const socket = connect(Number(port), host);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  }

  it(`answers valid handshakes among ${malformed.toLocaleString('en-US')} malformed frames`, async () => {
    const random = seededRandom(seed);
    const client = await fixture.connect();
    // Before the handshake, the timeout would close the connection.
    assert.equal((await client.handshake()).retCode, 0);
    for (let sent = 0; sent < malformed; sent += 1) {
      const frame = malformedText(random);
      client.send(random() < 0.3 ? Buffer.from(frame) : frame);
      if (sent % 1000 === 999) assert.equal((await client.handshake()).retCode, 0);
    }
    receive('still there?');
    await client.nextMessage('still there?');
    assert.equal(client.received.all.length, 1 + malformed / 1000 + 1);
    await client.end();
  });

  it(`answers valid requests among ${malformed.toLocaleString('en-US')} malformed ones`, async () => {
    const random = seededRandom(seed);
    const before = fixture.simulation.messages().length;
    let valid = 0;
    for (let sent = 0; sent < malformed; sent += 100) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => fixture.post('sendText', malformedText(random))),
      );
      for (const { status, ok, retCode, text } of answers)
        assert.deepEqual([status, ok, [1001, 1004].includes(retCode)], [200, false, true], text);
      const { ok, error } = await fixture.sendText(`valid ${sent}`);
      assert.ok(ok, error);
      valid += 1;
    }
    assert.equal(fixture.simulation.messages().length, before + valid);
  });

  it('serves a thousand clients at once', async () => {
    const clients: WxbotTestClient[] = [];
    while (clients.length < 1000)
      clients.push(...(await Promise.all(Array.from({ length: 100 }, () => fixture.authenticatedClient()))));
    assert.equal(fixture.remote.status.clients, 1000);
    for (let sent = 0; sent < 10; sent += 1) receive(`to all ${sent}`);
    const received = await Promise.all(clients.map((client) => client.nextMessage('to all 9')));
    assert.equal(received.length, 1000);
    for (const { received: frames } of clients) {
      const digits = frames.all.flatMap((text) => /to all (\d)"/.exec(text)?.[1] ?? []);
      assert.equal(digits.join(''), '0123456789');
    }
    await Promise.all(clients.map((client) => client.end()));
    await fixture.sendText('x');
    assert.equal(fixture.remote.status.clients, 0);
  });

  it('closes a client that does not read, without delaying others', async () => {
    const reader = await fixture.authenticatedClient();
    const stalled = await fixture.authenticatedClient();
    stalled.socket.pause();
    const large = 'x'.repeat(64 * 1024);
    for (let sent = 0; fixture.remote.status.clients > 1; sent += 1) {
      assert.ok(sent < 1000, 'the client is closed');
      receive(`${sent} ${large}`);
      await reader.nextMessage(`${sent} ${large}`);
    }
    receive('after it');
    await reader.nextMessage('after it');
    await reader.end();
    stalled.socket.terminate();
  });

  it('closes a client that does not answer pings', async () => {
    const silent = await fixture.authenticatedClient();
    // A paused client does not answer pings.
    silent.socket.pause();
    const other = await fixture.authenticatedClient();
    while (fixture.remote.status.clients > 1) await once(other.socket, 'ping');
    await other.end();
    silent.socket.terminate();
  });

  it('closes a client without a handshake', async () => {
    await fixture.end();
    fixture = await WxbotFixture.start({ limits: { handshakeMs: 200 } });
    const silent = await fixture.connect();
    const invalid = await fixture.connect();
    invalid.send('{"key":');
    assert.deepEqual(await Promise.all([silent.closed(), invalid.closed()]), [1008, 1008]);
    assert.equal(invalid.received.all.length, 0);
  });

  it('rejects oversized frames, headers and bodies', async () => {
    const client = await fixture.connect();
    client.send('x'.repeat(100_000));
    assert.equal(await client.closed(), 1009);
    const headers = await raw(`POST / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`);
    const [answer] = (await once(headers, 'data')) as [Buffer];
    assert.match(answer.toString(), /^HTTP\/1\.1 431/);
    const path = `/wxapi/pc/message/sendText?key=${key}`;
    const body = await raw(`POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const sending = setInterval(() => body.write(`10000\r\n${'x'.repeat(0x10000)}\r\n`), 1);
    try {
      const [refusal] = (await once(body, 'data')) as [Buffer];
      assert.match(refusal.toString(), /^HTTP\/1\.1 413/);
    } finally {
      clearInterval(sending);
      body.destroy();
    }
    assert.equal((await fixture.sendText('still there')).ok, true);
  });

  it('tolerates disconnects within a request', async () => {
    const path = `/wxapi/pc/message/sendText?key=${key}`;
    for (const text of [
      'POST ',
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"Token"`,
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n',
      '\u0016\u0003\u0001',
    ])
      (await raw(text)).destroy();
    const client = await fixture.authenticatedClient();
    client.socket.terminate();
    assert.equal((await fixture.sendText('still there')).ok, true);
    assert.deepEqual(fixture.logs, []);
  });

  it('blocks an address after wrong keys in requests and handshakes', async () => {
    for (let times = 0; times < 5; times += 1) {
      const client = await fixture.connect();
      assert.equal((await client.handshake(`guess ${times}`)).retCode, 1000);
      await client.closed();
      assert.equal((await fixture.post('sendText', '{}', `?key=guess${times}`)).retCode, 1004);
    }
    const { status, retCode } = await fixture.sendText('with the right key');
    assert.deepEqual([status, retCode], [429, 1003]);
    await assert.rejects(fixture.connect(), /429/);
  });

  it('does not count missing keys and resets the count after the right key', async () => {
    for (let times = 0; times < 20; times += 1) await fixture.post('sendText', '{}', '');
    for (let times = 0; times < 9; times += 1) await fixture.post('sendText', '{}', '?key=wrong');
    assert.equal((await fixture.sendText('x')).ok, true);
    for (let times = 0; times < 9; times += 1) await fixture.post('sendText', '{}', '?key=wrong');
    assert.equal((await fixture.sendText('x')).ok, true);
  });

  it('rejects texts that are not UTF-8, and decodes declared charsets', async () => {
    const request = (text: string): Buffer =>
      Buffer.from(`{"Token":"t1","UserName":"wxid_alice","Content":"${text}"}`, 'latin1');
    const gbk = request('\xc4\xe3\xba\xc3');
    const undeclared = await fixture.post('sendText', gbk);
    assert.deepEqual([undeclared.ok, undeclared.retCode], [false, 1001], undeclared.text);
    assert.match(undeclared.text, /UTF-8/);
    const url = `http://${fixture.address}/wxapi/pc/message/sendText?key=${key}`;
    const send = (headers: Record<string, string>, body: Buffer): Promise<Response> =>
      fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
    const declared = await send({ 'content-type': 'application/json; charset=gbk' }, gbk);
    assert.match(await declared.text(), /"ok":true/);
    assert.equal(fixture.simulation.messages().at(-1)?.text, '你好');
    assert.equal((await send({ 'content-encoding': 'unknown' }, request('x'))).status, 415);
    assert.equal((await fixture.post('sendText', `\uFEFF${request('with a BOM').toString()}`)).ok, true);
  });

  it('ignores an offer of HTTP/2, the default of Java clients', async () => {
    const body = JSON.stringify({ Token: 't1', UserName: 'wxid_alice', Content: 'from Java' });
    const head = [
      `POST /wxapi/pc/message/sendText?key=${key} HTTP/1.1`,
      'Connection: Upgrade, HTTP2-Settings',
      `Content-Length: ${body.length}`,
      'Host: 127.0.0.1',
      'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
      'Upgrade: h2c',
    ];
    const socket = await raw(`${head.join('\r\n')}\r\n\r\n${body}`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    assert.match(answer.toString(), /^HTTP\/1\.1 200 [^]*"ok":true/);
    socket.destroy();
  });

  it('rejects cross-site upgrades without a key', async () => {
    const open = await WxbotFixture.start({ key: '' });
    try {
      const [host, port] = open.address.split(':');
      const socket = connect(Number(port), host);
      await once(socket, 'connect');
      socket.write(
        'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      );
      const [answer] = (await once(socket, 'data')) as [Buffer];
      assert.match(answer.toString(), /^HTTP\/1\.1 403/);
      socket.destroy();
    } finally {
      await open.end();
    }
  });

  it('closes all connections on stop, which is idempotent', async () => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => fixture.authenticatedClient()));
    const stalled = await fixture.authenticatedClient();
    stalled.socket.pause();
    const idle = await raw('POST ');
    assert.equal(fixture.lookup.listeners, 1);
    await Promise.all([fixture.remote.stop(), fixture.remote.stop()]);
    assert.deepEqual(
      await Promise.all(clients.map((client) => client.closed())),
      clients.map(() => 1001),
    );
    assert.equal(fixture.lookup.listeners, 0);
    const { address } = fixture;
    await assert.rejects(post(address, '/', ''), /ECONNREFUSED/);
    idle.destroy();
    stalled.socket.terminate();
  });

  it('logs and returns no key and no token', async () => {
    await fixture.post('sendText', '{"Token":"secret-token"', `?key=${key}`);
    await fixture.sendText('x', { Token: 'secret-token' });
    await fixture.sendText('x', { Token: 'secret-token', UserName: 5 });
    const answers = await Promise.all([
      fixture.post('sendText', { Token: 'secret-token' }),
      fixture.post('/nothing', ''),
    ]);
    const logged = JSON.stringify([fixture.logs, fixture.audits.all, fixture.remote.status, answers]);
    assert.ok(!logged.includes(key) && !logged.includes('secret-token'), logged);
  });
});
