import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectSocket, createServer } from 'node:net';
import { WebSocket } from 'ws';
import { FrameClient, PadchatFixture } from './fixture';

/** A pseudo-random number generator with a fixed sequence. */
function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const validFrame =
  '{"code":"sendMsg","cmd":"sendMsg","cmdId":"1","data":{"toUserName":"wxid_ming","content":"x"},"type":"user"}';

/** An invalid frame, derived from a valid one or made up. */
function malformedFrame(random: (below: number) => number): string {
  const pieces = [
    '{', '}', '[', ']', '"', '\\', ':', ',', 'null', '-', '1e999', '\u0000', '\ud800', '"cmdId"', '"code"', '"cmd"',
    '"data"', '"payload"', '{"__proto__":{}}', '/.*/', '<msg>', '"getContact"', '"constructor"',
  ]; // prettier-ignore
  const at = random(validFrame.length);
  switch (random(5)) {
    case 0:
      return validFrame.slice(0, at);
    case 1:
      return (
        validFrame.slice(0, at) + (pieces[random(pieces.length)] ?? '') + validFrame.slice(at + random(5))
      );
    case 2:
      return Array.from({ length: random(20) }, () => pieces[random(pieces.length)] ?? '').join('');
    case 3:
      return JSON.stringify({
        code: pieces[random(pieces.length)],
        cmd: random(9),
        cmdId: 'm',
        data: [random(9)],
      });
    default:
      return '['.repeat(random(200));
  }
}

describe('PadchatRemote, abuse', function () {
  this.timeout(60_000);
  let fixture: PadchatFixture;
  const clients: FrameClient[] = [];

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await fixture.stop();
  });

  async function connect(path: string): Promise<FrameClient> {
    const client = await FrameClient.connect(`${fixture.url}${path}`);
    clients.push(client);
    return client;
  }

  for (const version of ['A', 'C'] as const) {
    it(`replies to every valid frame among 10,000 malformed ones of version ${version}`, async () => {
      fixture = await PadchatFixture.start();
      const client = await connect(version === 'A' ? '/ws' : '/key');
      if (version === 'A') await client.call('auth', undefined, { authKey: 'x' });
      const random = seededRandom(5);
      for (let batch = 0; batch < 100; batch += 1) {
        for (let index = 0; index < 100; index += 1) {
          const frame = malformedFrame(random);
          if (index % 10 === 9) client.socket.send(Buffer.from(frame), { binary: true });
          else client.send(frame);
        }
        const userId = 'wxid_ming';
        const reply =
          version === 'A'
            ? await client.call('getContact', { userId })
            : await client.cmd('getContact', { userId });
        assert.equal(reply.success, true);
      }
      assert.ok(client.socket.readyState === WebSocket.OPEN);
      // A mutated frame may still be a valid message to Ming, but not to anybody else.
      const sentToOthers = fixture.simulation
        .messages()
        .filter(({ listenerId }) => listenerId !== 'wxid_ming');
      assert.deepEqual(sentToOthers, []);
    });
  }

  it('serves 1,000 concurrent clients and broadcasts events to all', async () => {
    fixture = await PadchatFixture.start();
    for (let batch = 0; batch < 10; batch += 1) {
      await Promise.all(
        Array.from({ length: 100 }, async (_, index) => {
          const client = await connect(index % 2 === 0 ? '/ws' : '/key');
          if (index % 2 === 0) await client.call('auth', undefined, { authKey: 'x' });
        }),
      );
    }
    assert.equal(fixture.remote.status.clients, 1_000);
    fixture.simulation.contact('Ming').say('all together').to();
    await Promise.all(clients.map((client) => client.nextEvent('push')));
    const replies = await Promise.all(
      clients.map((client, index) => (index % 2 === 0 ? client.call('status') : client.cmd('status'))),
    );
    assert.ok(replies.every(({ success }) => success === true));
    await fixture.remote.stop();
    await Promise.all(clients.map(({ closed }) => closed));
    assert.equal(fixture.remote.status.clients, 0);
  });

  it('closes only the connection of a client that does not read', async () => {
    fixture = await PadchatFixture.start({}, { maxBufferedBytes: 256 * 1024 });
    const good = await connect('/key');
    const stalled = await connect('/key');
    stalled.socket.pause();
    const text = 'x'.repeat(50_000);
    while (fixture.remote.status.clients > 1) {
      fixture.simulation.contact('Ming').say(text).to();
      await good.nextEvent('push');
    }
    assert.equal((await good.cmd('status')).success, true);
  });

  it('closes the connection of a client that does not answer pings', async () => {
    fixture = await PadchatFixture.start({}, { pingIntervalMs: 100 });
    const good = await connect('/key');
    const { port } = new URL(fixture.url.replace('ws:', 'http:'));
    // A raw socket never answers a ping.
    const mute = connectSocket(Number(port), '127.0.0.1');
    await once(mute, 'connect');
    const key = Buffer.alloc(16).toString('base64');
    mute.write(
      `GET /key HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    mute.resume();
    await once(mute, 'close');
    while (fixture.remote.status.clients > 1) await good.cmd('status');
    assert.equal(good.socket.readyState, WebSocket.OPEN);
  });

  it('closes unauthenticated connections after the timeout and rejects their requests', async () => {
    fixture = await PadchatFixture.start({ authKeys: ['k'] }, { authTimeoutMs: 150 });
    const silent = await connect('/ws');
    const refused = await silent.call('sendMsg', { toUserName: 'wxid_ming', content: 'x' });
    assert.match(String(refused.msg), /Send auth/);
    fixture.simulation.contact('Ming').say('secret').to();
    assert.equal(await silent.closed, 1008);
    assert.deepEqual(
      silent.frames.all.filter(({ event }) => event === 'push'),
      [],
    );
    assert.deepEqual(
      fixture.simulation.messages().map(({ text }) => text),
      ['secret'],
    );
  });

  it('rejects an address with 429 after ten wrong keys and logs no key', async () => {
    fixture = await PadchatFixture.start({ authKeys: ['the-right-key'] });
    for (let times = 0; times < 5; times += 1) {
      assert.equal(await (await connect('/a-wrong-key')).closed, 3201);
      const clientA = await connect('/ws');
      assert.equal((await clientA.call('auth', undefined, { authKey: `wrong-${times}` })).success, false);
    }
    for (const path of ['/ws', '/the-right-key', '/socket.io/?EIO=3&transport=websocket']) {
      await assert.rejects(connect(path), /429/, path);
    }
    const page = await fetch(`${fixture.url.replace('ws:', 'http:')}/socket.io/?EIO=3&transport=polling`);
    assert.equal(page.status, 429);
    const logged = JSON.stringify([
      fixture.log,
      fixture.auditRecords,
      fixture.remote.status,
      fixture.simulated.log,
    ]);
    assert.doesNotMatch(logged, /right-key|wrong/);
  });

  it('lets clients without a key make room for those with one, on every transport', async () => {
    fixture = await PadchatFixture.start({ authKeys: ['k'] }, { maxClients: 1 });
    for (const [keyless, owned] of [
      ['/ws', '/k'],
      ['/socket.io/?EIO=3&transport=websocket', '/socket.io/?EIO=3&transport=websocket&authKey=k'],
    ] as const) {
      const idle = new WebSocket(`${fixture.url}${keyless}`);
      await once(idle, 'open');
      const closed = once(idle, 'close');
      const owner = new WebSocket(`${fixture.url}${owned}`);
      await Promise.all([once(owner, 'open'), closed]);
      owner.terminate();
    }
  });

  it('counts wrong keys of web pages apart from those of programs', async () => {
    fixture = await PadchatFixture.start({ authKeys: ['k'] });
    for (let times = 0; times < 12; times += 1) {
      const page = new WebSocket(`${fixture.url}/wrong`, { origin: 'https://evil.example' });
      page.on('error', () => undefined);
      await new Promise((resolve) => page.once('close', resolve));
    }
    const owner = await connect('/k');
    assert.equal((await owner.cmd('status')).success, true);
  });

  it('rejects oversized frames, foreign origins and unknown paths', async () => {
    fixture = await PadchatFixture.start({}, { maxPayloadBytes: 10_000 });
    const client = await connect('/key');
    client.send('x'.repeat(10_001));
    assert.equal(await client.closed, 1009);
    const page = new WebSocket(`${fixture.url}/key`, { origin: 'https://evil.example' });
    const [error] = (await once(page, 'error')) as [Error];
    assert.match(error.message, /403/);
    await assert.rejects(connect('/a/b'), /404/);
    assert.equal((await fetch(fixture.url.replace('ws:', 'http:'))).status, 404);
  });

  it('runs a retried request id once, even across connections', async () => {
    fixture = await PadchatFixture.start();
    const frame = { code: 'sendMsg', cmdId: 'u-1', data: { toUserName: 'wxid_ming', content: 'once' } };
    const replies: unknown[] = [];
    for (let times = 0; times < 2; times += 1) {
      const client = await connect('/ws');
      await client.call('auth', undefined, { authKey: 'x' });
      for (let index = 0; index < 2; index += 1) client.send(frame);
      for (let index = 0; index < 2; index += 1) {
        replies.push(await client.frames.next(({ cmdId }) => cmdId === 'u-1'));
      }
    }
    assert.equal(new Set(replies.map((reply) => JSON.stringify(reply))).size, 1);
    assert.deepEqual(
      fixture.simulation.messages().map(({ text }) => text),
      ['once'],
    );
  });

  it('keeps the order of sends within a conversation', async () => {
    fixture = await PadchatFixture.start({}, {}, { simulator: { latency: 2 } });
    const client = await connect('/key');
    const texts = Array.from({ length: 50 }, (_, index) => `text ${index}`);
    await Promise.all(texts.map((content) => client.cmd('sendMsg', { toUserName: 'wxid_ming', content })));
    assert.deepEqual(
      fixture.simulation.messages().map(({ text }) => text),
      texts,
    );
  });

  it('rejects patterns as ids, and denied commands', async () => {
    fixture = await PadchatFixture.start({
      permissions: { allow: [], deny: ['postPublish'] },
    });
    const client = await connect('/key');
    const call = async (cmd: string, params: object): Promise<string> =>
      JSON.stringify(await client.cmd(cmd, params));
    assert.match(await call('snsSendMoment', { content: 'x' }), /REFUSED/);
    assert.match(await call('sendMsg', { toUserName: '/.*/', content: 'x' }), /NOT_FOUND/);
    assert.match(await call('massMsg', { userList: ['/.*/'], content: 'x' }), /NOT_FOUND/);
    assert.match(await call('createRoom', { userList: ['/.*/'] }), /NOT_FOUND/);
    assert.match(await call('quitRoom', { groupId: '/.*/' }), /NOT_FOUND/);
    assert.deepEqual(fixture.simulation.messages(), []);
  });

  it('stops with connected, unauthenticated and busy clients and frees the port', async () => {
    fixture = await PadchatFixture.start();
    const client = await connect('/key');
    const unauthenticated = await connect('/ws');
    fixture.simulation.faults = { hangSends: true };
    client.send({
      type: 'user',
      cmd: 'sendMsg',
      cmdId: '1',
      payload: { toUserName: 'wxid_ming', content: 'x' },
    });
    await fixture.remote.stop();
    await Promise.all([client.closed, unauthenticated.closed]);
    const { port } = new URL(fixture.url.replace('ws:', 'http:'));
    const server = createServer().listen(Number(port), '127.0.0.1');
    await once(server, 'listening');
    server.close();
  });
});
