/** API-key authentication for all protocol versions, with brute-force blocking. */
import { WechatError } from '../../bot/errors';
import { FailedLoginLimiter } from '../http/login-rate-limiter';
import { isSecretEqual } from '../http/secret-compare';

/** Authenticates clients by API key. */
export class ApiKeyAuthenticator {
  readonly #keys: readonly string[];
  readonly #failedLogins = new FailedLoginLimiter();

  /** @param keys an empty list disables authentication. */
  constructor(keys: readonly string[]) {
    this.#keys = keys;
  }

  /** Whether an address is blocked after too many wrong keys. */
  isBlocked(address: string | undefined): boolean {
    return this.#keys.length > 0 && this.#failedLogins.isBlocked(address);
  }

  /** Checks a key. @returns undefined if it is valid, otherwise RATE_LIMITED or REFUSED. */
  authenticate(key: unknown, address: string | undefined): WechatError | undefined {
    if (this.#keys.length === 0) return undefined;
    if (this.#failedLogins.isBlocked(address)) return new WechatError('RATE_LIMITED', 'authRefused');
    // Every key is compared, so that timing reveals nothing.
    const isValid = this.#keys.map((known) => isSecretEqual(known, key)).includes(true);
    if (isValid) {
      this.#failedLogins.recordSuccess(address);
      return undefined;
    }
    this.#failedLogins.recordFailure(address);
    return new WechatError('REFUSED', 'authRefused');
  }
}
