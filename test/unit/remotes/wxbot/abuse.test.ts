import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { key, post, Setting, type SyncClient } from './fixture';

/** The same numbers for the same seed, from 0 to 1. */
function chance(seed: number): () => number {
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

/** A text that is no valid request and no introduction. */
function junk(random: () => number): string {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const fields = ['Token', 'UserName', 'Content', 'Base64Image', 'Type', 'key ', 'app', 'version'];
  const made = fields
    .filter(() => random() < 0.4)
    .map((name) => `"${name}":${pick(['1', 'null', '{}', '[1]', '"x"', '"t1"', '""', '1e999', 'wxbot'])}`);
  const text = `{${made.join(',')}}`;
  // Content and UserName together would be a request.
  if (random() < 0.5) return text.includes('UserName') ? text.replace('UserName', 'Username') : text;
  return random() < 0.5
    ? text.slice(0, -1 - Math.floor(random() * 5))
    : pick(words).repeat(1 + Math.floor(random() * 9));
}

describe('a WXBot remote among enemies', function () {
  this.timeout(60_000);
  let setting: Setting;
  beforeEach(async () => {
    setting = await Setting.start({
      limits: { introduction: 500, sockets: { maxBuffered: 256 * 1024, pingEvery: 200 } },
    });
  });
  afterEach(() => setting.end());

  const hears = (text: string): void => {
    setting.world.contact('Ming').say(text).to(setting.world.self);
  };

  /** A connection that says what no WebSocket library would. */
  async function raw(text: string): Promise<Socket> {
    const [host, port] = setting.address.split(':');
    const socket = connect(Number(port), host);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  }

  it(`answers the valid among ${malformed.toLocaleString('en-US')} malformed frames`, async () => {
    const random = chance(seed);
    const client = await setting.connect();
    // A client that is known may say nonsense for ever; one that is not has its time.
    assert.equal((await client.introduce()).retCode, 0);
    for (let sent = 0; sent < malformed; sent += 1) {
      const frame = junk(random);
      client.send(random() < 0.3 ? Buffer.from(frame) : frame);
      if (sent % 1000 === 999) assert.equal((await client.introduce()).retCode, 0);
    }
    hears('still there?');
    await client.message('still there?');
    assert.equal(client.heard.all.length, 1 + malformed / 1000 + 1);
    await client.end();
  });

  it(`answers the valid among ${malformed.toLocaleString('en-US')} malformed requests, and each of those`, async () => {
    const random = chance(seed);
    const before = setting.world.messages().length;
    let valid = 0;
    for (let sent = 0; sent < malformed; sent += 100) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => setting.post('sendText', junk(random))),
      );
      for (const { status, ok, retCode, text } of answers)
        assert.deepEqual([status, ok, [1001, 1004].includes(retCode)], [200, false, true], text);
      const { ok, error } = await setting.say(`valid ${sent}`);
      assert.ok(ok, error);
      valid += 1;
    }
    assert.equal(setting.world.messages().length, before + valid);
  });

  it('serves a thousand clients at once', async () => {
    const clients: SyncClient[] = [];
    while (clients.length < 1000)
      clients.push(...(await Promise.all(Array.from({ length: 100 }, () => setting.listening()))));
    assert.equal(setting.remote.status.clients, 1000);
    for (let said = 0; said < 10; said += 1) hears(`to all ${said}`);
    const heard = await Promise.all(clients.map((client) => client.message('to all 9')));
    assert.equal(heard.length, 1000);
    for (const { heard: frames } of clients) {
      const told = frames.all.flatMap((text) => /to all (\d)"/.exec(text)?.[1] ?? []);
      assert.equal(told.join(''), '0123456789');
    }
    await Promise.all(clients.map((client) => client.end()));
    await setting.say('x');
    assert.equal(setting.remote.status.clients, 0);
  });

  it('hangs up on who does not read, and nobody else waits', async () => {
    const reader = await setting.listening();
    const stalled = await setting.listening();
    stalled.socket.pause();
    const large = 'x'.repeat(64 * 1024);
    for (let said = 0; setting.remote.status.clients > 1; said += 1) {
      assert.ok(said < 1000, 'it is hung up on');
      hears(`${said} ${large}`);
      await reader.message(`${said} ${large}`);
    }
    hears('after it');
    await reader.message('after it');
    await reader.end();
    stalled.socket.terminate();
  });

  it('hangs up on who vanished without a word', async () => {
    const gone = await setting.listening();
    // It reads nothing any more, so it answers no ping either.
    gone.socket.pause();
    const other = await setting.listening();
    while (setting.remote.status.clients > 1) await once(other.socket, 'ping');
    await other.end();
    gone.socket.terminate();
  });

  it('hangs up on who does not say who it is', async () => {
    const silent = await setting.connect();
    const babbling = await setting.connect();
    babbling.send('{"key":');
    assert.deepEqual(await Promise.all([silent.closed(), babbling.closed()]), [1008, 1008]);
    assert.equal(babbling.heard.all.length, 0);
  });

  it('hangs up on who sends too much, in frames, headers or bodies', async () => {
    const client = await setting.connect();
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
    assert.equal((await setting.say('still there')).ok, true);
  });

  it('does not mind who goes away in the middle', async () => {
    const path = `/wxapi/pc/message/sendText?key=${key}`;
    for (const text of [
      'POST ',
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"Token"`,
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n',
      '\u0016\u0003\u0001',
    ])
      (await raw(text)).destroy();
    const client = await setting.listening();
    client.socket.terminate();
    assert.equal((await setting.say('still there')).ok, true);
    assert.deepEqual(setting.logs, []);
  });

  it('does not let keys be guessed, by either way', async () => {
    for (let times = 0; times < 5; times += 1) {
      const client = await setting.connect();
      assert.equal((await client.introduce(`guess ${times}`)).retCode, 1000);
      await client.closed();
      assert.equal((await setting.post('sendText', '{}', `?key=guess${times}`)).retCode, 1004);
    }
    const { status, retCode } = await setting.say('with the right key');
    assert.deepEqual([status, retCode], [429, 1003]);
    await assert.rejects(setting.connect(), /429/);
  });

  it('does not count who gave no key, and forgets wrong ones after a right one', async () => {
    for (let times = 0; times < 20; times += 1) await setting.post('sendText', '{}', '');
    for (let times = 0; times < 9; times += 1) await setting.post('sendText', '{}', '?key=wrong');
    assert.equal((await setting.say('x')).ok, true);
    for (let times = 0; times < 9; times += 1) await setting.post('sendText', '{}', '?key=wrong');
    assert.equal((await setting.say('x')).ok, true);
  });

  it('lets no web page in where it asks for no key', async () => {
    const open = await Setting.start({ key: '' });
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

  it('leaves nothing behind when it is stopped, whoever is connected, and can be stopped twice', async () => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => setting.listening()));
    const stalled = await setting.listening();
    stalled.socket.pause();
    const idle = await raw('POST ');
    assert.equal(setting.found.listeners, 1);
    await Promise.all([setting.remote.stop(), setting.remote.stop()]);
    assert.deepEqual(
      await Promise.all(clients.map((client) => client.closed())),
      clients.map(() => 1001),
    );
    assert.equal(setting.found.listeners, 0);
    const { address } = setting;
    await assert.rejects(post(address, '/', ''), /ECONNREFUSED/);
    idle.destroy();
    stalled.socket.terminate();
  });

  it('is told, and tells, no key and no token', async () => {
    await setting.post('sendText', '{"Token":"secret-token"', `?key=${key}`);
    await setting.say('x', { Token: 'secret-token' });
    await setting.say('x', { Token: 'secret-token', UserName: 5 });
    const answers = await Promise.all([
      setting.post('sendText', { Token: 'secret-token' }),
      setting.post('/nothing', ''),
    ]);
    const told = JSON.stringify([setting.logs, setting.handled.all, setting.remote.status, answers]);
    assert.ok(!told.includes(key) && !told.includes('secret-token'), told);
  });
});
