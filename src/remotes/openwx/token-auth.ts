/**
 * Token authentication. The Openwx document has none; the token is accepted wherever existing clients can be configured
 * to send one: a header, the user info of the URL, or a parameter.
 */
import type { IncomingMessage } from 'node:http';
import { FailedLoginLimiter } from '../http/login-rate-limiter';
import { isSecretEqual } from '../http/secret-compare';
import type { RequestParams } from './request-params';

/** The outcome; `missing`, a request without any token, does not count as a failed login. */
export type AuthResult = 'granted' | 'missing' | 'invalid' | 'blocked';

/** Checks the token of requests, with brute-force protection. */
export class TokenAuthenticator {
  readonly #token: string;
  readonly #limiter = new FailedLoginLimiter();

  /** @param token empty: every request is granted. */
  constructor(token: string) {
    this.#token = token;
  }

  /** Checks headers and query, before the body is read. */
  authenticate(request: IncomingMessage, query: RequestParams): AuthResult {
    if (this.#token === '') return 'granted';
    return this.#verify(request, tokenOf(request, query));
  }

  /** Checks the body of a request whose headers and query have no token. */
  authenticateBody(request: IncomingMessage, body: RequestParams): AuthResult {
    return this.#verify(request, body.get('token'));
  }

  #verify({ socket }: IncomingMessage, token: string | undefined): AuthResult {
    const address = socket.remoteAddress;
    if (this.#limiter.isBlocked(address)) return 'blocked';
    if (token === undefined || token === '') return 'missing';
    if (!isSecretEqual(this.#token, token)) {
      this.#limiter.recordFailure(address);
      return 'invalid';
    }
    this.#limiter.recordSuccess(address);
    return 'granted';
  }
}

function tokenOf({ headers }: IncomingMessage, query: RequestParams): string | undefined {
  const header = headers['x-token'];
  const [, scheme = '', credentials = ''] = /^(\w+) +(\S+)$/.exec(headers.authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  // `http://:token@host/`: the token is the password, the user name is ignored.
  if (scheme.toLowerCase() === 'basic')
    return Buffer.from(credentials, 'base64')
      .toString()
      .replace(/^[^:]*:/, '');
  return typeof header === 'string' ? header : query.get('token');
}
