/** Where clients of generation B come in: Socket.IO 2 and newer, in the namespace `/user`. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Namespace, Server, type Socket } from 'socket.io';
import { WechatError } from '../../../bot/errors';
import type { Doorkeeper } from '../api-key-auth';
import { type PadchatEvent, toldIn } from '../events/events';
import { PadchatClient, refusal, type Served, type Shared } from '../client-session';
import type { PadchatLimits } from '../settings';
import { readCall, type Reply, replyFields } from '../wire';

/** Where Socket.IO itself listens, with a slash at both ends. */
export const pathOfB = '/socket.io/';

/** Where clients of generation B talk. */
const namespace = '/user';

/** For so long a client that does not answer a ping is waited for, in ms. */
const pingTimeout = 20_000;

/** Clients that speak Socket.IO. */
export class SocketIoDoor {
  readonly #shared: Shared;
  readonly #doorkeeper: Doorkeeper;
  readonly #limits: PadchatLimits;
  readonly #changed: () => void;
  /** Never listens: requests and upgrades are handed to it that came to the remote's own listener. */
  readonly #requests = createServer();
  readonly #server: Server;
  readonly #seats = new Map<Socket, PadchatClient>();

  constructor(shared: Shared, doorkeeper: Doorkeeper, changed: () => void, limits: PadchatLimits) {
    this.#shared = shared;
    this.#doorkeeper = doorkeeper;
    this.#limits = limits;
    this.#changed = changed;
    this.#server = new Server(this.#requests, {
      allowEIO3: true,
      serveClient: false,
      destroyUpgrade: false,
      maxHttpBufferSize: limits.maxPayload,
      pingInterval: limits.pingEvery,
      pingTimeout,
      connectTimeout: limits.authTimeout,
      // Old clients need no compression, and strangers could make it expensive.
      perMessageDeflate: false,
      httpCompression: false,
    });
    this.#server.engine.on('connection', (connection: Socket['conn']) => {
      this.#greet(connection);
    });
    const users: Namespace = this.#server.of(namespace);
    users.use((socket, next) => {
      const error = this.#refusal(socket);
      if (error) next(error);
      else next();
    });
    users.on('connection', (socket) => {
      this.#seat(socket);
    });
  }

  /** Connections, let in or not. */
  get count(): number {
    return this.#server.engine.clientsCount;
  }

  /** Those who were let in. */
  get clients(): PadchatClient[] {
    return [...this.#seats.values()];
  }

  /** Takes a request for polling. */
  request(request: IncomingMessage, response: ServerResponse): void {
    if (this.#isFull(request)) {
      response.writeHead(503, { connection: 'close' }).end();
      return;
    }
    this.#requests.emit('request', request, response);
  }

  /** Takes an upgrade. */
  enter(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#isFull(request)) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#requests.emit('upgrade', request, socket, head);
  }

  /** Tells all who fit. */
  tellAll(event: PadchatEvent, fits: (client: PadchatClient) => boolean): void {
    const told = toldIn('B', event);
    if (!told) return;
    for (const client of this.#seats.values()) if (fits(client)) client.pass(told);
  }

  /** Hangs up on all; resolves when they are gone. */
  async stop(): Promise<void> {
    this.#server.disconnectSockets(true);
    await this.#server.close();
  }

  /** A connection that goes on is let through, however many there are. */
  #isFull({ url = '' }: IncomingMessage): boolean {
    return this.count >= this.#limits.clients && !/[?&]sid=/.test(url);
  }

  /** What Socket.IO does not look after: who never comes into the namespace, and who does not read. */
  #greet(connection: Socket['conn']): void {
    const { authTimeout, maxBuffered } = this.#limits;
    const timer = setTimeout(() => {
      const isSeated = [...this.#seats.keys()].some(({ conn }) => conn === connection);
      if (!isSeated) connection.close(true);
    }, authTimeout);
    let unread = 0;
    connection.on('packetCreate', ({ data }: { data?: unknown }) => {
      unread += typeof data === 'string' ? data.length : 0;
      if (unread > maxBuffered) connection.close(true);
    });
    connection.on('drain', () => {
      unread = 0;
    });
    connection.once('close', () => {
      clearTimeout(timer);
      this.#changed();
    });
    this.#changed();
  }

  #refusal({ handshake, request }: Socket): WechatError | undefined {
    const key = handshake.query.authKey ?? (handshake.auth as { authKey?: unknown }).authKey;
    return this.#doorkeeper.refuses(key, request.socket.remoteAddress);
  }

  #seat(socket: Socket): void {
    const client = new PadchatClient('B', this.#shared, ({ name, fields }) => {
      socket.emit(name, fields);
    });
    let running = 0;
    this.#seats.set(socket, client);
    socket.on('disconnect', () => this.#seats.delete(socket));
    socket.onAny((name: string, ...given: unknown[]) => {
      const last = given.at(-1);
      const ack = typeof last === 'function' ? (last as (reply: object) => void) : undefined;
      const [data] = ack ? given.slice(0, -1) : given;
      const answer = (reply: Reply): void => ack?.(replyFields(reply));
      if (running >= this.#limits.atOnce) {
        answer(refusal(new WechatError('RATE_LIMITED', 'tooManyRequests', { count: running })));
        return;
      }
      running += 1;
      const serving: Promise<Served> = this.#serve(client, name, data);
      void serving.then(({ reply, afterwards }) => {
        running -= 1;
        answer(reply);
        afterwards?.();
      });
    });
    this.#changed();
  }

  async #serve(client: PadchatClient, name: string, data: unknown): Promise<Served> {
    const received = readCall(name, data);
    return 'error' in received ? { reply: refusal(received.error) } : client.serve(received.request);
  }
}
