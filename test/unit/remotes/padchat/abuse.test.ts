import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { WebSocket } from 'ws';
import { FrameClient, Setting } from './fixture';

/** Numbers that look random and are the same in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const valid =
  '{"code":"sendMsg","cmd":"sendMsg","cmdId":"1","data":{"toUserName":"wxid_ming","content":"x"},"type":"user"}';

/** Something that is no request, made from one or from nothing. */
function malformed(random: (below: number) => number): string {
  const pieces = [
    '{', '}', '[', ']', '"', '\\', ':', ',', 'null', '-', '1e999', '\u0000', '\ud800', '"cmdId"', '"code"', '"cmd"',
    '"data"', '"payload"', '{"__proto__":{}}', '/.*/', '<msg>', '"getContact"', '"constructor"',
  ]; // prettier-ignore
  const at = random(valid.length);
  switch (random(5)) {
    case 0:
      return valid.slice(0, at);
    case 1:
      return valid.slice(0, at) + (pieces[random(pieces.length)] ?? '') + valid.slice(at + random(5));
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

describe('a PadChat remote among enemies', function () {
  this.timeout(60_000);
  let setting: Setting;
  const clients: FrameClient[] = [];

  afterEach(async () => {
    for (const client of clients.splice(0)) client.end();
    await setting.end();
  });

  async function opened(path: string): Promise<FrameClient> {
    const client = await FrameClient.connect(`${setting.url}${path}`);
    clients.push(client);
    return client;
  }

  for (const generation of ['A', 'C'] as const) {
    it(`answers every valid frame between 10,000 malformed ones of generation ${generation}`, async () => {
      setting = await Setting.start();
      const client = await opened(generation === 'A' ? '/ws' : '/key');
      if (generation === 'A') await client.call('auth', undefined, { authKey: 'x' });
      const random = seeded(5);
      for (let batch = 0; batch < 100; batch += 1) {
        for (let index = 0; index < 100; index += 1) {
          const frame = malformed(random);
          if (index % 10 === 9) client.socket.send(Buffer.from(frame), { binary: true });
          else client.send(frame);
        }
        const userId = 'wxid_ming';
        const reply =
          generation === 'A'
            ? await client.call('getContact', { userId })
            : await client.cmd('getContact', { userId });
        assert.equal(reply.success, true);
      }
      assert.ok(client.socket.readyState === WebSocket.OPEN);
      // Changed letters may still make a valid message to Ming; nobody else may have got one.
      const said = setting.world.messages().filter(({ listenerId }) => listenerId !== 'wxid_ming');
      assert.deepEqual(said, []);
    });
  }

  it('serves 1,000 clients at once, and tells all of them', async () => {
    setting = await Setting.start();
    for (let batch = 0; batch < 10; batch += 1) {
      await Promise.all(
        Array.from({ length: 100 }, async (_, index) => {
          const client = await opened(index % 2 === 0 ? '/ws' : '/key');
          if (index % 2 === 0) await client.call('auth', undefined, { authKey: 'x' });
        }),
      );
    }
    assert.equal(setting.remote.status.clients, 1_000);
    setting.world.contact('Ming').say('all together').to();
    await Promise.all(clients.map((client) => client.event('push')));
    const replies = await Promise.all(
      clients.map((client, index) => (index % 2 === 0 ? client.call('status') : client.cmd('status'))),
    );
    assert.ok(replies.every(({ success }) => success === true));
    await setting.remote.stop();
    await Promise.all(clients.map(({ closed }) => closed));
    assert.equal(setting.remote.status.clients, 0);
  });

  it('hangs up on a client that does not read, and on nobody else', async () => {
    setting = await Setting.start({}, { maxBuffered: 256 * 1024 });
    const good = await opened('/key');
    const stalled = await opened('/key');
    stalled.socket.pause();
    const text = 'x'.repeat(50_000);
    while (setting.remote.status.clients > 1) {
      setting.world.contact('Ming').say(text).to();
      await good.event('push');
    }
    assert.equal((await good.cmd('status')).success, true);
  });

  it('hangs up on a client that vanished without a word', async () => {
    setting = await Setting.start({}, { pingEvery: 100 });
    const good = await opened('/key');
    const { port } = new URL(setting.url.replace('ws:', 'http:'));
    // It never answers a ping: it does not even know what one is.
    const mute = connect(Number(port), '127.0.0.1');
    await once(mute, 'connect');
    const key = Buffer.alloc(16).toString('base64');
    mute.write(
      `GET /key HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    mute.resume();
    await once(mute, 'close');
    while (setting.remote.status.clients > 1) await good.cmd('status');
    assert.equal(good.socket.readyState, WebSocket.OPEN);
  });

  it('hangs up on who shows no key in time, and does nothing for them', async () => {
    setting = await Setting.start({ authKeys: ['k'] }, { authTimeout: 150 });
    const silent = await opened('/ws');
    const refused = await silent.call('sendMsg', { toUserName: 'wxid_ming', content: 'x' });
    assert.match(String(refused.msg), /Send auth/);
    setting.world.contact('Ming').say('secret').to();
    assert.equal(await silent.closed, 1008);
    assert.deepEqual(
      silent.frames.all.filter(({ event }) => event === 'push'),
      [],
    );
    assert.deepEqual(
      setting.world.messages().map(({ text }) => text),
      ['secret'],
    );
  });

  it('does not hear an address that gave ten wrong keys, and logs none of them', async () => {
    setting = await Setting.start({ authKeys: ['the-right-key'] });
    for (let times = 0; times < 5; times += 1) {
      assert.equal(await (await opened('/a-wrong-key')).closed, 3201);
      const old = await opened('/ws');
      assert.equal((await old.call('auth', undefined, { authKey: `wrong-${times}` })).success, false);
    }
    for (const path of ['/ws', '/the-right-key', '/socket.io/?EIO=3&transport=websocket']) {
      await assert.rejects(opened(path), /429/, path);
    }
    const page = await fetch(`${setting.url.replace('ws:', 'http:')}/socket.io/?EIO=3&transport=polling`);
    assert.equal(page.status, 429);
    const told = JSON.stringify([setting.log, setting.handled, setting.remote.status, setting.simulated.log]);
    assert.doesNotMatch(told, /right-key|wrong/);
  });

  it('refuses frames larger than it wants, and web pages of others', async () => {
    setting = await Setting.start({}, { maxPayload: 10_000 });
    const client = await opened('/key');
    client.send('x'.repeat(10_001));
    assert.equal(await client.closed, 1009);
    const page = new WebSocket(`${setting.url}/key`, { origin: 'https://evil.example' });
    const [error] = (await once(page, 'error')) as [Error];
    assert.match(error.message, /403/);
    await assert.rejects(opened('/a/b'), /404/);
    assert.equal((await fetch(setting.url.replace('ws:', 'http:'))).status, 404);
  });

  it('does nothing twice that is said twice under one id, even after coming back', async () => {
    setting = await Setting.start();
    const again = { code: 'sendMsg', cmdId: 'u-1', data: { toUserName: 'wxid_ming', content: 'once' } };
    const replies: unknown[] = [];
    for (let times = 0; times < 2; times += 1) {
      const client = await opened('/ws');
      await client.call('auth', undefined, { authKey: 'x' });
      for (let index = 0; index < 2; index += 1) client.send(again);
      for (let index = 0; index < 2; index += 1) {
        replies.push(await client.frames.next(({ cmdId }) => cmdId === 'u-1'));
      }
    }
    assert.equal(new Set(replies.map((reply) => JSON.stringify(reply))).size, 1);
    assert.deepEqual(
      setting.world.messages().map(({ text }) => text),
      ['once'],
    );
  });

  it('keeps the order of what goes to one conversation', async () => {
    setting = await Setting.start({}, {}, { simulator: { latency: 2 } });
    const client = await opened('/key');
    const texts = Array.from({ length: 50 }, (_, index) => `text ${index}`);
    await Promise.all(texts.map((content) => client.cmd('sendMsg', { toUserName: 'wxid_ming', content })));
    assert.deepEqual(
      setting.world.messages().map(({ text }) => text),
      texts,
    );
  });

  it('is told by nobody to send to a pattern, or what the owner forbids', async () => {
    setting = await Setting.start({ permits: { allow: [], deny: ['contactSay', 'send', 'wechatyStart'] } });
    const client = await opened('/key');
    const call = async (cmd: string, params: object): Promise<string> =>
      JSON.stringify(await client.cmd(cmd, params));
    assert.match(await call('sendMsg', { toUserName: 'wxid_ming', content: 'x' }), /REFUSED/);
    assert.match(await call('sendMsg', { toUserName: '/.*/', content: 'x' }), /NOT_FOUND/);
    assert.match(await call('massMsg', { userList: ['/.*/'], content: 'x' }), /NOT_FOUND/);
    assert.match(await call('createRoom', { userList: ['/.*/'] }), /NOT_FOUND/);
    assert.match(await call('quitRoom', { groupId: '/.*/' }), /NOT_FOUND/);
    assert.deepEqual(setting.world.messages(), []);
  });

  it('stops with clients, requests and waiting strangers, and leaves nothing behind', async () => {
    setting = await Setting.start();
    const client = await opened('/key');
    const stranger = await opened('/ws');
    setting.world.faults = { hangSends: true };
    client.send({
      type: 'user',
      cmd: 'sendMsg',
      cmdId: '1',
      payload: { toUserName: 'wxid_ming', content: 'x' },
    });
    await setting.remote.stop();
    await Promise.all([client.closed, stranger.closed]);
    const { port } = new URL(setting.url.replace('ws:', 'http:'));
    const server = createServer().listen(Number(port), '127.0.0.1');
    await once(server, 'listening');
    server.close();
  });
});
