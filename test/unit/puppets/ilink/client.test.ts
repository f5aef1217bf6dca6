import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Http } from '../../../../src/puppets/ilink/client/http';
import { parseExact } from '../../../../src/puppets/ilink/client/json';
import { UrlGuard } from '../../../../src/puppets/ilink/client/url-guard';
import { safeFileName } from '../../../../src/puppets/ilink/media/file-name';
import { parseOptions } from '../../../../src/puppets/ilink/settings';
import { IlinkBotFixture } from '../../../support/ilink-bot';
import { IlinkService } from '../../../support/ilink-service/service';

describe('ilink: exact JSON', () => {
  for (const [json, expected] of [
    ['{"message_id":18446744073709551615}', { message_id: '18446744073709551615' }],
    ['{"a": -1234567890123456789 }', { a: '-1234567890123456789' }],
    ['{"a":123456789012345}', { a: 123456789012345 }],
    ['{"a":"x: 12345678901234567890, \\"b\\": 1"}', { a: 'x: 12345678901234567890, "b": 1' }],
    ['{"a":1.2345678901234567,"b":1e20}', { a: 1.2345678901234567, b: 1e20 }],
    ['[12345678901234567890,"\\\\",2]', ['12345678901234567890', '\\', 2]],
  ] as const) {
    it(json, () => {
      assert.deepEqual(parseExact(json), expected);
    });
  }

  it('reads a string of a megabyte', () => {
    const text = '\\"x'.repeat(500_000);
    assert.equal((parseExact(`{"a":"${text}"}`) as { a: string }).a.length, 1_000_000);
  });
});

describe('ilink: addresses from the network', () => {
  const tencent = new UrlGuard([
    new URL('https://ilinkai.weixin.qq.com'),
    new URL('https://novac2c.cdn.weixin.qq.com/c2c'),
  ]);
  const own = new UrlGuard([new URL('https://ilink.example.com')]);
  const local = new UrlGuard([new URL('http://127.0.0.1:8080')]);

  for (const [guard, url, isAllowed] of [
    [tencent, 'https://ilinkai.weixin.qq.com/x', true],
    [tencent, 'https://sz.ilinkai.weixin.qq.com', true],
    [tencent, 'http://ilinkai.weixin.qq.com', false],
    [tencent, 'https://weixin.qq.com.evil.example', false],
    [tencent, 'https://evilweixin.qq.com', false],
    [tencent, 'https://a.weixin.qq.com:8443', false],
    [tencent, 'https://user@ilinkai.weixin.qq.com', false],
    [tencent, 'https://127.0.0.1', false],
    [tencent, 'file:///etc/passwd', false],
    [tencent, 'not a url', false],
    [own, 'https://ilink.example.com/x', true],
    [own, 'https://other.example.com', false],
    [own, 'https://ilinkai.weixin.qq.com', false],
    [local, 'http://127.0.0.1:9090', true],
    [local, 'https://ilinkai.weixin.qq.com', false],
    [local, 'http://192.168.0.1', false],
  ] as const) {
    it(`${isAllowed ? 'allows' : 'refuses'} ${url}`, () => {
      const check = (): URL => guard.check(url, 'place');
      if (isAllowed) check();
      else assert.throws(check, /outside the configured domains/);
    });
  }
});

describe('ilink: names of files', () => {
  for (const [name, expected] of [
    ['report.pdf', 'report.pdf'],
    ['报告 1.pdf', '报告 1.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\system.ini', 'system.ini'],
    ['.bashrc', 'bashrc'],
    ['..', 'file'],
    ['', 'file'],
    ['con.txt', '_con.txt'],
    ['a\u202efdp.exe', 'afdp.exe'],
    ['a\u0000b\n.txt', 'ab.txt'],
    ['<a>?.txt', '_a__.txt'],
    [`${'a'.repeat(300)}.pdf`, `${'a'.repeat(116)}.pdf`],
  ] as const) {
    it(JSON.stringify(name.slice(0, 40)), () => {
      assert.equal(safeFileName(name, 'file'), expected);
    });
  }
});

describe('ilink: options', () => {
  for (const [options, problem] of [
    [{ baseUrl: 'http://example.com' }, /baseUrl/],
    [{ baseUrl: 7 }, /baseUrl/],
    [{ cdnUrl: 'https://user:secret@example.com' }, /cdnUrl/],
    [{ clientVersion: 'latest' }, /clientVersion/],
    [{ botAgent: '机器人' }, /botAgent/],
    [{ hold: -1 }, /hold/],
    [{ hold: '24' }, /hold/],
    [{ typing: 'yes' }, /typing/],
    [{ proxy: 'socks://secret@localhost' }, /proxy/],
  ] as const) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(
        () => parseOptions(options),
        (error: Error) => problem.test(error.message) && !error.message.includes('secret'),
      );
    });
  }
});

describe('ilink: HTTP', () => {
  let server: Server;
  let url: URL;
  before(async () => {
    server = createServer((request, response) => {
      if (request.url === '/redirect') response.writeHead(302, { location: '/' }).end();
      else if (request.url === '/large') response.end('x'.repeat(1001));
      else if (request.url !== '/silent') response.end('fine');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const get = async (path: string, timeoutMs = 5_000, signal?: AbortSignal) => {
    const http = new Http();
    try {
      const request = { method: 'GET', url: new URL(path, url), headers: {}, maxBytes: 1000 } as const;
      return await http.request({ ...request, timeoutMs, signal });
    } finally {
      http.close();
    }
  };

  it('follows no redirects', async () => {
    assert.equal((await get('/redirect')).status, 302);
  });
  it('refuses answers that are too long', () => assert.rejects(get('/large'), /longer than 1000 bytes/));
  it('gives up after the time-out', () => assert.rejects(get('/silent', 50), /No answer within 0.05 s/));
  it('ends when it is aborted', () =>
    assert.rejects(get('/silent', 5_000, AbortSignal.abort(new Error('stopped'))), /stopped/));
});

describe('ilink: through a proxy', function () {
  this.timeout(30_000);

  it('speaks TLS with the host itself, by its name', async () => {
    const proxy = createServer();
    const tunneled = new Promise<{ target: string | undefined; hello: Buffer }>((resolve) => {
      proxy.on('connect', (request, socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.once('data', (hello: Buffer) => {
          resolve({ target: request.url, hello });
          socket.destroy();
        });
      });
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const http = new Http(new URL(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`));
    const url = new URL('https://ilinkai.weixin.qq.com/x');
    const answer = http.request({ method: 'GET', url, headers: {}, timeoutMs: 5_000, maxBytes: 1000 });
    await assert.rejects(answer);
    const { target, hello } = await tunneled;
    assert.equal(target, 'ilinkai.weixin.qq.com:443');
    assert.equal(hello[0], 22, 'a TLS handshake');
    assert.ok(hello.includes('ilinkai.weixin.qq.com'), 'with the name of the host');
    http.close();
    proxy.close();
    await once(proxy, 'close');
  });

  it('logs in, receives and answers, with the credentials of the proxy', async () => {
    const targets: string[] = [];
    const sockets = new Set<Socket>();
    const proxy = createServer((_request, response) => response.writeHead(500).end());
    proxy.on('connection', (socket) => sockets.add(socket));
    proxy.on('connect', (request, socket: Socket) => {
      const expected = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
      if (request.headers['proxy-authorization'] !== expected) {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
        return;
      }
      targets.push(request.url ?? '');
      const [host, port] = (request.url ?? '').split(':');
      const target = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(target).pipe(socket);
      });
      sockets.add(target);
      for (const each of [socket, target]) each.on('error', () => each.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const service = await IlinkService.start();
    const ming = service.person('Ming');
    try {
      const wrong = await IlinkBotFixture.start(service, { puppet: { proxy: `http://127.0.0.1:${port}` } });
      const { reason } = await wrong.until('restarting');
      assert.match(String(reason.values.error), /The proxy does not connect: HTTP status 407/);
      await wrong.remove();
      const puppet = { proxy: `http://me:p%40ss@127.0.0.1:${port}` };
      const fixture = await IlinkBotFixture.login(service, ming, { puppet });
      ming.say('through the proxy');
      assert.deepEqual(await fixture.texts(1), ['through the proxy']);
      await fixture.remove();
      assert.deepEqual([...new Set(targets)], [new URL(service.baseUrl).host]);
    } finally {
      await service.stop();
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    }
  });
});
