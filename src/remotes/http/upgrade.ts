/** Upgrade requests: WebSockets are accepted; any other protocol is ignored, as RFC 9110 (7.8) allows. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Whether a request opens a WebSocket, and does not offer another protocol such as h2c. */
export function isWebSocketUpgrade({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.trim().toLowerCase() === 'websocket';
}

/** Headers of an offer that is ignored. */
const upgradeHeaders = ['upgrade', 'http2-settings'];

/**
 * Has a server handle an upgrade request as if it had no upgrade: the request is parsed again, without the offer. The
 * `shouldUpgradeCallback` of Node.js 24 does not replace this: it loses what follows the request in the same packet.
 * @param head what was received after the headers.
 */
export function handleWithoutUpgrade(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const { method = '', url = '', httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    const kept = keptValue(name.toLowerCase(), value);
    if (kept !== undefined) lines.push(`${name}: ${kept}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

/** The value of a header without the offer; undefined when nothing is left. */
function keptValue(name: string, value: string): string | undefined {
  if (upgradeHeaders.includes(name)) return undefined;
  if (name !== 'connection') return value;
  const options = value.split(',').map((option) => option.trim());
  return options.filter((option) => !upgradeHeaders.includes(option.toLowerCase())).join(', ') || undefined;
}
