/**
 * A port on which programs reach a remote. It bears what strangers do: it limits headers, times and connections, hangs
 * up on who is slow, and tries again while the port belongs to somebody else.
 */
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage, WechatError } from '../../bot/errors';
import type { ListeningStatus, RemoteListener } from '../remote';
import { isFromForeignPage, isLoopback } from './origin-check';

/** What a client may take. Times are in ms. */
export interface ListenerLimits {
  readonly connections: number;
  /** All headers of a request together, in bytes. */
  readonly headerBytes: number;
  /** For a request's headers to come in. */
  readonly headersTimeout: number;
  /** For a whole request to come in. */
  readonly requestTimeout: number;
  /** For a connection on which nothing moves; long polls must be shorter. */
  readonly idleTimeout: number;
  /** For a connection to stay open for the next request. */
  readonly keepAliveTimeout: number;
}

const usualLimits: ListenerLimits = {
  connections: 4000,
  headerBytes: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  idleTimeout: 120_000,
  keepAliveTimeout: 30_000,
};

/** Where to listen. */
export interface ListenerSettings {
  /** An address or name of this machine. */
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Whether a secret is asked for; without one only loopback is listened on, and web pages of others are refused. */
  readonly isProtected: boolean;
  readonly limits?: Partial<ListenerLimits>;
}

/** What a listener works for. */
export interface ListenerParts extends Pick<RemoteListener, 'changed' | 'log'> {
  /** Answers a request; what it throws is logged and answered with 500. */
  readonly request: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
  /** Takes an upgrade, such as to a WebSocket; without it upgrades are refused. */
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** Time between two tries to get a port, in ms. */
const retryEvery = 1000;

/** How long requests that are being answered have when the listener stops, in ms. */
const farewell = 500;

/** How long a client that sends too much has to read that it does, in ms. */
const lingering = 500;

/** One port from `start` to `stop`. */
export class Listener {
  readonly #settings: ListenerSettings;
  readonly #parts: ListenerParts;
  readonly #limits: ListenerLimits;
  readonly #stop = new AbortController();
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #starting: Promise<void> | undefined;
  #retrying: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #state: ListeningStatus['state'] = 'starting';
  #lastError = '';

  constructor(settings: ListenerSettings, parts: ListenerParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.#limits = { ...usualLimits, ...settings.limits };
  }

  /** Host and port, the real one once it listens. */
  get address(): string {
    const { host, port } = this.#settings;
    const real = (this.#server?.address() as AddressInfo | null | undefined)?.port ?? port;
    return `${host.includes(':') ? `[${host}]` : host}:${real}`;
  }

  /** Clients are counted by their connections. */
  get status(): ListeningStatus {
    return {
      state: this.#state,
      address: this.address,
      clients: this.#sockets.size,
      lastError: this.#lastError,
    };
  }

  /**
   * Begins to listen. Resolves when it listens, or when it cannot yet and goes on trying.
   * @throws WechatError INVALID_PARAMS (`remoteUnprotected`) when others could come in without a secret.
   */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /** Frees the port at once, lets answers finish for half a second, and hangs up. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  async #start(): Promise<void> {
    const { host, isProtected } = this.#settings;
    if (!isProtected && !isLoopback(host)) {
      const error = new WechatError('INVALID_PARAMS', 'remoteUnprotected', { host: host || '0.0.0.0' });
      this.#become('refused', error.message);
      throw error;
    }
    if (this.#stop.signal.aborted || (await this.#listen())) return;
    this.#retrying = this.#retry();
  }

  async #retry(): Promise<void> {
    do {
      await delay(retryEvery, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined);
    } while (!this.#stop.signal.aborted && !(await this.#listen()));
  }

  /** Tries once. */
  async #listen(): Promise<boolean> {
    const server = this.#make();
    try {
      server.listen({ host: this.#settings.host, port: this.#settings.port });
      await once(server, 'listening');
    } catch (error) {
      const isInUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      this.#become(isInUse ? 'port-in-use' : 'failed', errorMessage(error));
      return false;
    }
    server.on('error', (error) => {
      this.#parts.log('error', `${this.address}: ${error.message}`);
    });
    this.#server = server;
    this.#become('listening', '');
    return true;
  }

  #make(): Server {
    const { connections, headerBytes, headersTimeout, requestTimeout, idleTimeout, keepAliveTimeout } =
      this.#limits;
    const options: ServerOptions = {
      maxHeaderSize: headerBytes,
      headersTimeout,
      requestTimeout,
      keepAliveTimeout,
      connectionsCheckingInterval: Math.min(1000, headersTimeout),
      noDelay: true,
    };
    const server = createServer(options, (request, response) => {
      this.#answer(request, response);
    });
    server.maxConnections = connections;
    server.setTimeout(idleTimeout);
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(request, socket, head);
    });
    return server;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    response.once('finish', () => {
      if (!request.complete) this.#linger(request);
    });
    if (!this.#isWelcome(request)) {
      response.writeHead(403, { connection: 'close' }).end();
      return;
    }
    const answering = async (): Promise<void> => this.#parts.request(request, response);
    answering().catch((error: unknown) => {
      this.#parts.log('error', `A request could not be answered: ${errorMessage(error)}`);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Until somebody takes it over nobody else listens for its errors.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    const isWelcome = this.#isWelcome(request);
    if (isWelcome && this.#parts.upgrade) {
      this.#parts.upgrade(request, socket, head);
      return;
    }
    socket.end(`HTTP/1.1 ${isWelcome ? '400 Bad Request' : '403 Forbidden'}\r\nConnection: close\r\n\r\n`);
  }

  #isWelcome(request: IncomingMessage): boolean {
    return this.#settings.isProtected || !isFromForeignPage(request);
  }

  /**
   * Hangs up on who was answered before all was read. Not at once: the answer would be lost with the rest of the
   * request, which nobody reads.
   */
  #linger(request: IncomingMessage): void {
    const { socket } = request;
    request.resume();
    socket.end();
    const timer = setTimeout(() => socket.destroy(), lingering);
    socket.once('close', () => {
      clearTimeout(timer);
    });
  }

  #become(state: ListeningStatus['state'], lastError: string): void {
    this.#state = state;
    this.#lastError = lastError;
    this.#parts.changed();
  }

  async #end(): Promise<void> {
    this.#stop.abort();
    await this.#starting?.catch(() => undefined);
    await this.#retrying;
    const server = this.#server;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    const hangUp = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, farewell);
    await closed;
    clearTimeout(hangUp);
  }
}
