/**
 * HTTP server of a remote, hardened against slow and abusive clients: limits for headers, durations and connections. It
 * retries to bind while the port is in use.
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
import { StartStopGuard } from '../../util/start-stop';
import type { RemoteHost, ServerStatus } from '../remote';
import type { Authenticator } from './auth';
import { isLoopbackHost } from './origin-check';
import { type OutgoingResponse, rejectUpgrade, writeResponse } from './response';
import { handleWithoutUpgrade, isWebSocketUpgrade } from './upgrade';

/** Limits for clients. Timeouts are in ms. */
export interface HttpServerLimits {
  /** Of those, connections without a key make room for new ones. */
  readonly maxConnections: number;
  /** All headers of a request together, in bytes; more is answered with 431. */
  readonly maxHeaderBytes: number;
  /** Until the headers of a request are complete. */
  readonly headersTimeout: number;
  /** Until a request is complete. */
  readonly requestTimeout: number;
  /** Without traffic on a connection; long polls must be shorter. */
  readonly idleTimeout: number;
  /** Between two requests on a connection. */
  readonly keepAliveTimeout: number;
}

const defaultLimits: HttpServerLimits = {
  maxConnections: 4000,
  maxHeaderBytes: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  idleTimeout: 120_000,
  keepAliveTimeout: 30_000,
};

/** Where to listen. */
export interface HttpServerSettings {
  /** A local address or host name. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Checks every request and upgrade before the handlers; without keys only a loopback host is allowed. */
  readonly authenticator: Authenticator;
  /** The response for a blocked address; default: 429 without a body. */
  readonly blockedResponse?: OutgoingResponse;
  readonly limits?: Partial<HttpServerLimits>;
}

type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** What a server calls. */
export interface HttpServerHandlers extends Pick<RemoteHost, 'onStatusChange' | 'log'> {
  /** Handles a request; an error is logged and answered with 500. */
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
  /** Handles an upgrade to a WebSocket. Any other upgrade is ignored: `onRequest` handles the request. */
  readonly onUpgrade?: UpgradeHandler;
}

/** Delay between two attempts to bind, in ms. */
const bindRetryMs = 1000;

/** How long running requests may go on after `stop`, in ms. */
const shutdownGraceMs = 500;

/** How long a connection stays open after a response that precedes the end of its request, in ms. */
const lingerMs = 500;

const crossSiteResponse: OutgoingResponse = { status: 403, headers: { connection: 'close' }, body: '' };

const emptyBlockedResponse: OutgoingResponse = {
  status: 429,
  headers: { connection: 'close', 'retry-after': '60' },
  body: '',
};

/** A server on one port, from `start` to `stop`. */
export class ManagedHttpServer {
  readonly #settings: HttpServerSettings;
  readonly #handlers: HttpServerHandlers;
  readonly #limits: HttpServerLimits;
  readonly #guard = new StartStopGuard(
    () => this.#start(),
    () => this.#stop(),
  );
  readonly #sockets = new Set<Socket>();
  /** The latest response on each connection. */
  readonly #lastResponses = new WeakMap<Duplex, ServerResponse>();
  #server: Server | undefined;
  #retrying: Promise<void> | undefined;
  #state: ServerStatus['state'] = 'starting';
  #lastError = '';
  /** The problem that was logged. */
  #reported = '';

  constructor(settings: HttpServerSettings, parts: HttpServerHandlers) {
    this.#settings = settings;
    this.#handlers = parts;
    this.#limits = { ...defaultLimits, ...settings.limits };
  }

  /** Host and port; the actual port once it listens. */
  get address(): string {
    const { host, port } = this.#settings;
    const boundPort = (this.#server?.address() as AddressInfo | null | undefined)?.port ?? port;
    return `${host.includes(':') ? `[${host}]` : host}:${boundPort}`;
  }

  /** `clients` is the number of open connections. */
  get status(): ServerStatus {
    return {
      state: this.#state,
      address: this.address,
      clients: this.#sockets.size,
      lastError: this.#lastError,
    };
  }

  /**
   * Starts to listen. Resolves when it listens, or when the first attempt failed and retries are scheduled.
   * @throws WechatError INVALID_PARAMS (`remoteUnprotected`) for a non-loopback host without a secret.
   */
  start(): Promise<void> {
    return this.#guard.start();
  }

  /** Releases the port at once, waits up to half a second for running requests, then closes all connections. Idempotent. */
  stop(): Promise<void> {
    return this.#guard.stop();
  }

  async #start(): Promise<void> {
    const { host, authenticator } = this.#settings;
    if (!authenticator.needsKey && !isLoopbackHost(host)) {
      const error = new WechatError('INVALID_PARAMS', 'remoteUnprotected', { host: host || '0.0.0.0' });
      this.#setState('refused', error.message);
      throw error;
    }
    if (await this.#listen()) return;
    this.#retrying = this.#retry();
  }

  async #retry(): Promise<void> {
    const { signal } = this.#guard;
    do {
      await delay(bindRetryMs, undefined, { signal, ref: false }).catch(() => undefined);
    } while (!signal.aborted && !(await this.#listen()));
  }

  /** One attempt to bind; resolves to whether it succeeded. */
  async #listen(): Promise<boolean> {
    const server = this.#createServer();
    try {
      server.listen({ host: this.#settings.host, port: this.#settings.port });
      await once(server, 'listening');
    } catch (error) {
      const isInUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      const { address } = this;
      const problem = isInUse
        ? new WechatError('FAILED', 'portInUse', { address })
        : new WechatError('FAILED', 'listenFailed', { address, error: errorMessage(error) });
      // Each problem is reported once, however often it is tried again.
      if (problem.message !== this.#reported) this.#handlers.log('warn', problem.message, problem);
      this.#reported = problem.message;
      this.#setState(isInUse ? 'port-in-use' : 'failed', errorMessage(error));
      return false;
    }
    server.on('error', (error) => {
      this.#handlers.log('error', `${this.address}: ${error.message}`);
    });
    this.#server = server;
    if (this.#reported !== '') this.#handlers.log('info', `${this.address}: listening`);
    this.#reported = '';
    this.#setState('listening', '');
    return true;
  }

  #createServer(): Server {
    const {
      maxConnections: connections,
      maxHeaderBytes: headerBytes,
      headersTimeout,
      requestTimeout,
      idleTimeout,
      keepAliveTimeout,
    } = this.#limits;
    const { onUpgrade } = this.#handlers;
    const options: ServerOptions = {
      maxHeaderSize: headerBytes,
      headersTimeout,
      requestTimeout,
      keepAliveTimeout,
      connectionsCheckingInterval: Math.min(1000, headersTimeout),
      noDelay: true,
    };
    const server = createServer(options, (request, response) => {
      this.#handleRequest(request, response);
    });
    server.setTimeout(idleTimeout);
    server.on('connection', (socket: Socket) => {
      if (this.#sockets.has(socket)) return;
      if (!this.#makeRoom(connections)) {
        socket.destroy();
        return;
      }
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (onUpgrade && isWebSocketUpgrade(request)) this.#handleUpgrade(request, socket, head, onUpgrade);
      else this.#ignoreUpgrade(server, request, socket, head);
    });
    return server;
  }

  /** Whether there is room for one more connection; the oldest one without a key is closed for it. */
  #makeRoom(maxConnections: number): boolean {
    if (this.#sockets.size < maxConnections) return true;
    const { authenticator } = this.#settings;
    for (const socket of this.#sockets) {
      if (!authenticator.isExpendable(socket)) continue;
      this.#sockets.delete(socket);
      socket.destroy();
      return true;
    }
    return false;
  }

  #handleRequest(request: IncomingMessage, response: ServerResponse): void {
    this.#lastResponses.set(request.socket, response);
    response.once('finish', () => {
      if (!request.complete) this.#closeAfterEarlyResponse(request);
    });
    const { authenticator, blockedResponse = emptyBlockedResponse } = this.#settings;
    const rejection = authenticator.rejectionOf(request);
    if (rejection !== undefined) {
      writeResponse(response, rejection === 429 ? blockedResponse : crossSiteResponse);
      return;
    }
    const handle = async (): Promise<void> => this.#handlers.onRequest(request, response);
    handle().catch((error: unknown) => {
      this.#handlers.log('error', `A request failed: ${errorMessage(error)}`);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  }

  #ignoreUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const handle = (): void => {
      if (!socket.destroyed) handleWithoutUpgrade(server, request, socket, head);
    };
    // Of a pipelined request; its successors are handled in order.
    const last = this.#lastResponses.get(socket);
    if (!last || last.writableFinished) handle();
    else last.once('close', handle);
  }

  #handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, onUpgrade: UpgradeHandler): void {
    // An unhandled `error` would crash the process; the handler adds its own listener later.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    const rejection = this.#settings.authenticator.rejectionOf(request);
    if (rejection !== undefined) rejectUpgrade(socket, rejection);
    else onUpgrade(request, socket, head);
  }

  /**
   * Closes a connection whose response precedes the end of its request. Not immediately: a reset caused by the unread
   * rest would discard the response as well.
   */
  #closeAfterEarlyResponse(request: IncomingMessage): void {
    const { socket } = request;
    request.resume();
    socket.end();
    const timer = setTimeout(() => socket.destroy(), lingerMs);
    socket.once('close', () => {
      clearTimeout(timer);
    });
  }

  #setState(state: ServerStatus['state'], lastError: string): void {
    this.#state = state;
    this.#lastError = lastError;
    this.#handlers.onStatusChange();
  }

  async #stop(): Promise<void> {
    await this.#retrying;
    const server = this.#server;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    const forceClose = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, shutdownGraceMs);
    await closed;
    clearTimeout(forceClose);
  }
}
