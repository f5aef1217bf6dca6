/** Responses as values, and rejected upgrades. */
import { type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** A response to be written. */
export interface OutgoingResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/** Writes a response and ends it; without the body for a HEAD request. Does nothing when the client has disconnected. */
export function writeResponse(response: ServerResponse, { status, headers, body }: OutgoingResponse): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** Answers an upgrade request with an error and closes the connection. */
export function rejectUpgrade(socket: Duplex, status: 403 | 404 | 429 | 503): void {
  const retryAfter = status === 429 ? 'Retry-After: 60\r\n' : '';
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${retryAfter}Connection: close\r\n\r\n`);
}
