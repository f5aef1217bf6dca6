/**
 * Who may come in. The document knows no secret; ours can be given by whatever a client can be made to send: headers,
 * the user part of its URL, or a parameter.
 */
import type { IncomingMessage } from 'node:http';
import { FailedAttempts, matchesSecret } from '../http/login-rate-limiter';
import type { Given } from './request-params';

/** Whether a request may come in: `missing` when no token was given, which is nobody's try to guess one. */
export type Verdict = 'welcome' | 'missing' | 'wrong' | 'blocked';

/** Checks tokens. */
export class Entrance {
  readonly #token: string;
  readonly #attempts = new FailedAttempts();

  /** @param token empty to let everybody in. */
  constructor(token: string) {
    this.#token = token;
  }

  /** What is known before the body is read. */
  check(request: IncomingMessage, query: Given): Verdict {
    if (this.#token === '') return 'welcome';
    return this.#judge(request, tokenIn(request, query));
  }

  /** What is known when the body was read, of a request without a token before it. */
  checkBody(request: IncomingMessage, body: Given): Verdict {
    return this.#judge(request, body.get('token'));
  }

  #judge({ socket }: IncomingMessage, token: string | undefined): Verdict {
    const address = socket.remoteAddress;
    if (this.#attempts.isBlocked(address)) return 'blocked';
    if (token === undefined || token === '') return 'missing';
    if (!matchesSecret(this.#token, token)) {
      this.#attempts.failed(address);
      return 'wrong';
    }
    this.#attempts.succeeded(address);
    return 'welcome';
  }
}

function tokenIn({ headers }: IncomingMessage, query: Given): string | undefined {
  const header = headers['x-token'];
  const [, scheme = '', credentials = ''] = /^(\w+) +(\S+)$/.exec(headers.authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  // `http://:token@host/`: the token as the password of nobody.
  if (scheme.toLowerCase() === 'basic')
    return Buffer.from(credentials, 'base64')
      .toString()
      .replace(/^[^:]*:/, '');
  return typeof header === 'string' ? header : query.get('token');
}
