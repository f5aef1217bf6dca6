/** Repeats: WeChat may give a message away twice, with the same id or with a new one. */
import type { IncomingMessage } from './incoming';

/** Repeats with a new id were seen 1 to 5 s apart (issues 66 and 239 of Tencent/openclaw-weixin). */
const windowMs = 60_000;

/**
 * Two messages of the same content, written this close together, are one; a person needs longer to write the same
 * again on purpose.
 */
const sameMomentMs = 1_000;

interface Recent {
  readonly id: string;
  readonly clientId: string;
  readonly writtenAt: number;
  readonly seenAt: number;
}

/** The recent messages of one conversation, by content. */
export class RepeatFilter {
  readonly #now: () => number;
  readonly #recent = new Map<string, Recent>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether a message with a new id is a repeat; if not, it is remembered. */
  isRepeat({ message, contentHash, clientId, writtenAt }: IncomingMessage): boolean {
    const now = this.#now();
    for (const [hash, { seenAt }] of this.#recent) {
      if (now - seenAt <= windowMs) break;
      this.#recent.delete(hash);
    }
    const earlier = this.#recent.get(contentHash);
    const isRepeat =
      earlier !== undefined &&
      now - earlier.seenAt <= windowMs &&
      ((clientId !== '' && clientId === earlier.clientId) ||
        Math.abs(writtenAt - earlier.writtenAt) < sameMomentMs);
    if (isRepeat) return true;
    this.#recent.delete(contentHash);
    this.#recent.set(contentHash, { id: message.id, clientId, writtenAt, seenAt: now });
    return false;
  }
}
