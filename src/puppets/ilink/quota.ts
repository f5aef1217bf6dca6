/**
 * When WeChat lets a bot write: within 24 h of the person's last message, about ten times for each message received,
 * three times a second (issues 156, 185, 81 of Tencent/openclaw-weixin). Unofficial numbers: WeChat publishes none.
 */
import type { Conversation } from './bindings/records';

export const sendsPerMessage = 10;
export const windowMs = 24 * 60 * 60 * 1000;
export const sendsPerSecond = 3;

/** What may still be sent to a person. */
export interface Quota {
  readonly left: number;
  readonly of: number;
  /** When the window closes, in ms since 1970; 0: it is closed. */
  readonly until: number;
}

/** The quota of a conversation. */
export function quotaOf({ receivedAt, sends }: Conversation, now: number): Quota {
  const isOpen = receivedAt > 0 && now - receivedAt < windowMs;
  return {
    left: isOpen ? Math.max(0, sendsPerMessage - sends) : 0,
    of: sendsPerMessage,
    until: isOpen ? receivedAt + windowMs : 0,
  };
}
