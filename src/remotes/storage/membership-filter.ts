/** How many characters of a fingerprint are hashed: 30 bits. */
const prefixLength = 5;

/**
 * Approximate membership filter: `false` means never added, without a database read. A million fingerprints take a few
 * bytes of memory each. Whatever was added is found for `lifetimeMs` at least; false positives are rare.
 */
export class MembershipFilter {
  readonly #lifetimeMs: number;
  #current = new Set<number>();
  #previous = new Set<number>();
  #rotatedAt: number;

  /** @param now in ms since 1970. */
  constructor(lifetimeMs: number, now: number) {
    this.#lifetimeMs = lifetimeMs;
    this.#rotatedAt = now;
  }

  add(fingerprint: string, now: number): void {
    // Entries expire a whole generation at a time, because two fingerprints can share a hash.
    if (now - this.#rotatedAt > this.#lifetimeMs) {
      this.#previous = this.#current;
      this.#current = new Set();
      this.#rotatedAt = now;
    }
    this.#current.add(hashPrefix(fingerprint));
  }

  /** `false` only for fingerprints that were never added, or more than `lifetimeMs` ago. */
  mightContain(fingerprint: string): boolean {
    const hash = hashPrefix(fingerprint);
    return this.#current.has(hash) || this.#previous.has(hash);
  }
}

/** A number of 30 bits, which a `Set` stores in a few bytes. */
function hashPrefix(fingerprint: string): number {
  let hash = 0;
  for (let index = 0; index < prefixLength; index += 1)
    hash = (hash << 6) | (fingerprint.charCodeAt(index) & 63);
  return hash;
}
