/**
 * The protocol's ids of messages: `NewMsgId` has 64 bits, `MsgId` has 32. A JavaScript number holds 53 bits exactly, so
 * the long one is kept and written as its digits.
 */
import { createHash } from 'node:crypto';

/** Both ids of a message. */
export interface MessageIds {
  readonly MsgId: number;
  /** The digits of a whole number above 0 and below 2^63. */
  readonly NewMsgId: string;
}

const largest = 2n ** 63n - 1n;

/** The ids of a message: a number stays what it is, anything else gets the same number every time. */
export function messageIds(id: string): MessageIds {
  const long = /^[1-9]\d{0,18}$/.test(id) && BigInt(id) <= largest ? BigInt(id) : numberFor(id);
  return { MsgId: Number(BigInt.asUintN(31, long)), NewMsgId: String(long) };
}

/** An object as JSON, with the ids of a message in it. */
export function writeWithIds({ MsgId, NewMsgId }: MessageIds, fields: object): string {
  // JSON.stringify knows no number longer than 53 bits, so its digits are put in front of what it writes.
  return `{"NewMsgId":${NewMsgId},${JSON.stringify({ MsgId, ...fields }).slice(1)}`;
}

function numberFor(id: string): bigint {
  const hash = createHash('sha256').update(id).digest().readBigUInt64BE();
  return BigInt.asUintN(63, hash) || 1n;
}
