import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { WechatError } from '../../../../src/bot/errors';
import { readBody } from '../../../../src/remotes/http/read-body';
import { Listener, type ListenerSettings } from '../../../../src/remotes/http/http-server';
import { failure } from '../../../support/commanded-bot';
import { converse, heardUntilEnd, listen, type Listening } from './raw-http-client';

/** Answers with the length of the body, or says that it is too large. */
async function measure(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    response.end(String((await readBody(request, 1000)).length));
  } catch (error) {
    const isTooLarge = error instanceof WechatError && error.key === 'payloadTooLarge';
    response.writeHead(isTooLarge ? 413 : 400).end();
  }
}

function made(settings: Partial<ListenerSettings>): Listener {
  return new Listener(
    { host: '127.0.0.1', port: 0, isProtected: false, ...settings },
    { request: (_request, response) => void response.end(), changed: () => undefined, log: () => undefined },
  );
}

describe('a listener', () => {
  const open: Listening[] = [];
  const opened = async (...how: Parameters<typeof listen>): Promise<Listening> => {
    const listening = await listen(...how);
    open.push(listening);
    return listening;
  };
  afterEach(() => Promise.all(open.splice(0).map(({ listener }) => listener.stop())));

  it('answers, and tells where', async () => {
    const { listener, url, port } = await opened();
    assert.equal(await (await fetch(url)).text(), 'fine');
    const { state, address, lastError } = listener.status;
    assert.deepEqual([state, address, lastError], ['listening', `127.0.0.1:${port}`, '']);
  });

  for (const host of ['0.0.0.0', '::', '', '192.0.2.1', '127.0.0.1.example.com']) {
    it(`is refused without a secret on ${host || 'all addresses'}`, async () => {
      const listener = made({ host });
      await assert.rejects(listener.start(), failure('INVALID_PARAMS', '127.0.0.1'));
      assert.equal(listener.status.state, 'refused');
      await listener.stop();
    });
  }

  it('listens on all addresses with a secret, and on loopback without', async () => {
    const { listener } = await opened({}, { host: '0.0.0.0', isProtected: true });
    assert.equal(listener.status.state, 'listening');
    const other = await opened({}, { host: 'localhost', isProtected: false });
    assert.equal(other.listener.status.state, 'listening');
  });

  it('refuses, without a secret, what a web page of somebody else causes', async () => {
    let asked = 0;
    const request = (_request: IncomingMessage, response: ServerResponse): void => {
      asked += 1;
      response.end();
    };
    const { port } = await opened({ request }, { isProtected: false });
    const ask = (...headers: string[]): Promise<string> =>
      converse(port, ['GET / HTTP/1.1', ...headers, 'Connection: close', '', ''].join('\r\n'));
    assert.match(await ask('Host: evil.example:3000'), /^HTTP\/1.1 403/);
    assert.match(await ask(`Host: 127.0.0.1:${port}`, 'Origin: https://evil.example'), /^HTTP\/1.1 403/);
    assert.match(await ask(`Host: 127.0.0.1:${port}`, 'Origin: null'), /^HTTP\/1.1 403/);
    assert.match(await ask(`Host: localhost:${port}`, 'Sec-Fetch-Site: cross-site'), /^HTTP\/1.1 403/);
    assert.equal(asked, 0);
    assert.match(await ask(`Host: localhost:${port}`), /^HTTP\/1.1 200/);
    assert.match(await ask(`Host: [::1]:${port}`, 'Origin: http://localhost:1880'), /^HTTP\/1.1 200/);
    assert.equal(asked, 2);
  });

  it('refuses upgrades nobody takes', async () => {
    const { port } = await opened();
    const said = await converse(
      port,
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    assert.match(said, /^HTTP\/1.1 400/);
  });

  it('waits for a port that is in use', async () => {
    const owner = createServer().listen(0, '127.0.0.1');
    await once(owner, 'listening');
    const { port } = owner.address() as AddressInfo;
    const { listener, become } = await opened({}, { port });
    assert.deepEqual([listener.status.state, listener.address], ['port-in-use', `127.0.0.1:${port}`]);
    owner.close();
    await become('listening');
    assert.equal(await (await fetch(`http://127.0.0.1:${port}`)).text(), 'fine');
  });

  it('gives a port up while it waits for it', async () => {
    const owner = createServer().listen(0, '127.0.0.1');
    await once(owner, 'listening');
    const { listener } = await opened({}, { port: (owner.address() as AddressInfo).port });
    await listener.stop();
    const closed = once(owner, 'close');
    owner.close();
    await closed;
    assert.equal(listener.status.state, 'port-in-use');
  });

  it('says what is wrong with an address that is none of this machine', async () => {
    const { listener } = await opened({}, { host: '192.0.2.1' });
    assert.equal(listener.status.state, 'failed');
    assert.match(listener.status.lastError, /EADDRNOTAVAIL/);
  });

  it('hands its port over at once, whoever is connected', async () => {
    const first = await opened();
    const idle = connect(first.port, '127.0.0.1');
    await once(idle, 'connect');
    const hungUp = heardUntilEnd(idle);
    const stopping = first.listener.stop();
    const second = await opened({}, { port: first.port });
    await second.become('listening');
    assert.equal(await (await fetch(second.url)).text(), 'fine');
    await Promise.all([stopping, hungUp]);
  });

  it('lets an answer finish that is being given when it stops, and does not wait for one that is not', async () => {
    const answers: ServerResponse[] = [];
    let come: () => void = () => undefined;
    const { listener, url } = await opened({
      request: (_request, response) => {
        answers.push(response);
        come();
      },
    });
    const asked = (): Promise<void> => new Promise((resolve) => (come = resolve));
    const firstCame = asked();
    const first = fetch(url);
    await firstCame;
    const secondCame = asked();
    const second = fetch(url);
    await secondCame;
    const stopping = listener.stop();
    answers[0]?.end('in time');
    assert.equal(await (await first).text(), 'in time');
    await Promise.all([assert.rejects(second), stopping]);
  });

  it('stops twice, and before it was started', async () => {
    const { listener } = await opened();
    await Promise.all([listener.stop(), listener.stop()]);
    const never = made({});
    await never.stop();
    await never.start();
    assert.equal(never.status.state, 'starting');
  });

  it('survives what the answering throws', async () => {
    const { url, log } = await opened({
      request: () => Promise.reject(new Error('the wire broke')),
    });
    const response = await fetch(url);
    assert.deepEqual([response.status, await response.text()], [500, '']);
    assert.match(log.join(), /the wire broke/);
  });

  it('hangs up on a client that does not get on with its headers', async () => {
    const limits = { headersTimeout: 100 };
    const { port } = await opened({}, { limits });
    assert.match(await converse(port, 'GET / HTTP/1.1\r\nHost: x\r\n'), /^HTTP\/1.1 408/);
  });

  it('hangs up on a client that does not get on with its body', async () => {
    const limits = { headersTimeout: 100, requestTimeout: 200 };
    const { port } = await opened({ request: measure }, { limits });
    const said = await converse(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nslow');
    assert.match(said, /^HTTP\/1.1 408/);
  });

  it('hangs up on a connection on which nothing moves', async () => {
    const { port } = await opened({ request: () => undefined }, { limits: { idleTimeout: 100 } });
    assert.equal(await converse(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'), '');
  });

  it('answers headers that are too large with 431', async () => {
    const { port } = await opened({}, { limits: { headerBytes: 1024 } });
    const said = await converse(port, `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(2000)}\r\n\r\n`);
    assert.match(said, /^HTTP\/1.1 431/);
  });

  it('takes no more connections than it may', async () => {
    const { listener, port, url } = await opened({}, { limits: { connections: 1 } });
    const first = connect(port, '127.0.0.1');
    await once(first, 'connect');
    await assert.rejects(fetch(url));
    assert.equal(listener.status.clients, 1);
    first.destroy();
  });

  it('reads bodies up to the limit', async () => {
    const { url } = await opened({ request: measure });
    const post = (body: string): Promise<Response> => fetch(url, { method: 'POST', body });
    assert.equal(await (await post('x'.repeat(1000))).text(), '1000');
    assert.equal((await post('x'.repeat(1001))).status, 413);
  });

  it('does not read on when a body of unknown length grows too large', async () => {
    const { port } = await opened({ request: measure });
    const socket = connect(port, '127.0.0.1');
    const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`;
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    // Without end: only the other side can end this.
    const pouring = setInterval(() => socket.write(chunk), 1);
    const said = await heardUntilEnd(socket);
    clearInterval(pouring);
    assert.match(said, /^HTTP\/1.1 413/);
  });

  it('hangs up on who was refused before the body came', async () => {
    const { port } = await opened({ request: (_request, response) => void response.writeHead(401).end() });
    const said = await converse(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nsome');
    assert.match(said, /^HTTP\/1.1 401/);
  });
});
