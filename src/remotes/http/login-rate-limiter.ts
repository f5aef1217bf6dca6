/** Brute-force protection: blocks an address after too many wrong secrets. */
import { isIPv4, isIPv6 } from 'node:net';
import QuickLRU from 'quick-lru';

/** When an address is blocked. */
export interface FailedLoginLimits {
  /** Failures that are allowed. */
  readonly maxFailures: number;
  /** How long a failure counts and a block lasts, in ms. */
  readonly windowMs: number;
}

const defaultLimits: FailedLoginLimits = { maxFailures: 10, windowMs: 60_000 };

/** Maximum number of addresses in memory; the least recently used are evicted. */
const maxAddresses = 10_000;

/** Counts failed logins by client address. */
export class FailedLoginLimiter {
  readonly #limits: FailedLoginLimits;
  readonly #failures: QuickLRU<string, number>;

  constructor(limits: Partial<FailedLoginLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
    this.#failures = new QuickLRU({ maxSize: maxAddresses, maxAge: this.#limits.windowMs });
  }

  /** Whether this address has too many failures; then the right secret is rejected as well. */
  isBlocked(address: string | undefined): boolean {
    return (this.#failures.peek(ipPrefix(address)) ?? 0) >= this.#limits.maxFailures;
  }

  /** Counts a wrong secret. */
  recordFailure(address: string | undefined): void {
    const prefix = ipPrefix(address);
    this.#failures.set(prefix, (this.#failures.peek(prefix) ?? 0) + 1);
  }

  /** Resets the count of an address. */
  recordSuccess(address: string | undefined): void {
    this.#failures.delete(ipPrefix(address));
  }
}

/** The address itself, or the /64 network of an IPv6 address: one client usually controls all of it. */
function ipPrefix(address = ''): string {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIPv4(bare) || !isIPv6(bare)) return bare;
  const [before = '', after = ''] = bare.split('::');
  const head = before.split(':').filter(Boolean);
  const tail = after.split(':').filter(Boolean);
  const missing = bare.includes('::') ? 8 - head.length - tail.length : 0;
  const groups = [...head, ...Array<string>(Math.max(0, missing)).fill('0'), ...tail];
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}
