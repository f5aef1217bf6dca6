/**
 * Stops a flow that replies to the bot's own messages: each reply is another own message, so that the loop would send
 * as fast as the account can. A person who writes from the phone of the account is below the limit.
 */
import { WechatError } from '../errors';

/** Maximum number of replies to own messages in one conversation within a minute. */
export const maxSelfReplies = 10;

const windowMs = 60_000;

/** Counts the replies to own messages, by conversation. */
export class LoopGuard {
  readonly #sentAt = new Map<string, number[]>();

  /**
   * Counts a reply to an own message.
   * @throws WechatError RATE_LIMITED beyond the limit; nothing may be sent then.
   */
  count(conversation: string): void {
    const now = performance.now();
    for (const [key, times] of this.#sentAt) {
      const recent = times.filter((time) => now - time < windowMs);
      if (recent.length > 0) this.#sentAt.set(key, recent);
      else this.#sentAt.delete(key);
    }
    const times = this.#sentAt.get(conversation) ?? [];
    if (times.length >= maxSelfReplies)
      throw new WechatError('RATE_LIMITED', 'replyLoop', { count: maxSelfReplies });
    this.#sentAt.set(conversation, [...times, now]);
  }
}
