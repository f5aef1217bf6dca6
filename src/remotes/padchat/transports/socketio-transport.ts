/** Socket.IO transport for clients of version B: Socket.IO 2 and newer, namespace `/user`. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Namespace, Server, type Socket } from 'socket.io';
import { WechatError } from '../../../bot/errors';
import { type Authenticator, clientOf } from '../../http/auth';
import { rejectUpgrade } from '../../http/response';
import { authError } from '../auth-error';
import { type PadchatEvent, toWireEvent } from '../events/events';
import { ClientSession, errorReply, type RequestResult, type SharedServices } from '../client-session';
import type { PadchatLimits } from '../settings';
import { decodeCall, type Reply, encodeAcknowledgement } from '../wire';

/** The path of Socket.IO itself, with a slash at both ends. */
export const socketIoPath = '/socket.io/';

/** The Socket.IO namespace of version B. */
const namespace = '/user';

/** Until a client that does not respond to a ping is disconnected. */
const pingTimeoutMs = 20_000;

/** Accepts Socket.IO connections, authenticates them, and runs their calls. */
export class SocketIoTransport {
  readonly #shared: SharedServices;
  readonly #authenticator: Authenticator;
  readonly #limits: PadchatLimits;
  readonly #onChange: () => void;
  /** Never listens: it receives the requests and upgrades of the remote's own server. */
  readonly #httpServer = createServer();
  readonly #server: Server;
  readonly #sessions = new Map<Socket, ClientSession>();
  /** Connections that have not joined the namespace, oldest first. */
  readonly #unjoined = new Set<Socket['conn']>();

  constructor(
    shared: SharedServices,
    authenticator: Authenticator,
    onChange: () => void,
    limits: PadchatLimits,
  ) {
    this.#shared = shared;
    this.#authenticator = authenticator;
    this.#limits = limits;
    this.#onChange = onChange;
    this.#server = new Server(this.#httpServer, {
      allowEIO3: true,
      serveClient: false,
      destroyUpgrade: false,
      maxHttpBufferSize: limits.maxPayloadBytes,
      pingInterval: limits.pingIntervalMs,
      pingTimeout: pingTimeoutMs,
      connectTimeout: limits.authTimeoutMs,
      // Old clients need no compression, and untrusted clients could make it expensive.
      perMessageDeflate: false,
      httpCompression: false,
    });
    this.#server.engine.on('connection', (connection: Socket['conn']) => {
      this.#watchConnection(connection);
    });
    const users: Namespace = this.#server.of(namespace);
    users.use((socket, next) => {
      const error = this.#authenticate(socket);
      if (error) next(error);
      else next();
    });
    users.on('connection', (socket) => {
      this.#addSession(socket);
    });
  }

  /** Open connections, authenticated or not. */
  get count(): number {
    return this.#server.engine.clientsCount;
  }

  /** Authenticated clients. */
  get clients(): ClientSession[] {
    return [...this.#sessions.values()];
  }

  /** Handles a polling request. */
  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#makeRoom(request)) {
      response.writeHead(503, { connection: 'close' }).end();
      return;
    }
    this.#httpServer.emit('request', request, response);
  }

  /** Handles an upgrade. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!this.#makeRoom(request)) {
      rejectUpgrade(socket, 503);
      return;
    }
    this.#httpServer.emit('upgrade', request, socket, head);
  }

  /** Sends an event to all matching clients. */
  broadcast(event: PadchatEvent, matches: (client: ClientSession) => boolean): void {
    const wireEvent = toWireEvent('B', event);
    if (!wireEvent) return;
    for (const client of this.#sessions.values()) if (matches(client)) client.forward(wireEvent);
  }

  /** Closes all connections; resolves when they are closed. */
  async stop(): Promise<void> {
    this.#server.disconnectSockets(true);
    await this.#server.close();
  }

  /**
   * Whether there is room for a request: when there are too many connections, the oldest one that has not joined is
   * closed for a new one. Requests of existing connections (`sid`) always pass.
   */
  #makeRoom({ url = '' }: IncomingMessage): boolean {
    if (this.count < this.#limits.maxClients || /[?&]sid=/.test(url)) return true;
    const [oldest] = this.#unjoined;
    oldest?.close(true);
    return oldest !== undefined;
  }

  /** Closes connections that never join the namespace or do not read, which Socket.IO itself keeps open. */
  #watchConnection(connection: Socket['conn']): void {
    const { authTimeoutMs, maxBufferedBytes } = this.#limits;
    this.#unjoined.add(connection);
    const timer = setTimeout(() => {
      if (this.#unjoined.has(connection)) connection.close(true);
    }, authTimeoutMs);
    let unreadLength = 0;
    connection.on('packetCreate', ({ data }: { data?: unknown }) => {
      unreadLength += typeof data === 'string' ? data.length : 0;
      if (unreadLength > maxBufferedBytes) connection.close(true);
    });
    connection.on('drain', () => {
      unreadLength = 0;
    });
    connection.once('close', () => {
      clearTimeout(timer);
      this.#unjoined.delete(connection);
      this.#onChange();
    });
    this.#onChange();
  }

  #authenticate({ handshake, request }: Socket): WechatError | undefined {
    const key = handshake.query.authKey ?? (handshake.auth as { authKey?: unknown }).authKey;
    return authError(this.#authenticator.authenticate(key, clientOf(request)));
  }

  #addSession(socket: Socket): void {
    const client = new ClientSession('B', this.#shared, ({ name, fields }) => {
      socket.emit(name, fields);
    });
    let running = 0;
    this.#sessions.set(socket, client);
    this.#unjoined.delete(socket.conn);
    socket.on('disconnect', () => {
      this.#sessions.delete(socket);
      if (socket.conn.readyState === 'open') this.#unjoined.add(socket.conn);
    });
    socket.onAny((name: string, ...args: unknown[]) => {
      const last = args.at(-1);
      const ack = typeof last === 'function' ? (last as (reply: object) => void) : undefined;
      const [data] = ack ? args.slice(0, -1) : args;
      const sendReply = (reply: Reply): void => ack?.(encodeAcknowledgement(reply));
      if (running >= this.#limits.maxConcurrentRequests) {
        sendReply(errorReply(new WechatError('RATE_LIMITED', 'tooManyRequests', { count: running })));
        return;
      }
      running += 1;
      const serving: Promise<RequestResult> = this.#handleCall(client, name, data);
      void serving.then(({ reply, afterReply }) => {
        running -= 1;
        sendReply(reply);
        afterReply?.();
      });
    });
    this.#onChange();
  }

  async #handleCall(client: ClientSession, name: string, data: unknown): Promise<RequestResult> {
    const received = decodeCall(name, data);
    return 'error' in received
      ? { reply: errorReply(received.error) }
      : client.handleRequest(received.request);
  }
}
