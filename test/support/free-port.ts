import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ephemeral ports, which other tests get for outgoing connections and for servers on port 0. */
const range = { min: 10_000, max: 32_000 };

/** A free port, for programs that cannot listen on port 0. */
export async function freePort(): Promise<number> {
  const port = randomInt(range.min, range.max);
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return freePort();
  }
  server.close();
  await once(server, 'close');
  return port;
}
