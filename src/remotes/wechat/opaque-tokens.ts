/**
 * What stands for something of ours in a program's hands, where WeChat's own clients have tickets (the "v2" of a
 * stranger): nothing can be read from it, and nobody can make one up.
 */
import { createHmac, randomBytes } from 'node:crypto';
import QuickLRU from 'quick-lru';

/** Tickets that are known at most; the longest unused are forgotten first. */
const usualCount = 10_000;

/** Tickets of one remote, from its start to its stop. */
export class Tickets {
  readonly #secret = randomBytes(32);
  readonly #known: QuickLRU<string, string>;

  constructor(count = usualCount) {
    this.#known = new QuickLRU({ maxSize: count });
  }

  /** The ticket for a friend request, or for somebody who could be asked: always the same for the same id. */
  issue(friendshipId: string): string {
    const ticket = createHmac('sha256', this.#secret).update(friendshipId).digest('hex');
    this.#known.set(ticket, friendshipId);
    return ticket;
  }

  /** The id a ticket stands for; undefined when it was not issued here, or long ago. */
  friendshipOf(ticket: string): string | undefined {
    return this.#known.get(ticket);
  }
}
