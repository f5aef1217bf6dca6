/**
 * Message ids of the protocol: `NewMsgId` has 64 bits, `MsgId` 32. A JavaScript number has 53, so the long one is kept as
 * a string of digits and encoded as a JSON number.
 */
import { createHash } from 'node:crypto';

/** The ids of a message. */
export interface MessageIds {
  readonly MsgId: number;
  /** The digits of an integer above 0 and below 2^63. */
  readonly NewMsgId: string;
}

const maxId = 2n ** 63n - 1n;

/** The ids of a message: a numeric id is kept, any other is hashed. */
export function messageIds(id: string): MessageIds {
  const long = /^[1-9]\d{0,18}$/.test(id) && BigInt(id) <= maxId ? BigInt(id) : hashId(id);
  return { MsgId: Number(BigInt.asUintN(31, long)), NewMsgId: String(long) };
}

/** Encodes an object with message ids as JSON. */
export function encodeWithIds({ MsgId, NewMsgId }: MessageIds, fields: object): string {
  // JSON.stringify cannot write a 64-bit number, so its digits are inserted into the JSON.
  return `{"NewMsgId":${NewMsgId},${JSON.stringify({ MsgId, ...fields }).slice(1)}`;
}

function hashId(id: string): bigint {
  const hash = createHash('sha256').update(id).digest().readBigUInt64BE();
  return BigInt.asUintN(63, hash) || 1n;
}
