/** A listener on a port of this machine, and raw connections to it, for tests of what strangers do. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  Listener,
  type ListenerParts,
  type ListenerSettings,
} from '../../../../src/remotes/http/http-server';

/** A listener that was started, and what it logged. */
export interface Listening {
  readonly listener: Listener;
  readonly port: number;
  readonly url: string;
  readonly log: string[];
  /** Resolves when its state is this, now or later. */
  readonly become: (state: Listener['status']['state']) => Promise<void>;
}

/** Starts a listener on loopback; unless told otherwise it answers everything with "fine". */
export async function listen(
  parts: Partial<ListenerParts> = {},
  settings: Partial<ListenerSettings> = {},
): Promise<Listening> {
  const log: string[] = [];
  const waiting = new Set<() => void>();
  const listener = new Listener(
    { host: '127.0.0.1', port: 0, isProtected: true, ...settings },
    {
      request: (_request, response) => {
        response.end('fine');
      },
      changed: () => {
        for (const look of waiting) look();
      },
      log: (_level, sentence) => log.push(sentence),
      ...parts,
    },
  );
  await listener.start();
  const port = Number(/\d+$/.exec(listener.address)?.[0]);
  return {
    listener,
    port,
    url: `http://127.0.0.1:${port}`,
    log,
    become: (state) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (listener.status.state !== state) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

/** Opens a connection, sends this and nothing more, and resolves with all that came until the other side hung up. */
export async function converse(port: number, ...pieces: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  for (const piece of pieces) socket.write(piece);
  return heardUntilEnd(socket);
}

/** All that comes until the other side hangs up. */
export async function heardUntilEnd(socket: Socket): Promise<string> {
  let heard = '';
  socket.on('data', (data: Buffer) => (heard += data.toString('latin1')));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return heard;
}
