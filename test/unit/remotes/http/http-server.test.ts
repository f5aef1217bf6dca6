import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { WechatError } from '../../../../src/bot/errors';
import { Authenticator, clientOf } from '../../../../src/remotes/http/auth';
import { readBody } from '../../../../src/remotes/http/read-body';
import { type HttpServerSettings, ManagedHttpServer } from '../../../../src/remotes/http/http-server';
import { failure } from '../../../support/commanded-bot';
import { exchangeRaw, readUntilClose, startServer, type StartedServer } from './raw-http-client';

const withoutKey = new Authenticator([]);

/** Answers with the length of the body, or with 413. */
async function answerLength(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    response.end(String((await readBody(request, 1000)).length));
  } catch (error) {
    const isTooLarge = error instanceof WechatError && error.key === 'payloadTooLarge';
    response.writeHead(isTooLarge ? 413 : 400).end();
  }
}

function createServer(settings: Partial<HttpServerSettings>): ManagedHttpServer {
  return new ManagedHttpServer(
    { host: '127.0.0.1', port: 0, authenticator: withoutKey, ...settings },
    {
      onRequest: (_request, response) => void response.end(),
      onStatusChange: () => undefined,
      log: () => undefined,
    },
  );
}

describe('ManagedHttpServer', () => {
  const servers: StartedServer[] = [];
  const start = async (...options: Parameters<typeof startServer>): Promise<StartedServer> => {
    const started = await startServer(...options);
    servers.push(started);
    return started;
  };
  afterEach(() => Promise.all(servers.splice(0).map(({ server }) => server.stop())));

  it('answers requests and reports its address', async () => {
    const { server, url, port } = await start();
    assert.equal(await (await fetch(url)).text(), 'fine');
    const { state, address, lastError } = server.status;
    assert.deepEqual([state, address, lastError], ['listening', `127.0.0.1:${port}`, '']);
  });

  for (const host of ['0.0.0.0', '::', '', '192.0.2.1', '127.0.0.1.example.com']) {
    it(`refuses to listen on ${host || 'all addresses'} without a secret`, async () => {
      const server = createServer({ host });
      await assert.rejects(server.start(), failure('INVALID_PARAMS', '127.0.0.1'));
      assert.equal(server.status.state, 'refused');
      await server.stop();
    });
  }

  it('listens on all addresses with a secret and on loopback without', async () => {
    const { server } = await start({}, { host: '0.0.0.0' });
    assert.equal(server.status.state, 'listening');
    const other = await start({}, { host: 'localhost', authenticator: withoutKey });
    assert.equal(other.server.status.state, 'listening');
  });

  it('rejects cross-site requests when there is no secret', async () => {
    let handled = 0;
    const request = (_request: IncomingMessage, response: ServerResponse): void => {
      handled += 1;
      response.end();
    };
    const { port } = await start({ onRequest: request }, { authenticator: withoutKey });
    const get = (...headers: string[]): Promise<string> =>
      exchangeRaw(port, ['GET / HTTP/1.1', ...headers, 'Connection: close', '', ''].join('\r\n'));
    assert.match(await get('Host: evil.example:3000'), /^HTTP\/1.1 403/);
    assert.match(await get(`Host: 127.0.0.1:${port}`, 'Origin: https://evil.example'), /^HTTP\/1.1 403/);
    assert.match(await get(`Host: 127.0.0.1:${port}`, 'Origin: null'), /^HTTP\/1.1 403/);
    assert.match(await get(`Host: localhost:${port}`, 'Sec-Fetch-Site: cross-site'), /^HTTP\/1.1 403/);
    assert.equal(handled, 0);
    assert.match(await get(`Host: localhost:${port}`), /^HTTP\/1.1 200/);
    assert.match(await get(`Host: [::1]:${port}`, 'Origin: http://localhost:1880'), /^HTTP\/1.1 200/);
    assert.equal(handled, 2);
  });

  it('rejects a blocked address before the handlers, also upgrades', async () => {
    const authenticator = new Authenticator(['key']);
    const blockedResponse = { status: 429, headers: { 'x-own': 'yes' }, body: 'wait' };
    const onUpgrade = (): void => assert.fail('a blocked address reached the handler');
    const { url, port } = await start({ onUpgrade }, { authenticator, blockedResponse });
    assert.equal((await fetch(url)).status, 200);
    const guesser = { address: '127.0.0.1', program: '', socket: new PassThrough() };
    for (let count = 0; count < 10; count += 1) authenticator.authenticate('wrong', guesser);
    const { status, headers, text } = await fetch(url).then(async (response) => ({
      status: response.status,
      headers: response.headers,
      text: await response.text(),
    }));
    assert.deepEqual([status, headers.get('x-own'), text], [429, 'yes', 'wait']);
    const upgrade = 'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    assert.match(await exchangeRaw(port, upgrade), /^HTTP\/1.1 429 Too Many Requests\r\nRetry-After: 60/);
  });

  it('retries while the port is in use', async () => {
    const owner = createTcpServer().listen(0, '127.0.0.1');
    await once(owner, 'listening');
    const { port } = owner.address() as AddressInfo;
    const { server, log, whenState: become } = await start({}, { port });
    assert.deepEqual([server.status.state, server.address], ['port-in-use', `127.0.0.1:${port}`]);
    owner.close();
    await become('listening');
    assert.equal(await (await fetch(`http://127.0.0.1:${port}`)).text(), 'fine');
    assert.match(log.join('\n'), /^Another program uses 127\.0\.0\.1:\d+: .*\n127\.0\.0\.1:\d+: listening$/);
  });

  it('stops retrying when stopped', async () => {
    const owner = createTcpServer().listen(0, '127.0.0.1');
    await once(owner, 'listening');
    const { server } = await start({}, { port: (owner.address() as AddressInfo).port });
    await server.stop();
    const closed = once(owner, 'close');
    owner.close();
    await closed;
    assert.equal(server.status.state, 'port-in-use');
  });

  it('reports a bind error for a foreign address', async () => {
    const { server, log } = await start({}, { host: '192.0.2.1' });
    assert.equal(server.status.state, 'failed');
    assert.match(log.join('\n'), /^192\.0\.2\.1:0 cannot be listened on: .*EADDRNOTAVAIL/);
    assert.match(server.status.lastError, /EADDRNOTAVAIL/);
  });

  it('releases the port at once despite open connections', async () => {
    const first = await start();
    const idle = connect(first.port, '127.0.0.1');
    await once(idle, 'connect');
    const closed = readUntilClose(idle);
    const stopping = first.server.stop();
    const second = await start({}, { port: first.port });
    await second.whenState('listening');
    assert.equal(await (await fetch(second.url)).text(), 'fine');
    await Promise.all([stopping, closed]);
  });

  it('lets a running response finish on stop and aborts one that takes too long', async () => {
    const responses: ServerResponse[] = [];
    let onArrival: () => void = () => undefined;
    const { server, url } = await start({
      onRequest: (_request, response) => {
        responses.push(response);
        onArrival();
      },
    });
    const nextArrival = (): Promise<void> => new Promise((resolve) => (onArrival = resolve));
    const firstArrival = nextArrival();
    const first = fetch(url);
    await firstArrival;
    const secondArrival = nextArrival();
    const second = fetch(url);
    await secondArrival;
    const stopping = server.stop();
    responses[0]?.end('in time');
    assert.equal(await (await first).text(), 'in time');
    await Promise.all([assert.rejects(second), stopping]);
  });

  it('allows stop twice and before start, and rejects start after stop', async () => {
    const { server } = await start();
    await Promise.all([server.stop(), server.stop()]);
    const stopped = createServer({});
    await stopped.stop();
    await assert.rejects(stopped.start(), /after stop/);
    assert.equal(stopped.status.state, 'starting');
  });

  it('answers 500 when the handler throws', async () => {
    const { url, log } = await start({
      onRequest: () => Promise.reject(new Error('handler failed')),
    });
    const response = await fetch(url);
    assert.deepEqual([response.status, await response.text()], [500, '']);
    assert.match(log.join(), /handler failed/);
  });

  it('closes a connection with slow headers', async () => {
    const limits = { headersTimeout: 100 };
    const { port } = await start({}, { limits });
    assert.match(await exchangeRaw(port, 'GET / HTTP/1.1\r\nHost: x\r\n'), /^HTTP\/1.1 408/);
  });

  it('closes a connection with a slow body', async () => {
    const limits = { headersTimeout: 100, requestTimeout: 200 };
    const { port } = await start({ onRequest: answerLength }, { limits });
    const received = await exchangeRaw(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nslow');
    assert.match(received, /^HTTP\/1.1 408/);
  });

  it('closes an idle connection', async () => {
    const { port } = await start({ onRequest: () => undefined }, { limits: { idleTimeout: 100 } });
    assert.equal(await exchangeRaw(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'), '');
  });

  it('rejects headers that are too large with 431', async () => {
    const { port } = await start({}, { limits: { maxHeaderBytes: 1024 } });
    const received = await exchangeRaw(
      port,
      `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(2000)}\r\n\r\n`,
    );
    assert.match(received, /^HTTP\/1.1 431/);
  });

  it('rejects connections above the limit', async () => {
    const limits = { maxConnections: 1 };
    const { server, port, url } = await start({}, { limits, authenticator: withoutKey });
    const first = connect(port, '127.0.0.1');
    await once(first, 'connect');
    await assert.rejects(fetch(url));
    assert.equal(server.status.clients, 1);
    first.destroy();
  });

  it('lets connections without a key make room for others, the oldest first', async () => {
    const authenticator = new Authenticator(['key']);
    const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
      response.end(authenticator.authenticate(request.headers['x-key'], clientOf(request)));
    };
    const { server, port } = await start({ onRequest }, { authenticator, limits: { maxConnections: 3 } });
    const open = async (key: string): Promise<Socket> => {
      const socket = connect(port, '127.0.0.1');
      socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Key: ${key}\r\n\r\n`);
      await once(socket, 'data');
      return socket;
    };
    const owner = await open('key');
    const [oldest, next] = [await open(''), await open('wrong')];
    const closed = Promise.all([once(oldest, 'close'), once(next, 'close')]);
    const others = [await open('key'), await open('key')];
    await closed;
    assert.equal(server.status.clients, 3);
    await assert.rejects(fetch(`http://127.0.0.1:${port}`), 'all places are taken by clients with a key');
    for (const socket of [owner, ...others]) {
      assert.equal(socket.readyState, 'open');
      socket.destroy();
    }
  });

  it('reads bodies up to the limit with readBody', async () => {
    const { url } = await start({ onRequest: answerLength });
    const post = (body: string): Promise<Response> => fetch(url, { method: 'POST', body });
    assert.equal(await (await post('x'.repeat(1000))).text(), '1000');
    assert.equal((await post('x'.repeat(1001))).status, 413);
  });

  it('stops reading a chunked body above the limit', async () => {
    const { port } = await start({ onRequest: answerLength });
    const socket = connect(port, '127.0.0.1');
    const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`;
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    // Endless: only the server can end this.
    const writing = setInterval(() => socket.write(chunk), 1);
    const received = await readUntilClose(socket);
    clearInterval(writing);
    assert.match(received, /^HTTP\/1.1 413/);
  });

  it('closes the connection after a response before the body is complete', async () => {
    const { port } = await start({ onRequest: (_request, response) => void response.writeHead(401).end() });
    const received = await exchangeRaw(
      port,
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nsome',
    );
    assert.match(received, /^HTTP\/1.1 401/);
  });
});
