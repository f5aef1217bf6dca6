import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import {
  type WebSocketClient,
  type WebSocketLimits,
  WebSocketHub,
} from '../../../../src/remotes/http/websocket-hub';
import { Authenticator } from '../../../../src/remotes/http/auth';
import { exchangeRaw, readUntilClose, startServer, type StartedServer } from './raw-http-client';

/** A hub behind a server. */
class HubFixture {
  readonly clients: WebSocketClient[] = [];
  readonly #watchers: (() => void)[] = [];
  #started: StartedServer | undefined;

  private constructor(readonly hub: WebSocketHub) {}

  static async start(
    limits: Partial<WebSocketLimits> = {},
    onOpen?: (client: WebSocketClient) => void,
    authenticator = new Authenticator([]),
  ): Promise<HubFixture> {
    const hub = new WebSocketHub(
      authenticator,
      () => {
        for (const check of fixture.#watchers) check();
      },
      limits,
    );
    const fixture = new HubFixture(hub);
    fixture.#started = await startServer({
      onUpgrade: (request, socket, head) => {
        hub.accept(request, socket, head, (client) => {
          fixture.clients.push(client);
          onOpen?.(client);
        });
      },
    });
    return fixture;
  }

  get port(): number {
    return this.#started?.port ?? 0;
  }

  /** Resolves when this many clients are connected. */
  async whenCount(count: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (this.hub.clients.size === count) resolve();
      };
      this.#watchers.push(check);
      check();
    });
  }

  async connect(): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${this.port}`);
    await once(socket, 'open');
    return socket;
  }

  async stop(): Promise<void> {
    await this.hub.stop();
    await this.#started?.server.stop();
  }
}

async function nextText(socket: WebSocket): Promise<string> {
  const [data] = (await once(socket, 'message')) as [Buffer];
  return data.toString();
}

/** An upgrade request, for clients that behave like no WebSocket library. */
const handshake = [
  'GET / HTTP/1.1',
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
  '',
  '',
].join('\r\n');

describe('WebSocketHub', () => {
  let fixture: HubFixture;
  afterEach(() => fixture.stop());

  it('receives, answers and broadcasts messages', async () => {
    fixture = await HubFixture.start({}, (client) => {
      client.onMessage((message) => {
        client.send(Buffer.isBuffer(message) ? `bytes ${message.length}` : `text ${message}`);
      });
    });
    const [one, other] = await Promise.all([fixture.connect(), fixture.connect()]);
    const answers = nextText(one);
    one.send('hello');
    assert.equal(await answers, 'text hello');
    const bytes = nextText(one);
    one.send(Buffer.alloc(3));
    assert.equal(await bytes, 'bytes 3');
    const both = Promise.all([nextText(one), nextText(other)]);
    fixture.hub.broadcast('to all');
    assert.deepEqual(await both, ['to all', 'to all']);
    assert.equal(fixture.clients[0]?.identity.address.replace('::ffff:', ''), '127.0.0.1');
  });

  it('receives a message sent with the handshake', async () => {
    fixture = await HubFixture.start({}, (client) => {
      client.onMessage((message) => {
        client.send(message);
      });
    });
    const socket = connect(fixture.port, '127.0.0.1');
    // A masked text of one letter, in the same packet as the handshake.
    socket.write(Buffer.concat([Buffer.from(handshake), Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x41])]));
    let received = Buffer.alloc(0);
    while (!received.subarray(-3).equals(Buffer.from([0x81, 0x01, 0x41]))) {
      const [data] = (await once(socket, 'data')) as [Buffer];
      received = Buffer.concat([received, data]);
    }
    socket.destroy();
  });

  it('rejects clients above the limit with 503', async () => {
    fixture = await HubFixture.start({ maxClients: 1 });
    await fixture.connect();
    assert.match(await exchangeRaw(fixture.port, handshake), /^HTTP\/1.1 503/);
  });

  it('lets clients without a key make room for others, the oldest first', async () => {
    const authenticator = new Authenticator(['key']);
    const authenticate = (client: WebSocketClient): void => {
      client.onMessage((message) => {
        client.send(authenticator.authenticate(message, client.identity));
      });
    };
    fixture = await HubFixture.start({ maxClients: 2 }, authenticate, authenticator);
    const silent = await fixture.connect();
    const owners: WebSocket[] = [];
    for (let count = 0; count < 2; count += 1) {
      const owner = await fixture.connect();
      const answer = nextText(owner);
      owner.send('key');
      assert.equal(await answer, 'granted');
      owners.push(owner);
      if (count === 0) assert.equal(silent.readyState, WebSocket.OPEN);
    }
    if (silent.readyState !== WebSocket.CLOSED) await once(silent, 'close');
    assert.match(await exchangeRaw(fixture.port, handshake), /^HTTP\/1.1 503/);
    assert.ok(owners.every(({ readyState }) => readyState === WebSocket.OPEN));
  });

  it('closes a client that does not answer pings', async () => {
    fixture = await HubFixture.start({ pingIntervalMs: 50 });
    const silent = connect(fixture.port, '127.0.0.1');
    silent.write(handshake);
    const closed = readUntilClose(silent);
    await fixture.whenCount(1);
    await closed;
    await fixture.whenCount(0);
  });

  it('keeps a client that answers pings', async () => {
    fixture = await HubFixture.start({ pingIntervalMs: 30 });
    const socket = await fixture.connect();
    for (let ping = 0; ping < 4; ping += 1) await once(socket, 'ping');
    assert.equal(fixture.hub.clients.size, 1);
  });

  it('closes a client that does not read, without delaying others', async () => {
    fixture = await HubFixture.start({ maxBuffered: 100_000 });
    const stalled = connect(fixture.port, '127.0.0.1');
    stalled.write(handshake);
    await once(stalled, 'data');
    stalled.pause();
    const reader = await fixture.connect();
    await fixture.whenCount(2);
    const large = 'x'.repeat(50_000);
    while (fixture.hub.clients.size === 2) {
      const read = nextText(reader);
      fixture.hub.broadcast(large);
      assert.equal((await read).length, large.length);
    }
    assert.ok(reader.readyState === WebSocket.OPEN);
    stalled.destroy();
  });

  it('pauses a client while too many of its messages are pending', async () => {
    let running = 0;
    let maxRunning = 0;
    const release: (() => void)[] = [];
    let done = 0;
    let finished: () => void = () => undefined;
    const all = new Promise<void>((resolve) => (finished = resolve));
    let full: () => void = () => undefined;
    const isFull = new Promise<void>((resolve) => (full = resolve));
    fixture = await HubFixture.start({ maxConcurrentMessages: 4 }, (client) => {
      client.onMessage(async () => {
        running += 1;
        maxRunning = Math.max(maxRunning, running);
        if (running === 4) full();
        await new Promise<void>((resolve) => release.push(resolve));
        running -= 1;
        done += 1;
        if (done === 200) finished();
        else release.shift()?.();
      });
    });
    const socket = await fixture.connect();
    for (let message = 0; message < 200; message += 1) socket.send('x'.repeat(1000));
    await isFull;
    const releasing = setInterval(() => {
      for (const resolve of release.splice(0)) resolve();
    }, 1);
    await all;
    clearInterval(releasing);
    assert.ok(maxRunning >= 4 && maxRunning < 150, `${maxRunning} of 200 ran concurrently`);
  });

  it('closes a client on an oversized message or a failing handler', async () => {
    fixture = await HubFixture.start({ maxPayload: 1000 }, (client) => {
      client.onMessage(() => Promise.reject(new Error('cannot')));
    });
    const large = await fixture.connect();
    large.send('x'.repeat(1001));
    assert.equal((await once(large, 'close'))[0], 1009);
    const failing = await fixture.connect();
    failing.send('x');
    assert.equal((await once(failing, 'close'))[0], 1011);
  });

  it('closes a client with invalid frames, without affecting others', async () => {
    fixture = await HubFixture.start();
    const good = await fixture.connect();
    const bad = connect(fixture.port, '127.0.0.1');
    bad.write(handshake);
    bad.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    await readUntilClose(bad);
    const read = nextText(good);
    fixture.hub.broadcast('still here');
    assert.equal(await read, 'still here');
  });

  it('closes all clients on stop, also unresponsive ones', async () => {
    fixture = await HubFixture.start();
    const responsive = await fixture.connect();
    const unresponsive = connect(fixture.port, '127.0.0.1');
    unresponsive.write(handshake);
    await fixture.whenCount(2);
    const closed = once(responsive, 'close');
    const dropped = readUntilClose(unresponsive);
    await fixture.hub.stop();
    assert.equal((await closed)[0], 1001);
    await dropped;
    assert.equal(fixture.hub.clients.size, 0);
    assert.match(await exchangeRaw(fixture.port, handshake), /^HTTP\/1.1 503/);
  });

  it('broadcasts to a thousand clients', async function () {
    this.timeout(30_000);
    fixture = await HubFixture.start();
    const sockets = await Promise.all(Array.from({ length: 1000 }, () => fixture.connect()));
    const received = Promise.all(sockets.map(nextText));
    fixture.hub.broadcast('to a thousand');
    assert.deepEqual([...new Set(await received)], ['to a thousand']);
    const allClosed = fixture.whenCount(0);
    for (const socket of sockets) socket.terminate();
    await allClosed;
  });
});
