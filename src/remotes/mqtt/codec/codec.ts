/** Codec of the JSON envelopes around commands, responses and events. */
import { randomUUID } from 'node:crypto';
import { type ErrorCode, WechatError } from '../../../bot/errors';
import { parseLimitedJson } from '../../../bot/limited-json';
import { isTopicLevel } from './topics';
import { isObject } from '../../../util/is-object';

const version = '1.0';

/** Values of `method` in a command: the current one, and those of older clients. */
const commandMethods: readonly unknown[] = ['command', 'thing.command.invoke', undefined];

/** A decoded command. Stored as JSON while it is executed. */
export interface WireCommand {
  readonly reqId: string;
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** As it was sent: by the protocol the time of sending in ms since 1970, but any JSON value occurs. */
  readonly timestamp?: unknown;
}

/** A command, or the error of an invalid one with the fields that could be decoded. */
export type DecodedCommand =
  | { readonly command: WireCommand }
  | { readonly error: WechatError; readonly reqId: string | undefined; readonly name: string };

/** The fields of a response. */
export interface ResponseBody {
  readonly code: number;
  readonly message: string;
  /** Left out when the protocol has none. */
  readonly params?: unknown;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** Decodes a command from an untrusted payload. */
export function decodeCommand(bytes: Buffer): DecodedCommand {
  let envelope: unknown;
  try {
    envelope = parseLimitedJson(bytes);
  } catch (error) {
    if (!(error instanceof WechatError)) throw error;
    return { error, reqId: findReqId(bytes), name: '' };
  }
  const { reqId, method, name, params = {}, timestamp } = asRecord(envelope);
  const validReqId = typeof reqId === 'string' && isTopicLevel(reqId) ? reqId : undefined;
  const reject = (problem: string): DecodedCommand => ({
    error: new WechatError('INVALID_PARAMS', 'notACommand', { problem }),
    reqId: validReqId,
    name: typeof name === 'string' ? name.slice(0, 128) : '',
  });
  if (!isObject(envelope)) return reject('it must be an object');
  if (validReqId === undefined) {
    return reject('reqId must be a text of 1 to 128 characters without #, +, / and control characters');
  }
  if (!commandMethods.includes(method)) return reject('method must be command');
  if (typeof name !== 'string' || name === '') return reject('name must be the name of a command');
  if (!isObject(params)) return reject('params must be an object');
  return { command: { reqId: validReqId, name, params, timestamp } };
}

/** Encodes a response. */
export function encodeResponse(reqId: string, name: string, response: ResponseBody): string {
  const { code, message, params, error } = response;
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

/** Encodes an event. @param timestamp in ms since 1970. */
export function encodeEvent(name: string, params: unknown, timestamp: number): string {
  return JSON.stringify({ reqId: randomUUID(), method: 'event', version, timestamp, name, params });
}

/** Encodes an event in the protocol's legacy format. */
export function encodeLegacyEvent(events: Readonly<Record<string, unknown>>): string {
  const envelope = { reqId: randomUUID(), method: 'thing.event.post', version, timestamp: Date.now() };
  return JSON.stringify({ ...envelope, events });
}

/** Encodes the bot's properties. */
export function encodeProperties(properties: Readonly<Record<string, unknown>>): string {
  const envelope = { reqId: randomUUID(), method: 'thing.property.post', version, timestamp: Date.now() };
  return JSON.stringify({ ...envelope, properties });
}

/** Finds the reqId near the start of a payload that is not valid JSON or UTF-8, or too large. */
function findReqId(bytes: Buffer): string | undefined {
  const found = /"reqId"\s*:\s*"([^"\\]*)"/.exec(bytes.subarray(0, 1024).toString('utf8'))?.[1];
  return found !== undefined && !found.includes('\uFFFD') && isTopicLevel(found) ? found : undefined;
}

function asRecord(envelope: unknown): Readonly<Record<string, unknown>> {
  return isObject(envelope) ? envelope : {};
}
