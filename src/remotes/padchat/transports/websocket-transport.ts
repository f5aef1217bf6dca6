/** WebSocket transport for clients of versions A and C. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WechatError } from '../../../bot/errors';
import { type WebSocketClient as Connection, WebSocketHub } from '../../http/websocket-hub';
import type { Authenticator } from '../../http/auth';
import { authError } from '../auth-error';
import type { PadchatEvent } from '../events/events';
import { toWireEvent } from '../events/events';
import { ClientSession, errorReply, type SharedServices } from '../client-session';
import type { PadchatLimits } from '../settings';
import { type FramedVersion, decodeFrame, type Reply, encodeEvent, encodeReply } from '../wire';

/** The path of version A (the PadChat document, 服务地址). */
export const webSocketPath = '/ws';

/** Version C's close code for an invalid token in the path. */
const invalidTokenCode = 3201;

/** WebSocket's close code for a policy violation. */
const policyViolationCode = 1008;

/** Accepts WebSockets, authenticates them, and exchanges frames with their sessions. */
export class WebSocketTransport {
  readonly #shared: SharedServices;
  readonly #authenticator: Authenticator;
  readonly #authTimeoutMs: number;
  readonly #hub: WebSocketHub;
  readonly #sessions = new Map<Connection, ClientSession>();
  /** Connections that have not authenticated yet, with their timeouts. */
  readonly #unauthenticated = new Map<Connection, NodeJS.Timeout>();

  constructor(
    shared: SharedServices,
    authenticator: Authenticator,
    onChange: () => void,
    limits: PadchatLimits,
  ) {
    this.#shared = shared;
    this.#authenticator = authenticator;
    this.#authTimeoutMs = limits.authTimeoutMs;
    const { maxClients, maxBufferedBytes, maxPayloadBytes, pingIntervalMs } = limits;
    this.#hub = new WebSocketHub(authenticator, onChange, {
      maxClients,
      maxBuffered: maxBufferedBytes,
      maxPayload: maxPayloadBytes,
      pingIntervalMs,
    });
  }

  /** Open connections, authenticated or not. */
  get count(): number {
    return this.#hub.clients.size;
  }

  /** Authenticated clients. */
  get clients(): ClientSession[] {
    return [...this.#sessions.values()];
  }

  /** Accepts an upgrade. @param token of version C, from the path; undefined for version A. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, token?: string): void {
    this.#hub.accept(request, socket, head, (connection) => {
      if (token === undefined) this.#awaitAuth(connection);
      else if (this.#authenticator.authenticate(token, connection.identity) !== 'granted') {
        connection.close(invalidTokenCode, 'invalid token');
      } else this.#addSession(connection, 'C');
    });
  }

  /** Sends an event to all matching clients; each encoding is computed once. */
  broadcast(event: PadchatEvent, matches: (client: ClientSession) => boolean): void {
    const encoded = new Map<string, Buffer | undefined>();
    for (const [connection, client] of this.#sessions) {
      if (client.isDetached || !matches(client)) continue;
      const encoding = `${client.version} ${client.field}`;
      if (!encoded.has(encoding)) {
        const wireEvent = toWireEvent(client.version, event);
        const text = wireEvent && encodeEvent(framedVersionOf(client), wireEvent, client.field, this.#taskId);
        encoded.set(encoding, text === undefined ? undefined : Buffer.from(text));
      }
      const bytes = encoded.get(encoding);
      if (bytes) connection.send(bytes);
    }
  }

  /** Closes all connections; resolves when they are closed. */
  async stop(): Promise<void> {
    for (const timer of this.#unauthenticated.values()) clearTimeout(timer);
    await this.#hub.stop();
  }

  get #taskId(): string {
    return this.#shared.bot.id;
  }

  #awaitAuth(connection: Connection): void {
    const timer = setTimeout(() => {
      connection.close(policyViolationCode, 'not authenticated in time');
    }, this.#authTimeoutMs);
    this.#unauthenticated.set(connection, timer);
    connection.onClose(() => {
      clearTimeout(timer);
      this.#unauthenticated.delete(connection);
    });
    connection.onMessage((message) => {
      const received = decodeFrame('A', toBuffer(message));
      const { cmdId } = 'error' in received ? received : received.request;
      const sendReply = (reply: Reply): void => {
        connection.send(encodeReply('A', { cmdId, field: 'payload' }, reply, this.#taskId));
      };
      if ('error' in received) sendReply(errorReply(received.error));
      else if (received.request.name !== 'auth')
        sendReply(errorReply(new WechatError('REFUSED', 'authFirst')));
      else {
        const { authKey } = received.request;
        const error = authError(this.#authenticator.authenticate(authKey, connection.identity));
        sendReply(error ? errorReply(error) : { success: true, msg: '' });
        if (error?.code === 'RATE_LIMITED') connection.close(policyViolationCode, 'too many wrong keys');
        if (error) return;
        clearTimeout(timer);
        this.#unauthenticated.delete(connection);
        this.#addSession(connection, 'A');
      }
    });
  }

  #addSession(connection: Connection, version: FramedVersion): void {
    const client: ClientSession = new ClientSession(version, this.#shared, (wireEvent) => {
      connection.send(encodeEvent(version, wireEvent, client.field, this.#taskId));
    });
    this.#sessions.set(connection, client);
    connection.onClose(() => this.#sessions.delete(connection));
    connection.onMessage(async (message) => {
      const received = decodeFrame(version, toBuffer(message), client.lastField);
      const target = 'error' in received ? received : received.request;
      const result =
        'error' in received
          ? { reply: errorReply(received.error) }
          : await client.handleRequest(received.request);
      connection.send(encodeReply(version, target, result.reply, this.#taskId));
      if ('afterReply' in result) result.afterReply?.();
    });
  }
}

function framedVersionOf({ version }: ClientSession): FramedVersion {
  return version === 'A' ? 'A' : 'C';
}

/** Binary frames are parsed as UTF-8 text. */
function toBuffer(message: string | Buffer): Buffer {
  return typeof message === 'string' ? Buffer.from(message) : message;
}
