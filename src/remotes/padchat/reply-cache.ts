/**
 * At most once: a client that says the same again under the same id, because it did not hear the reply, is told what
 * came of it the first time.
 */
import QuickLRU from 'quick-lru';
import type { Reply } from './wire';

/** Replies that are remembered at most. */
const most = 10_000;

/** For how long, in ms. */
const lifetime = 24 * 60 * 60 * 1000;

/** What was asked lately, and what came of it. */
export class Repeats {
  readonly #replies = new QuickLRU<string, Promise<Reply>>({ maxSize: most, maxAge: lifetime });

  /** Does the work, unless it was done under the same fingerprint. */
  once(
    fingerprint: string,
    work: () => Promise<Reply>,
  ): { readonly reply: Promise<Reply>; readonly isFirst: boolean } {
    const known = this.#replies.get(fingerprint);
    if (known) return { reply: known, isFirst: false };
    const reply = work();
    this.#replies.set(fingerprint, reply);
    return { reply, isFirst: true };
  }
}
