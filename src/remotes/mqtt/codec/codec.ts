/** What is around every command, answer and event on the wire. */
import { randomUUID } from 'node:crypto';
import { type ErrorCode, WechatError } from '../../../bot/errors';
import { parseUntrusted } from '../../dispatch/limited-json';
import { isLevel } from './topics';

const version = '1.0';

/** The methods by which commands are known, the current one and an older one; some older programs give none. */
const commandMethods: readonly unknown[] = ['command', 'thing.command.invoke', undefined];

/** A command as it came. */
export interface WireCommand {
  readonly reqId: string;
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** When it was sent, in ms since 1970, if it says so. */
  readonly timestamp: number | undefined;
}

/** What came: a command, or what is wrong with it and as much as could be read. */
export type Received =
  | { readonly command: WireCommand }
  | { readonly error: WechatError; readonly reqId: string | undefined; readonly name: string };

/** What an answer says. */
export interface Answer {
  readonly code: number;
  readonly message: string;
  /** Left out where the protocol has none. */
  readonly params?: unknown;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** Reads a command from what anybody may have sent. */
export function readCommand(bytes: Buffer): Received {
  let envelope: unknown;
  try {
    envelope = parseUntrusted(bytes);
  } catch (error) {
    if (!(error instanceof WechatError)) throw error;
    return { error, reqId: reqIdIn(bytes), name: '' };
  }
  const { reqId, method, name, params = {}, timestamp } = fields(envelope);
  const readable = typeof reqId === 'string' && isLevel(reqId) ? reqId : undefined;
  const refuse = (problem: string): Received => ({
    error: new WechatError('INVALID_PARAMS', 'notACommand', { problem }),
    reqId: readable,
    name: typeof name === 'string' ? name.slice(0, 128) : '',
  });
  if (!isObject(envelope)) return refuse('it must be an object');
  if (readable === undefined) {
    return refuse('reqId must be a text of 1 to 128 characters without #, + and /');
  }
  if (!commandMethods.includes(method)) return refuse('method must be command');
  if (typeof name !== 'string' || name === '') return refuse('name must be the name of a command');
  if (!isObject(params)) return refuse('params must be an object');
  const sentAt = typeof timestamp === 'number' && Number.isFinite(timestamp) ? timestamp : undefined;
  return { command: { reqId: readable, name, params, timestamp: sentAt } };
}

/** Writes an answer. */
export function writeResponse(reqId: string, name: string, answer: Answer): string {
  const { code, message, params, error } = answer;
  const timestamp = Date.now();
  return JSON.stringify({
    reqId,
    method: 'response',
    version,
    timestamp,
    name,
    code,
    message,
    params,
    error,
  });
}

/** Writes an event. */
export function writeEvent(name: string, params: unknown, timestamp: number): string {
  return JSON.stringify({ reqId: randomUUID(), method: 'event', version, timestamp, name, params });
}

/** Writes an event in the form of the protocol's first generation. */
export function writeOldEvent(events: Readonly<Record<string, unknown>>): string {
  const envelope = { reqId: randomUUID(), method: 'thing.event.post', version, timestamp: Date.now() };
  return JSON.stringify({ ...envelope, events });
}

/** Writes what is true of the bot now. */
export function writeProperties(properties: Readonly<Record<string, unknown>>): string {
  const envelope = { reqId: randomUUID(), method: 'thing.property.post', version, timestamp: Date.now() };
  return JSON.stringify({ ...envelope, properties });
}

/** The reqId in something that is not JSON, or too much of it: where it usually stands, near the front. */
function reqIdIn(bytes: Buffer): string | undefined {
  const found = /"reqId"\s*:\s*"([^"\\]*)"/.exec(bytes.subarray(0, 1024).toString('utf8'))?.[1];
  return found !== undefined && isLevel(found) ? found : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fields(envelope: unknown): Readonly<Record<string, unknown>> {
  return isObject(envelope) ? envelope : {};
}
