import type { AddressInfo, Server } from 'node:net';

/** Only this machine can reach the demo. */
export const host = '127.0.0.1';

/** Listens on the port, or on any free one where that is taken; resolves with the port. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && port !== 0) listen(server, 0).then(done, fail);
      else fail(error);
    });
    server.listen(port, host, () => {
      done((server.address() as AddressInfo).port);
    });
  });
}
