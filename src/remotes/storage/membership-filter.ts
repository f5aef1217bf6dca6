import { RotatingSet } from '../../util/rotating-set';

/** How many characters of a fingerprint are hashed: 30 bits. */
const prefixLength = 5;

/**
 * Approximate membership filter: `false` means never added, without a database read. A million fingerprints take a few
 * bytes of memory each. Whatever was added is found for `lifetimeMs` at least; false positives are rare.
 */
export class MembershipFilter {
  readonly #hashes: RotatingSet<number>;

  /** @param now returns ms since 1970. */
  constructor(lifetimeMs: number, now: () => number) {
    this.#hashes = new RotatingSet({ lifetimeMs, now });
  }

  add(fingerprint: string): void {
    this.#hashes.add(hashPrefix(fingerprint));
  }

  /** `false` only for fingerprints that were never added, or more than `lifetimeMs` ago. */
  mightContain(fingerprint: string): boolean {
    return this.#hashes.has(hashPrefix(fingerprint));
  }
}

/** A number of 30 bits, which a `Set` stores in a few bytes. */
function hashPrefix(fingerprint: string): number {
  let hash = 0;
  for (let index = 0; index < prefixLength; index += 1)
    hash = (hash << 6) | (fingerprint.charCodeAt(index) & 63);
  return hash;
}
