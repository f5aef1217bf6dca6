/** How many characters of a fingerprint make a hint. */
const length = 5;

/**
 * Tells quickly of most fingerprints that they were never added, without asking a database: a few bytes in memory for
 * each of a million. What was added is found for `lifetime` ms at least; now and then something is found that was not.
 */
export class Hints {
  readonly #lifetime: number;
  #recent = new Set<number>();
  #older = new Set<number>();
  #since: number;

  /** @param now in ms since 1970. */
  constructor(lifetime: number, now: number) {
    this.#lifetime = lifetime;
    this.#since = now;
  }

  add(fingerprint: string, now: number): void {
    // Forgotten a whole generation at a time, because two fingerprints can have the same hint.
    if (now - this.#since > this.#lifetime) {
      this.#older = this.#recent;
      this.#recent = new Set();
      this.#since = now;
    }
    this.#recent.add(hintOf(fingerprint));
  }

  /** False only for what was not added, or longer ago than `lifetime`. */
  mayHave(fingerprint: string): boolean {
    const hint = hintOf(fingerprint);
    return this.#recent.has(hint) || this.#older.has(hint);
  }
}

/** A number of 30 bits, which a set keeps in a few bytes. */
function hintOf(fingerprint: string): number {
  let hint = 0;
  for (let index = 0; index < length; index += 1) hint = (hint << 6) | (fingerprint.charCodeAt(index) & 63);
  return hint;
}
