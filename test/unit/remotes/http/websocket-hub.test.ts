import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { type Client, type SocketLimits, Sockets } from '../../../../src/remotes/http/websocket-hub';
import { converse, heardUntilEnd, listen, type Listening } from './raw-http-client';

/** A remote with WebSocket clients. */
class Hall {
  readonly arrived: Client[] = [];
  readonly #waiting: (() => void)[] = [];
  changes = 0;

  private constructor(
    readonly sockets: Sockets,
    readonly limits: Partial<SocketLimits>,
  ) {}

  listening: Listening | undefined;

  static async open(limits: Partial<SocketLimits> = {}, opened?: (client: Client) => void): Promise<Hall> {
    const sockets = new Sockets(() => {
      hall.changes += 1;
      for (const look of hall.#waiting) look();
    }, limits);
    const hall = new Hall(sockets, limits);
    hall.listening = await listen({
      upgrade: (request, socket, head) => {
        sockets.accept(request, socket, head, (client) => {
          hall.arrived.push(client);
          opened?.(client);
        });
      },
    });
    return hall;
  }

  get port(): number {
    return this.listening?.port ?? 0;
  }

  /** Resolves when so many are connected. */
  async count(wanted: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.sockets.clients.size === wanted) resolve();
      };
      this.#waiting.push(look);
      look();
    });
  }

  async join(): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${this.port}`);
    await once(socket, 'open');
    return socket;
  }

  async close(): Promise<void> {
    await this.sockets.stop();
    await this.listening?.listener.stop();
  }
}

async function nextText(socket: WebSocket): Promise<string> {
  const [data] = (await once(socket, 'message')) as [Buffer];
  return data.toString();
}

/** The handshake of a client that does nothing afterwards unless told to. */
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

describe('WebSocket clients', () => {
  let hall: Hall;
  afterEach(() => hall.close());

  it('are heard, answered and told the same', async () => {
    hall = await Hall.open({}, (client) => {
      client.onMessage((message) => {
        client.send(Buffer.isBuffer(message) ? `bytes ${message.length}` : `text ${message}`);
      });
    });
    const [one, other] = await Promise.all([hall.join(), hall.join()]);
    const answers = nextText(one);
    one.send('hello');
    assert.equal(await answers, 'text hello');
    const bytes = nextText(one);
    one.send(Buffer.alloc(3));
    assert.equal(await bytes, 'bytes 3');
    const both = Promise.all([nextText(one), nextText(other)]);
    hall.sockets.broadcast('to all');
    assert.deepEqual(await both, ['to all', 'to all']);
    assert.equal(hall.arrived[0]?.address.replace('::ffff:', ''), '127.0.0.1');
  });

  it('are not lost when they speak at once', async () => {
    hall = await Hall.open({}, (client) => {
      client.onMessage((message) => {
        client.send(message);
      });
    });
    const socket = connect(hall.port, '127.0.0.1');
    // A masked text of one letter, in the same packet as the handshake.
    socket.write(Buffer.concat([Buffer.from(handshake), Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x41])]));
    let heard = Buffer.alloc(0);
    while (!heard.subarray(-3).equals(Buffer.from([0x81, 0x01, 0x41]))) {
      const [data] = (await once(socket, 'data')) as [Buffer];
      heard = Buffer.concat([heard, data]);
    }
    socket.destroy();
  });

  it('are refused when there are too many', async () => {
    hall = await Hall.open({ clients: 1 });
    await hall.join();
    assert.match(await converse(hall.port, handshake), /^HTTP\/1.1 503/);
  });

  it('are hung up on when they do not answer pings', async () => {
    hall = await Hall.open({ pingEvery: 50 });
    const silent = connect(hall.port, '127.0.0.1');
    silent.write(handshake);
    const hungUp = heardUntilEnd(silent);
    await hall.count(1);
    await hungUp;
    await hall.count(0);
  });

  it('stay when they answer pings', async () => {
    hall = await Hall.open({ pingEvery: 30 });
    const socket = await hall.join();
    for (let ping = 0; ping < 4; ping += 1) await once(socket, 'ping');
    assert.equal(hall.sockets.clients.size, 1);
  });

  it('are hung up on when they do not read, and others are served meanwhile', async () => {
    hall = await Hall.open({ maxBuffered: 100_000 });
    const deaf = connect(hall.port, '127.0.0.1');
    deaf.write(handshake);
    await once(deaf, 'data');
    deaf.pause();
    const reader = await hall.join();
    await hall.count(2);
    const large = 'x'.repeat(50_000);
    while (hall.sockets.clients.size === 2) {
      const read = nextText(reader);
      hall.sockets.broadcast(large);
      assert.equal((await read).length, large.length);
    }
    assert.ok(reader.readyState === WebSocket.OPEN);
    deaf.destroy();
  });

  it('are not read from while too much of theirs is unfinished', async () => {
    let running = 0;
    let most = 0;
    const release: (() => void)[] = [];
    let done = 0;
    let finished: () => void = () => undefined;
    const all = new Promise<void>((resolve) => (finished = resolve));
    let full: () => void = () => undefined;
    const isFull = new Promise<void>((resolve) => (full = resolve));
    hall = await Hall.open({ atOnce: 4 }, (client) => {
      client.onMessage(async () => {
        running += 1;
        most = Math.max(most, running);
        if (running === 4) full();
        await new Promise<void>((resolve) => release.push(resolve));
        running -= 1;
        done += 1;
        if (done === 200) finished();
        else release.shift()?.();
      });
    });
    const socket = await hall.join();
    for (let message = 0; message < 200; message += 1) socket.send('x'.repeat(1000));
    await isFull;
    const pumping = setInterval(() => {
      for (const resolve of release.splice(0)) resolve();
    }, 1);
    await all;
    clearInterval(pumping);
    assert.ok(most >= 4 && most < 150, `${most} of 200 were worked on at once`);
  });

  it('are hung up on when a message is too large, or working on it fails', async () => {
    hall = await Hall.open({ maxPayload: 1000 }, (client) => {
      client.onMessage(() => Promise.reject(new Error('cannot')));
    });
    const large = await hall.join();
    large.send('x'.repeat(1001));
    assert.equal((await once(large, 'close'))[0], 1009);
    const unlucky = await hall.join();
    unlucky.send('x');
    assert.equal((await once(unlucky, 'close'))[0], 1011);
  });

  it('that talk nonsense harm nobody', async () => {
    hall = await Hall.open();
    const good = await hall.join();
    const bad = connect(hall.port, '127.0.0.1');
    bad.write(handshake);
    bad.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    await heardUntilEnd(bad);
    const read = nextText(good);
    hall.sockets.broadcast('still here');
    assert.equal(await read, 'still here');
  });

  it('are said goodbye to when the remote stops, even those that do not answer', async () => {
    hall = await Hall.open();
    const polite = await hall.join();
    const rude = connect(hall.port, '127.0.0.1');
    rude.write(handshake);
    await hall.count(2);
    const left = once(polite, 'close');
    const dropped = heardUntilEnd(rude);
    await hall.sockets.stop();
    assert.equal((await left)[0], 1001);
    await dropped;
    assert.equal(hall.sockets.clients.size, 0);
    assert.match(await converse(hall.port, handshake), /^HTTP\/1.1 503/);
  });

  it('may be a thousand', async function () {
    this.timeout(30_000);
    hall = await Hall.open();
    const everybody = await Promise.all(Array.from({ length: 1000 }, () => hall.join()));
    const heard = Promise.all(everybody.map(nextText));
    hall.sockets.broadcast('to a thousand');
    assert.deepEqual([...new Set(await heard)], ['to a thousand']);
    const gone = hall.count(0);
    for (const socket of everybody) socket.terminate();
    await gone;
  });
});
