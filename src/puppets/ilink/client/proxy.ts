/** Connections through an HTTP(S) proxy (`CONNECT`), which Node.js 20 lacks. */
import { Agent, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';

/** How long a proxy may take to connect, in ms. */
const connectTimeoutMs = 15_000;

interface Target {
  readonly host?: string | null;
  readonly port?: number | string | null;
  readonly servername?: string;
  readonly secureEndpoint?: boolean;
}

type Connected = (error: Error | null, socket?: Duplex) => void;

/** An agent whose connections go through a proxy. */
export class ProxyAgent extends Agent {
  readonly #proxy: URL;
  readonly #protocol: 'http:' | 'https:';

  /** @param protocol of the targets */
  constructor(proxy: URL, protocol: 'http:' | 'https:') {
    super({ keepAlive: true });
    this.#proxy = proxy;
    this.#protocol = protocol;
    // What Node.js compares with each request, and completes it with.
    Object.assign(this, { protocol, defaultPort: protocol === 'https:' ? 443 : 80 });
  }

  // Node.js calls it for each new connection, and takes the socket from the callback.
  override createConnection(target: Target, done: Connected): undefined {
    const host = target.host ?? '';
    const authority = `${host.includes(':') ? `[${host}]` : host}:${target.port ?? 443}`;
    const { protocol, hostname, port, username, password } = this.#proxy;
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const authorization = {
      'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}`,
    };
    const isTls = protocol === 'https:';
    const tunnel = (isTls ? httpsRequest : httpRequest)({
      hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port || (isTls ? 443 : 80),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...(username === '' ? {} : authorization) },
      agent: false,
      timeout: connectTimeoutMs,
    });
    const fail = (reason: string): void => {
      done(new Error(`The proxy does not connect: ${reason}`));
    };
    tunnel.once('connect', ({ statusCode }, socket: Socket) => {
      if (statusCode !== 200) {
        socket.destroy();
        fail(`HTTP status ${statusCode ?? 'unknown'}`);
      } else if (this.#protocol === 'http:') done(null, socket);
      else done(null, connectTls({ socket, servername: target.servername ?? host }));
    });
    tunnel.once('response', ({ statusCode }) => {
      tunnel.destroy();
      fail(`HTTP status ${statusCode ?? 'unknown'}`);
    });
    tunnel.once('timeout', () => tunnel.destroy(new Error('timeout')));
    tunnel.once('error', ({ message }) => {
      fail(message);
    });
    tunnel.end();
    return undefined;
  }
}
