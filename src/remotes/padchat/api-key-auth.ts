/** Who may come in, in all generations: by one of the owner's keys, and not after too many wrong ones. */
import { WechatError } from '../../bot/errors';
import { FailedAttempts, matchesSecret } from '../http/login-rate-limiter';

/** Checks keys. */
export class Doorkeeper {
  readonly #keys: readonly string[];
  readonly #attempts = new FailedAttempts();

  /** @param keys without any, everybody is let in. */
  constructor(keys: readonly string[]) {
    this.#keys = keys;
  }

  /** Whether an address gave too many wrong keys to be heard at all. */
  isBlocked(address: string | undefined): boolean {
    return this.#keys.length > 0 && this.#attempts.isBlocked(address);
  }

  /** Why somebody is not let in; undefined for who is. */
  refuses(key: unknown, address: string | undefined): WechatError | undefined {
    if (this.#keys.length === 0) return undefined;
    if (this.#attempts.isBlocked(address)) return new WechatError('RATE_LIMITED', 'authRefused');
    // All are compared, so that the time tells nothing.
    const isKnown = this.#keys.map((known) => matchesSecret(known, key)).includes(true);
    if (isKnown) {
      this.#attempts.succeeded(address);
      return undefined;
    }
    this.#attempts.failed(address);
    return new WechatError('REFUSED', 'authRefused');
  }
}
