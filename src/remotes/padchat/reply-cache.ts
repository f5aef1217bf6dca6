/**
 * At-most-once execution: a retried request with the same id gets the reply of the first attempt. In memory, unlike
 * `IdempotencyStore`: a PadChat session, and with it the client's request ids, ends when Node-RED stops.
 */
import QuickLRU from 'quick-lru';
import type { Reply } from './wire';

/** Replies that are kept. */
const maxReplies = 10_000;

/** How long a reply is kept, in ms. */
const maxAgeMs = 24 * 60 * 60 * 1000;

/** Replies by request fingerprint. */
export class ReplyCache {
  readonly #replies = new QuickLRU<string, Promise<Reply>>({ maxSize: maxReplies, maxAge: maxAgeMs });

  /** Runs the work, unless a reply for this fingerprint is cached or pending. */
  getOrRun(
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
