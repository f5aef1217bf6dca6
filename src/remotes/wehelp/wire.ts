/**
 * What goes over the wire between WeHelp and its user's web service, which it calls (the WeHelp document): callbacks
 * are posted, tasks are asked for.
 */
import type { WechatError } from '../../bot/errors';
import { parseUntrusted } from '../dispatch/limited-json';

/** The numbers of callbacks, their `type` (the WeHelp document, section "消息回调"). */
export const callbackTypes = {
  /** Ours: a task failed, or is none. The document has nothing for it. */
  error: 0,
  /** From WeHelp's own pages of the time; the document has only the task. */
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

/** The QR code's callback has this as its `code`, and no `type` (section "登录二维码"). */
export const qrCodeCode = 401;

/** What is in a callback besides who sends it. */
export type CallbackData = Readonly<Record<string, unknown>> &
  ({ readonly type: number } | { readonly code: typeof qrCodeCode });

/** Which WeChat a callback comes from: a number for the client, and the id of the account, empty when there is none. */
export interface Sender {
  readonly processid: number;
  readonly cwxid: string;
}

/** The body of a callback. */
export function writeCallback(data: CallbackData, { processid, cwxid }: Sender): string {
  if (!('type' in data)) return JSON.stringify({ data });
  const { type, ...rest } = data as { type: number };
  return JSON.stringify({ data: { type, processid, cwxid, ...rest } });
}

/** A task as it came. */
export type WireTask = Readonly<Record<string, unknown>>;

/** Longer tasks are not repeated in the callback that tells of their failure, in characters. */
const repeatable = 2000;

/** The callback for a task that was not done. The task is told with it: this protocol has no ids. */
export function failureData(given: unknown, error: WechatError): CallbackData {
  const { api } = (given ?? {}) as { api?: unknown };
  const isTold = JSON.stringify(given).length <= repeatable;
  return {
    type: callbackTypes.error,
    code: -1,
    api: typeof api === 'string' ? api.slice(0, 128) : '',
    message: error.code === 'UNSUPPORTED' ? `unsupported: ${error.message}` : error.message,
    ...(isTold ? { task: given } : {}),
  };
}

/**
 * The tasks in what a poll was answered with: a list, a single task, or nothing.
 * @throws WechatError INVALID_PARAMS (not JSON), REFUSED (too large or too deep).
 */
export function readPoll(body: Buffer): unknown[] {
  if (body.toString('latin1', 0, 64).trim() === '') return [];
  const found = parseUntrusted(body);
  if (Array.isArray(found)) return found;
  return found === null ? [] : [found];
}

/**
 * What stands where WeHelp passes on a packet of WeChat's, in hex: a packet that says that all went well, with texts
 * in it. Programs look for those in the decoded text (section "同意好友"); the rest of WeChat's packets nobody but WeChat
 * could make.
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
