/** Codec of callbacks posted to the user's web service and of tasks polled from it (the WeHelp document). */
import type { WechatError } from '../../bot/errors';
import { parseLimitedJson } from '../../bot/limited-json';

/** The `type` of callbacks (the WeHelp document, section "消息回调"). */
export const callbackTypes = {
  /** Not in the document: a task failed or is invalid. */
  error: 0,
  /** From WeHelp's own pages of the time; the document only has the task. */
  loginStatus: 66,
  login: 67,
  roomCreated: 69,
  self: 71,
  members: 77,
  message: 78,
  ticket: 81,
  contactPacket: 88,
  logout: 90,
  accepted: 96,
  contactsPacket: 97,
  phoneLogout: 98,
  contacts: 210,
  rooms: 211,
} as const;

/** The `code` of the QR code callback, which has no `type` (section "登录二维码"). */
export const qrCodeCode = 401;

/** A callback without its sender. */
export type CallbackData = Readonly<Record<string, unknown>> &
  ({ readonly type: number } | { readonly code: typeof qrCodeCode });

/** The sender of a callback: a number of the client, and the id of the account, empty if there is none. */
export interface Sender {
  readonly processid: number;
  readonly cwxid: string;
}

/** Encodes the body of a callback. */
export function encodeCallback(data: CallbackData, { processid, cwxid }: Sender): string {
  if (!('type' in data)) return JSON.stringify({ data });
  const { type, ...rest } = data as { type: number };
  return JSON.stringify({ data: { type, processid, cwxid, ...rest } });
}

/** A task as received, not validated. */
export type WireTask = Readonly<Record<string, unknown>>;

/** Longer tasks are not echoed in error callbacks, in characters. */
const maxEchoedLength = 2000;

/** The callback for a failed task. It echoes the task, because this protocol has no ids. */
export function errorCallback(raw: unknown, error: WechatError): CallbackData {
  const { api } = (raw ?? {}) as { api?: unknown };
  const isEchoed = JSON.stringify(raw).length <= maxEchoedLength;
  return {
    type: callbackTypes.error,
    code: -1,
    api: typeof api === 'string' ? api.slice(0, 128) : '',
    message: error.code === 'UNSUPPORTED' ? `unsupported: ${error.message}` : error.message,
    ...(isEchoed ? { task: raw } : {}),
  };
}

/**
 * Parses the tasks in a poll response: a list, a single task, or nothing.
 * @throws WechatError INVALID_PARAMS (not JSON), REFUSED (too large or too deep).
 */
export function parsePollResponse(body: Buffer): unknown[] {
  if (body.toString('latin1', 0, 64).trim() === '') return [];
  const found = parseLimitedJson(body);
  if (Array.isArray(found)) return found;
  return found === null ? [] : [found];
}

/**
 * Encodes a minimal WeChat packet, in hex, in place of the real packets that WeHelp passes on: status OK, and the
 * texts that programs search for in the decoded packet (section "同意好友").
 */
export function packet(texts: readonly string[]): { packLen: number; hex: string } {
  // BaseResponse {ret: 0, errMsg: ""}, as in the document's own examples.
  const parts = [Buffer.from('0A0408001200', 'hex')];
  for (const text of texts) {
    const bytes = Buffer.from(text, 'utf8');
    parts.push(Buffer.from([0x12, ...varint(bytes.length)]), bytes);
  }
  const all = Buffer.concat(parts);
  return { packLen: all.length, hex: all.toString('hex').toUpperCase() };
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return [...bytes, rest];
}
