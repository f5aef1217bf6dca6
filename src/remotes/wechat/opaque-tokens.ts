/**
 * Opaque, unforgeable tokens for internal ids, where WeChat's own clients have tickets (the "v2" of a non-friend).
 */
import { createHmac, randomBytes } from 'node:crypto';
import QuickLRU from 'quick-lru';

/** Tokens that are kept; the least recently used are dropped first. */
const maxTokens = 10_000;

/** HMAC tokens of one remote, valid from its start to its stop. */
export class OpaqueTokens {
  readonly #secret = randomBytes(32);
  readonly #valueByToken: QuickLRU<string, string>;

  constructor(maxCount = maxTokens) {
    this.#valueByToken = new QuickLRU({ maxSize: maxCount });
  }

  /** The token for a value; always the same for the same value. */
  issue(value: string): string {
    const token = createHmac('sha256', this.#secret).update(value).digest('hex');
    this.#valueByToken.set(token, value);
    return token;
  }

  /** The value a token was issued for; undefined for an unknown or dropped token. */
  resolve(token: string): string | undefined {
    return this.#valueByToken.get(token);
  }
}
