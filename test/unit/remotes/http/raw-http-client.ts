/** A server on loopback and raw TCP exchanges with it, for malformed and slow requests. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Authenticator } from '../../../../src/remotes/http/auth';
import {
  type HttpServerHandlers,
  type HttpServerSettings,
  ManagedHttpServer,
} from '../../../../src/remotes/http/http-server';

/** A started server and its log. */
export interface StartedServer {
  readonly server: ManagedHttpServer;
  readonly port: number;
  readonly url: string;
  readonly log: string[];
  /** Resolves when the server is in this state. */
  readonly whenState: (state: ManagedHttpServer['status']['state']) => Promise<void>;
}

/** Starts a server on loopback; by default it answers every request with "fine". */
export async function startServer(
  handlers: Partial<HttpServerHandlers> = {},
  settings: Partial<HttpServerSettings> = {},
): Promise<StartedServer> {
  const log: string[] = [];
  const watchers = new Set<() => void>();
  const server = new ManagedHttpServer(
    { host: '127.0.0.1', port: 0, authenticator: new Authenticator(['key']), ...settings },
    {
      onRequest: (_request, response) => {
        response.end('fine');
      },
      onStatusChange: () => {
        for (const check of watchers) check();
      },
      log: (_level, message) => log.push(message),
      ...handlers,
    },
  );
  await server.start();
  const port = Number(/\d+$/.exec(server.address)?.[0]);
  return {
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    log,
    whenState: (state) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (server.status.state !== state) return;
          watchers.delete(check);
          resolve();
        };
        watchers.add(check);
        check();
      }),
  };
}

/** Sends these bytes on a new connection and resolves with everything received until the server closes it. */
export async function exchangeRaw(port: number, ...chunks: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  for (const chunk of chunks) socket.write(chunk);
  return readUntilClose(socket);
}

/** Everything received until the peer closes the connection. */
export async function readUntilClose(socket: Socket): Promise<string> {
  let received = '';
  socket.on('data', (data: Buffer) => (received += data.toString('latin1')));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return received;
}
