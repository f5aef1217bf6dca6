/** Authentication of HTTP and WebSocket clients: web pages of other sites, block list, key, in this order. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ClientIdentity, FailedLoginLimiter, foreignPage } from './login-rate-limiter';
import { hasForeignHost, isFromForeignPage } from './origin-check';
import { indexOfSecret } from './secret-compare';

/** The outcome for a key. `missing`, no key at all, does not count as a failed login. */
export type AuthResult = 'granted' | 'missing' | 'invalid' | 'blocked';

/** Who sent a request, for its whole connection. */
export interface RequestClient extends ClientIdentity {
  readonly socket: Duplex;
}

/** The client of a request. All pages of other sites are one client, so that their failures block no program. */
export function clientOf({ headers, socket }: IncomingMessage): RequestClient {
  const { remoteAddress: address = '' } = socket;
  const program = isFromForeignPage(headers) ? foreignPage : (headers['user-agent'] ?? '');
  return { socket, address, program };
}

/** Authenticates the clients of one remote, on all its transports. */
export class Authenticator {
  readonly #keys: readonly string[];
  readonly #limiter = new FailedLoginLimiter();
  /** Connections whose client has sent a valid key. */
  readonly #authenticated = new WeakSet<Duplex>();

  /** @param keys the valid keys; empty ones are ignored. Without any, every client of the same machine is granted. */
  constructor(keys: readonly string[]) {
    this.#keys = keys.filter(Boolean);
  }

  /** Whether clients need a key; a remote without keys must only be reachable on loopback. */
  get needsKey(): boolean {
    return this.#keys.length > 0;
  }

  /**
   * Checks what is known before the key of a request.
   * @returns the HTTP status to reject it with: 403 for a cross-site request to a remote without keys, 429 for a blocked
   *   client; undefined when it may proceed.
   */
  rejectionOf(request: IncomingMessage): 403 | 429 | undefined {
    const { headers } = request;
    if (!this.needsKey) return hasForeignHost(headers) || isFromForeignPage(headers) ? 403 : undefined;
    return this.#limiter.isBlocked(clientOf(request)) ? 429 : undefined;
  }

  /** Checks a key in constant time. A blocked client is not granted even with a valid one. */
  authenticate(key: unknown, client: RequestClient): AuthResult {
    if (!this.needsKey) return 'granted';
    if (this.#limiter.isBlocked(client)) return 'blocked';
    if (key === undefined || key === null || key === '') return 'missing';
    if (indexOfSecret(this.#keys, key) < 0) {
      this.#limiter.recordFailure(client);
      return 'invalid';
    }
    this.#limiter.recordSuccess(client);
    this.#authenticated.add(client.socket);
    return 'granted';
  }

  /** Whether a connection must make room for another one when there are too many: its client has not sent a key. */
  isExpendable(connection: Duplex): boolean {
    return this.needsKey && !this.#authenticated.has(connection);
  }
}
