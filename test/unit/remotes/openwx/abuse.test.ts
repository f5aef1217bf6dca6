/** Who may come in, and what those who may not can do to those who may. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { failure } from '../../../support/commanded-bot';
import { ServedBot } from './fixture';

const token = 'T0kEn+with/odd=letters';

/** Sends a request as it stands and resolves to the first line of the answer, or to why there is none. */
async function raw(bot: ServedBot, bytes: string | Buffer): Promise<string> {
  const socket = connect(portOf(bot), '127.0.0.1');
  try {
    const came = new Promise<string>((resolve) => {
      socket.once('data', (data: Buffer) => {
        resolve(data.toString().split('\r\n')[0] ?? '');
      });
      socket.once('close', () => {
        resolve('hung up');
      });
      socket.once('error', () => {
        resolve('hung up');
      });
    });
    socket.write(bytes);
    return await came;
  } finally {
    socket.destroy();
  }
}

function portOf(bot: ServedBot): number {
  return Number(bot.remote.status.address.replace(/^.*:/, ''));
}

/** A request with headers that fetch would not let us choose. */
function withHeaders(bot: ServedBot, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: portOf(bot), path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('an Openwx remote with a token', () => {
  let bot: ServedBot;
  beforeEach(async () => {
    bot = await ServedBot.start({ settings: { token } });
  });
  afterEach(() => bot.end());

  const code = (json: unknown) => (json as { code?: number }).code;
  const user = { id: 'wxid_ming', content: 'x' };

  it('lets in who gives it, in any of the ways there are', async () => {
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
      const { json } = await bot.fetch('/openwx/get_user_info', init);
      assert.equal((json as { id: string }).id, 'wxid_bot', way);
    }
    assert.equal((await bot.ask('get_user_info', { token })).id, 'wxid_bot');
  });

  it('keeps out who does not, as the protocol does', async () => {
    for (const came of [
      await bot.get('send_friend_message', user),
      await bot.get('send_friend_message', { ...user, token: `${token}x` }),
      await bot.post('send_friend_message', user),
      await bot.post('send_friend_message', { ...user, token: token.toLowerCase() }),
      await bot.fetch('/openwx/check_event', { headers: { authorization: `Bearer ${token.slice(1)}` } }),
    ]) {
      assert.equal(came.status, 200);
      assert.deepEqual(came.json, { code: -6, status: 'auth failure' });
    }
    assert.equal(bot.world.messages().length, 0);
    assert.equal(bot.handled.all.length, 0);
  });

  it('slows down who guesses, and counts no one who gives nothing', async () => {
    for (let count = 0; count < 20; count += 1) await bot.get('get_user_info');
    assert.equal((await bot.ask('get_user_info', { token })).id, 'wxid_bot');
    const statuses: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      statuses.push((await bot.get('get_user_info', { token: `guess${count}` })).status);
    }
    assert.deepEqual(statuses, [...Array<number>(10).fill(200), 429, 429]);
    // Or the answer would tell when a guess was right.
    assert.equal((await bot.get('get_user_info', { token })).status, 429);
  });

  it('reads little of who has not given it', async () => {
    const large = await bot.post('send_friend_message', { media_data: 'x'.repeat(100_000), token });
    assert.equal(large.status, 413);
    const allowed = await bot.fetch(`/openwx/upload_media?token=${encodeURIComponent(token)}`, {
      method: 'POST',
      body: new URLSearchParams({ media_data: 'x'.repeat(100_000) }),
    });
    assert.equal(allowed.status, 200);
  });

  it('never tells it', async () => {
    await bot.ask('send_friend_message', { ...user, token });
    await bot.ask('send_friend_message', { id: '@none', content: token, token: 'wrong' });
    await bot.handled.next();
    const told = JSON.stringify([bot.log.all, bot.handled.all, bot.remote.status]);
    assert.ok(!told.includes(token));
  });

  it('serves pages of any origin, as the protocol does', async () => {
    const headers = { origin: 'https://page.example', 'x-token': token, 'sec-fetch-site': 'cross-site' };
    assert.equal(await withHeaders(bot, '/openwx/get_user_info', headers), 200);
  });

  it('compares it without regard to how long it is', async () => {
    for (const wrong of ['', 'x', token.repeat(100)]) {
      assert.equal(code((await bot.get('get_user_info', { token: wrong })).json), -6);
    }
  });
});

describe('an Openwx remote without a token', () => {
  it('listens for programs of this machine only', async () => {
    for (const host of ['0.0.0.0', '::', '', '192.168.1.5', 'example.com']) {
      await assert.rejects(ServedBot.start({ settings: { host } }), failure('INVALID_PARAMS', 'token'), host);
    }
  });

  it('refuses web pages, and names that lead here', async () => {
    const bot = await ServedBot.start();
    try {
      const { port } = new URL(bot.url);
      const path = '/openwx/send_friend_message?id=wxid_ming&content=x';
      const from = (headers: Record<string, string>) =>
        withHeaders(bot, path, { host: `127.0.0.1:${port}`, ...headers });
      assert.equal(await from({ host: 'rebound.example' }), 403);
      assert.equal(await from({ host: `127.0.0.1.rebound.example:${port}` }), 403);
      assert.equal(await from({ origin: 'https://page.example' }), 403);
      assert.equal(await from({ origin: 'null' }), 403);
      assert.equal(await from({ 'sec-fetch-site': 'cross-site' }), 403);
      assert.equal(bot.world.messages().length, 0);
      assert.equal(await from({ host: `localhost:${port}` }), 200);
      assert.equal(await from({ origin: 'http://localhost:1880' }), 200);
      assert.equal(await from({ 'sec-fetch-site': 'none' }), 200);
    } finally {
      await bot.end();
    }
  });
});

describe('an Openwx remote among hostile clients', () => {
  it('answers valid requests between 10,000 malformed ones', async function () {
    this.timeout(60_000);
    // Some of them wait for more to come.
    const limits = { headersTimeout: 200, requestTimeout: 300 };
    const bot = await ServedBot.start({ bot: { simulator: { history: 100 } }, limits });
    try {
      const random = seeded(20_261_122);
      for (let round = 0; round < 100; round += 1) {
        const malformed = Array.from({ length: 100 }, () => raw(bot, nonsense(random)));
        const valid = bot.ask('send_friend_message', { id: 'wxid_ming', content: `${round}` });
        assert.equal((await valid).code, 0, `round ${round}`);
        const answers = await Promise.all(malformed);
        const odd = answers.filter(
          (answer) => !/^(HTTP\/1\.1 (200|400|403|404|408|413|417|431)|hung up)/.test(answer),
        );
        assert.deepEqual(odd, []);
      }
      const said = bot.world.messages({ conversation: 'wxid_ming' }).map(({ text }) => text);
      assert.deepEqual(
        said,
        Array.from({ length: 100 }, (_, round) => `${round}`),
      );
      assert.deepEqual(bot.log.all, []);
    } finally {
      await bot.end();
    }
  });

  it('hangs up on who is slow, and serves the others', async () => {
    const bot = await ServedBot.start({ limits: { headersTimeout: 200, requestTimeout: 300 } });
    try {
      const slow = Array.from({ length: 50 }, (_, at) => {
        const socket = connect(portOf(bot), '127.0.0.1');
        socket.on('error', () => undefined);
        const head = `POST /openwx/send_friend_message HTTP/1.1\r\nHost: 127.0.0.1\r\n`;
        socket.write(at % 2 === 0 ? head : `${head}Content-Length: 100\r\n\r\nid=wxid_ming`);
        return socket;
      });
      const ended = slow.map((socket) => once(socket.resume(), 'close'));
      assert.equal((await bot.ask('send_friend_message', { id: 'wxid_ming', content: 'quick' })).code, 0);
      await Promise.all(ended);
      assert.equal(bot.world.messages().length, 1);
    } finally {
      await bot.end();
    }
  });

  it('does not wait for who does not read', async () => {
    const bot = await ServedBot.start({
      bot: { simulator: { contacts: 5000 } },
      limits: { idleTimeout: 1000 },
    });
    const socket = connect(portOf(bot), '127.0.0.1');
    try {
      socket.on('error', () => undefined);
      // Many answers at once, of which none is read: the pipe fills up.
      socket.write('GET /openwx/get_friend_info HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(20));
      assert.equal((await bot.ask('get_user_info')).id, 'wxid_bot');
      // Who does not read is not told that we hung up: only we know, who keep the connection of `ask`.
      while (bot.remote.status.clients > 1) await delay(20);
    } finally {
      socket.destroy();
      await bot.end();
    }
  });

  it('waits for a port that belongs to somebody else, and leaves nothing behind', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const before = process.getActiveResourcesInfo().filter((name) => /TCP|Server|Timeout/.test(name)).length;
    const bot = await ServedBot.start({ settings: { port } });
    assert.equal(bot.remote.status.state, 'port-in-use');
    other.close();
    await once(other, 'close');
    await bot.state('listening');
    assert.equal((await bot.ask('get_user_info')).id, 'wxid_bot');
    const poll = bot.ask('check_event').catch(() => 'cut');
    await bot.ask('get_client_info');
    await bot.end();
    await poll;
    await assert.rejects(bot.ask('get_client_info'));
    const left = process.getActiveResourcesInfo().filter((name) => /TCP|Server|Timeout/.test(name)).length;
    assert.ok(left <= before, `${left} timers and sockets after, ${before} before`);
  });
});

/** Numbers from 0 to 1 that are the same in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A request that is wrong in one way or another. */
function nonsense(random: () => number): Buffer {
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
