/**
 * WebSocket clients of a remote, with back-pressure: slow readers, silent connections and message floods are paused or
 * closed without affecting other clients.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { type Authenticator, clientOf, type RequestClient } from './auth';
import { rejectUpgrade } from './response';

/** Limits for clients. */
export interface WebSocketLimits {
  readonly maxClients: number;
  /** Of one message from a client, in bytes. */
  readonly maxPayload: number;
  /** Between two pings, in ms; a client that has not answered one when the next is due is closed. */
  readonly pingIntervalMs: number;
  /** Unsent data of one client, in bytes; above it the client is closed. */
  readonly maxBuffered: number;
  /** Messages of one client that are handled concurrently; above it the client is not read. */
  readonly maxConcurrentMessages: number;
}

const defaultLimits: WebSocketLimits = {
  maxClients: 2000,
  maxPayload: 8 * 1024 * 1024,
  pingIntervalMs: 20_000,
  maxBuffered: 4 * 1024 * 1024,
  maxConcurrentMessages: 32,
};

/** How long a client may take to complete the closing handshake, in ms. */
const closeTimeoutMs = 400;

/** Handles a text or binary message; the client is not read while too many are pending. An error closes the client. */
export type MessageHandler = (message: string | Buffer) => void | Promise<void>;

/** One connected client. */
export class WebSocketClient {
  /** For authentication. */
  readonly identity: RequestClient;
  readonly #socket: WebSocket;
  readonly #limits: WebSocketLimits;
  #isCorked = false;
  #onMessage: MessageHandler = () => undefined;
  #pendingMessages = 0;
  #isAlive = true;

  constructor(socket: WebSocket, identity: RequestClient, limits: WebSocketLimits) {
    this.#socket = socket;
    this.identity = identity;
    this.#limits = limits;
    socket.on('message', (data: Buffer, isBinary) => {
      this.#dispatch(isBinary ? data : data.toString('utf8'));
    });
    socket.on('pong', () => {
      this.#isAlive = true;
    });
    // An error is followed by `close`, which is handled.
    socket.on('error', () => undefined);
  }

  /** Whether messages can be sent. */
  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Sets the handler of its messages; replaces the previous one. */
  onMessage(handler: MessageHandler): void {
    this.#onMessage = handler;
  }

  /** Calls the listener once, when the connection is closed. */
  onClose(listener: () => void): void {
    this.#socket.once('close', listener);
  }

  /** Sends a text; a Buffer is sent as the text it contains. Does nothing when the connection is closed. */
  send(text: string | Buffer): void {
    if (!this.isOpen) return;
    this.#cork();
    this.#socket.send(text, { binary: false });
    if (this.#socket.bufferedAmount > this.#limits.maxBuffered) this.#socket.terminate();
  }

  /** Starts the closing handshake; terminates the connection when it is not completed in time. */
  close(code = 1000, reason = ''): void {
    this.#socket.close(code, reason);
    const terminateTimer = setTimeout(() => {
      this.#socket.terminate();
    }, closeTimeoutMs);
    this.#socket.once('close', () => {
      clearTimeout(terminateTimer);
    });
  }

  /** Closes the connection at once. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Sends a ping; terminates the connection when the previous one was not answered. */
  ping(): void {
    // A paused socket does not receive pongs either.
    if (!this.isOpen || this.#socket.isPaused) return;
    if (!this.#isAlive) {
      this.#socket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#socket.ping();
  }

  /** Combines all sends of one event-loop turn into one write: system calls dominate the cost. */
  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.identity.socket.cork();
    setImmediate(() => {
      this.#isCorked = false;
      this.identity.socket.uncork();
    });
  }

  #dispatch(message: string | Buffer): void {
    const handle = async (): Promise<void> => this.#onMessage(message);
    this.#pendingMessages += 1;
    if (this.#pendingMessages >= this.#limits.maxConcurrentMessages) this.#socket.pause();
    handle()
      .catch(() => {
        this.close(1011);
      })
      .finally(() => {
        this.#pendingMessages -= 1;
        if (this.#socket.isPaused && this.#pendingMessages < this.#limits.maxConcurrentMessages) {
          // The pong to the last ping may be among the data that is still unread.
          this.#isAlive = true;
          this.#socket.resume();
        }
      });
  }
}

/** All WebSocket clients of a remote. */
export class WebSocketHub {
  readonly #authenticator: Authenticator;
  readonly #limits: WebSocketLimits;
  readonly #onChange: () => void;
  readonly #server: WebSocketServer;
  readonly #clients = new Set<WebSocketClient>();
  readonly #pingTimer: NodeJS.Timeout;
  #isStopped = false;

  /** @param onChange called when a client connects or disconnects. */
  constructor(authenticator: Authenticator, onChange: () => void, limits: Partial<WebSocketLimits> = {}) {
    this.#authenticator = authenticator;
    this.#onChange = onChange;
    this.#limits = { ...defaultLimits, ...limits };
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: this.#limits.maxPayload,
    });
    this.#pingTimer = setInterval(() => {
      for (const client of this.#clients) client.ping();
    }, this.#limits.pingIntervalMs).unref();
  }

  /** The connected clients. */
  get clients(): ReadonlySet<WebSocketClient> {
    return this.#clients;
  }

  /**
   * Completes an upgrade. When there are too many clients, the oldest one without a key makes room; if there is none,
   * answers 503.
   * @param onOpen called with the connected client before its first message is read.
   */
  accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    onOpen: (client: WebSocketClient) => void,
  ): void {
    if (this.#isStopped || !this.#makeRoom()) {
      rejectUpgrade(socket, 503);
      return;
    }
    const identity = clientOf(request);
    this.#server.handleUpgrade(request, socket, head, (connection) => {
      const client = new WebSocketClient(connection, identity, this.#limits);
      this.#clients.add(client);
      client.onClose(() => {
        this.#clients.delete(client);
        this.#onChange();
      });
      onOpen(client);
      this.#onChange();
    });
  }

  /** Whether there is room for one more client. */
  #makeRoom(): boolean {
    if (this.#clients.size < this.#limits.maxClients) return true;
    for (const client of this.#clients) {
      if (!this.#authenticator.isExpendable(client.identity.socket)) continue;
      this.#clients.delete(client);
      client.terminate();
      return true;
    }
    return false;
  }

  /** Sends one text to many clients, encoded once. */
  broadcast(text: string, to: Iterable<WebSocketClient> = this.#clients): void {
    const bytes = Buffer.from(text);
    for (const client of to) client.send(bytes);
  }

  /** Closes all clients and rejects new ones; resolves within a second, when all are closed. Idempotent. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#pingTimer);
    await Promise.all(
      [...this.#clients].map(
        (client) =>
          new Promise<void>((resolve) => {
            client.onClose(resolve);
            client.close(1001);
          }),
      ),
    );
  }
}
