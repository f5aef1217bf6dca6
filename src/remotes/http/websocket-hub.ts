/**
 * WebSocket clients of a remote. Whoever does not read, does not answer pings or sends more than can be worked on is
 * held back or hung up on, and costs the others nothing.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';

/** What a client may take. */
export interface SocketLimits {
  readonly clients: number;
  /** Of one message from a client, in bytes. */
  readonly maxPayload: number;
  /** Time between two pings, in ms; who has not answered one when the next is due is gone. */
  readonly pingEvery: number;
  /** What may wait for a client to read it, in bytes; who lets more pile up is hung up on. */
  readonly maxBuffered: number;
  /** Messages of one client that are worked on at once; more are not read until one is done. */
  readonly atOnce: number;
}

const usualLimits: SocketLimits = {
  clients: 2000,
  maxPayload: 8 * 1024 * 1024,
  pingEvery: 20_000,
  maxBuffered: 4 * 1024 * 1024,
  atOnce: 32,
};

/** How long clients have to say goodbye when the remote stops, in ms. */
const farewell = 400;

/** Hears what a client sends: a text, or bytes; the client is not read from while too many are unfinished. */
export type Hear = (message: string | Buffer) => void | Promise<void>;

/** Somebody at the other end of a WebSocket. */
export class Client {
  /** Its address, for counting wrong secrets. */
  readonly address: string;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #limits: SocketLimits;
  #isCorked = false;
  #hear: Hear = () => undefined;
  #unfinished = 0;
  #answered = true;

  /** @param stream what the socket is made of. */
  constructor(socket: WebSocket, stream: Duplex, address: string, limits: SocketLimits) {
    this.#socket = socket;
    this.#stream = stream;
    this.address = address;
    this.#limits = limits;
    socket.on('message', (data: Buffer, isBinary) => {
      this.#work(isBinary ? data : data.toString('utf8'));
    });
    socket.on('pong', () => {
      this.#answered = true;
    });
    // What is wrong with it ends it, and that is told by `close`.
    socket.on('error', () => undefined);
  }

  /** Whether something sent to it may arrive. */
  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Who hears what it sends; the last one given does. What it throws ends the connection. */
  onMessage(hear: Hear): void {
    this.#hear = hear;
  }

  /** Told once, when the connection is gone. */
  onClosed(listener: () => void): void {
    this.#socket.once('close', listener);
  }

  /** Sends a text; a Buffer is sent as the text it holds. Does nothing when the connection is gone. */
  send(text: string | Buffer): void {
    if (!this.isOpen) return;
    this.#cork();
    this.#socket.send(text, { binary: false });
    if (this.#socket.bufferedAmount > this.#limits.maxBuffered) this.#socket.terminate();
  }

  /** Says goodbye; hangs up if that is not answered soon. */
  close(code = 1000, reason = ''): void {
    this.#socket.close(code, reason);
    const hangUp = setTimeout(() => {
      this.#socket.terminate();
    }, farewell);
    this.#socket.once('close', () => {
      clearTimeout(hangUp);
    });
  }

  /** Asks whether somebody is still there, and hangs up if the last question was not answered. */
  ping(): void {
    // While it is held back its answers are not read either.
    if (!this.isOpen || this.#socket.isPaused) return;
    if (!this.#answered) {
      this.#socket.terminate();
      return;
    }
    this.#answered = false;
    this.#socket.ping();
  }

  /** What is sent in one turn of the event loop leaves in one write: each write costs more than all else. */
  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#stream.cork();
    setImmediate(() => {
      this.#isCorked = false;
      this.#stream.uncork();
    });
  }

  #work(message: string | Buffer): void {
    const working = async (): Promise<void> => this.#hear(message);
    this.#unfinished += 1;
    if (this.#unfinished >= this.#limits.atOnce) this.#socket.pause();
    working()
      .catch(() => {
        this.close(1011);
      })
      .finally(() => {
        this.#unfinished -= 1;
        if (this.#socket.isPaused && this.#unfinished < this.#limits.atOnce) {
          // Its answer to the last ping may wait in what was not read.
          this.#answered = true;
          this.#socket.resume();
        }
      });
  }
}

/** All WebSocket clients of a remote. */
export class Sockets {
  readonly #limits: SocketLimits;
  readonly #changed: () => void;
  readonly #server: WebSocketServer;
  readonly #clients = new Set<Client>();
  readonly #pinging: NodeJS.Timeout;
  #isStopped = false;

  /** @param changed told when a client came or went. */
  constructor(changed: () => void, limits: Partial<SocketLimits> = {}) {
    this.#changed = changed;
    this.#limits = { ...usualLimits, ...limits };
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: this.#limits.maxPayload,
    });
    this.#pinging = setInterval(() => {
      for (const client of this.#clients) client.ping();
    }, this.#limits.pingEvery).unref();
  }

  /** Who is connected. */
  get clients(): ReadonlySet<Client> {
    return this.#clients;
  }

  /**
   * Takes an upgrade over, or answers it with 503 when there are too many already.
   * @param opened told when the connection is there, before anything that comes over it is read.
   */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, opened: (client: Client) => void): void {
    if (this.#isStopped || this.#clients.size >= this.#limits.clients) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
      return;
    }
    const address = request.socket.remoteAddress ?? '';
    this.#server.handleUpgrade(request, socket, head, (connection) => {
      const client = new Client(connection, socket, address, this.#limits);
      this.#clients.add(client);
      client.onClosed(() => {
        this.#clients.delete(client);
        this.#changed();
      });
      opened(client);
      this.#changed();
    });
  }

  /** Sends the same to many, encoded once. */
  broadcast(text: string, to: Iterable<Client> = this.#clients): void {
    const bytes = Buffer.from(text);
    for (const client of to) client.send(bytes);
  }

  /** Hangs up on all and takes no more; resolves when they are gone, after less than a second. Idempotent. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#pinging);
    await Promise.all(
      [...this.#clients].map(
        (client) =>
          new Promise<void>((resolve) => {
            client.onClosed(resolve);
            client.close(1001);
          }),
      ),
    );
  }
}
