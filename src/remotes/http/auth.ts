/** Authentication of HTTP and WebSocket clients: cross-site check, block list, key, in this order. */
import type { IncomingMessage } from 'node:http';
import { FailedLoginLimiter } from './login-rate-limiter';
import { isCrossSiteRequest } from './origin-check';
import { indexOfSecret } from './secret-compare';

/** The outcome for a key. `missing`, no key at all, does not count as a failed login. */
export type AuthResult = 'granted' | 'missing' | 'invalid' | 'blocked';

/** Authenticates the clients of one remote, on all its transports. */
export class Authenticator {
  readonly #keys: readonly string[];
  readonly #limiter = new FailedLoginLimiter();

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
   *   address; undefined when it may proceed.
   */
  rejectionOf(request: IncomingMessage): 403 | 429 | undefined {
    if (!this.needsKey) return isCrossSiteRequest(request) ? 403 : undefined;
    return this.#limiter.isBlocked(request.socket.remoteAddress) ? 429 : undefined;
  }

  /** Checks a key in constant time. A blocked address is not granted even with a valid one. */
  authenticate(key: unknown, address: string | undefined): AuthResult {
    if (!this.needsKey) return 'granted';
    if (this.#limiter.isBlocked(address)) return 'blocked';
    if (key === undefined || key === null || key === '') return 'missing';
    if (indexOfSecret(this.#keys, key) < 0) {
      this.#limiter.recordFailure(address);
      return 'invalid';
    }
    this.#limiter.recordSuccess(address);
    return 'granted';
  }
}
