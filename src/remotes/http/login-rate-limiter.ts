/** Who may come in: secrets are compared without telling how much of one was right, and guessing is slowed down. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import QuickLRU from 'quick-lru';

const pepper = randomBytes(32);

function digest(text: string): Buffer {
  return createHmac('sha256', pepper).update(text).digest();
}

/** Whether what was given is the secret; takes as long whatever was given. An empty secret matches nothing. */
export function matchesSecret(expected: string, given: unknown): boolean {
  const isText = typeof given === 'string';
  const isSame = timingSafeEqual(digest(expected), digest(isText ? given : ''));
  return isSame && isText && expected !== '';
}

/** How many wrong secrets are too many. */
export interface AttemptLimits {
  /** Wrong ones that are allowed. */
  readonly count: number;
  /** After so long a wrong one is forgotten, and whoever is blocked may try again, in ms. */
  readonly windowMs: number;
}

const usualLimits: AttemptLimits = { count: 10, windowMs: 60_000 };

/** Addresses that are remembered at most; the longest silent are forgotten first. */
const remembered = 10_000;

/** Counts wrong secrets by the address they came from. */
export class FailedAttempts {
  readonly #limits: AttemptLimits;
  readonly #failures: QuickLRU<string, number>;

  constructor(limits: Partial<AttemptLimits> = {}) {
    this.#limits = { ...usualLimits, ...limits };
    this.#failures = new QuickLRU({ maxSize: remembered, maxAge: this.#limits.windowMs });
  }

  /** Whether this address gave too many wrong secrets; then not even the right one helps it. */
  isBlocked(address: string | undefined): boolean {
    return (this.#failures.peek(networkOf(address)) ?? 0) >= this.#limits.count;
  }

  /** A wrong secret came from this address. */
  failed(address: string | undefined): void {
    const network = networkOf(address);
    this.#failures.set(network, (this.#failures.peek(network) ?? 0) + 1);
  }

  /** The right secret came from this address. */
  succeeded(address: string | undefined): void {
    this.#failures.delete(networkOf(address));
  }
}

/** Whoever has one IPv6 address usually has the 2^64 beside it as well. */
function networkOf(address = ''): string {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIPv4(bare) || !isIPv6(bare)) return bare;
  const [before = '', after = ''] = bare.split('::');
  const groups = before.split(':').filter(Boolean);
  const rest = after.split(':').filter(Boolean);
  const missing = bare.includes('::') ? 8 - groups.length - rest.length : 0;
  const whole = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...rest];
  return whole
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}
