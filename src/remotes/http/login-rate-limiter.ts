/** Brute-force protection: blocks an address after too many wrong secrets, except programs that are known. */
import { isIPv4, isIPv6 } from 'node:net';
import QuickLRU from 'quick-lru';

/** When a client is blocked. */
export interface FailedLoginLimits {
  /** Failures that are allowed. */
  readonly maxFailures: number;
  /** How long a failure counts and a block lasts, in ms. */
  readonly windowMs: number;
}

/** A client as a server can tell it apart. */
export interface ClientIdentity {
  /** Its IP address. */
  readonly address: string;
  /** Its `User-Agent`, which programs at the same address may share; `foreignPage` for a page of another site. */
  readonly program: string | typeof foreignPage;
}

/** In place of a program: any web page of another site, in a browser at the address. */
export const foreignPage = Symbol('foreign page');

const defaultLimits: FailedLoginLimits = { maxFailures: 10, windowMs: 60_000 };

/** Maximum number of addresses in memory, and of known programs; the least recently used are evicted. */
const maxEntries = 10_000;

/** How long a program stays known after its last success, in ms. */
const knownForMs = 24 * 60 * 60 * 1000;

/**
 * Counts failed logins by address. Counted separately are pages of other sites, and each known program: one that has sent
 * the right secret from its address is blocked by its own failures only. Those count, because its name can be imitated.
 */
export class FailedLoginLimiter {
  readonly #limits: FailedLoginLimits;
  readonly #failures: QuickLRU<string, number>;
  readonly #known = new QuickLRU<string, true>({ maxSize: maxEntries, maxAge: knownForMs });

  constructor(limits: Partial<FailedLoginLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
    this.#failures = new QuickLRU({ maxSize: maxEntries, maxAge: this.#limits.windowMs });
  }

  /** Whether this client, or its address, has too many failures; then the right secret is rejected as well. */
  isBlocked(client: ClientIdentity): boolean {
    return (this.#failures.peek(this.#countedAs(client)) ?? 0) >= this.#limits.maxFailures;
  }

  /** Counts a wrong secret. */
  recordFailure(client: ClientIdentity): void {
    const counted = this.#countedAs(client);
    this.#failures.set(counted, (this.#failures.peek(counted) ?? 0) + 1);
  }

  /** Makes a program known, and resets its count. That of its address remains: others there may still be guessing. */
  recordSuccess(client: ClientIdentity): void {
    const program = programKey(client);
    this.#known.set(program, true);
    this.#failures.delete(program);
  }

  #countedAs(client: ClientIdentity): string {
    const program = programKey(client);
    const isSeparate = client.program === foreignPage || this.#known.peek(program);
    return isSeparate ? program : ipPrefix(client.address);
  }
}

function programKey({ address, program }: ClientIdentity): string {
  const name = program === foreignPage ? ' page' : `program ${program.slice(0, 256)}`;
  return `${ipPrefix(address)} ${name}`;
}

/** The address itself, or the /64 network of an IPv6 address: one client usually controls all of it. */
function ipPrefix(address: string): string {
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
