/**
 * Codec of PadChat frames: decodes requests, encodes replies and events. Independent of the transport. Version B has
 * no frames of its own: Socket.IO creates them.
 */
import { WechatError } from '../../bot/errors';
import { type JsonLimits, parseLimitedJson, defaultJsonLimits } from '../../bot/limited-json';
import type { WireEvent } from './events/events';
import { type ProtocolVersion, toWireCase } from './field-case';
import { isObject } from '../../util/is-object';

/** The versions with frames of their own. */
export type FramedVersion = Exclude<ProtocolVersion, 'B'>;

/** The payload field of version C; its older clients know `data` only. */
export type PayloadField = 'payload' | 'data';

/** A request of a client. */
export interface Request {
  readonly name: string;
  /** Request id chosen by the client and repeated in the reply, if any. */
  readonly cmdId: string | number | undefined;
  readonly params: Readonly<Record<string, unknown>>;
  /** Version A only, with `auth`. */
  readonly authKey: unknown;
  readonly field: PayloadField;
}

/** A request, or why it is invalid and whatever is needed for the error reply. */
export type DecodedRequest =
  | { readonly request: Request }
  | { readonly error: WechatError; readonly cmdId: Request['cmdId']; readonly field: PayloadField };

/** The reply to a request. */
export interface Reply {
  readonly success: boolean;
  /** The error message; empty on success. */
  readonly msg: string;
  /** Field names as in version B. */
  readonly data?: object | undefined;
  /** Further fields of `data` in version C, whose names are not converted. */
  readonly literalData?: object | undefined;
}

/** Clients use UUIDs and counters. */
const maxCmdIdLength = 128;

/** Longer operation names are truncated, so that errors do not echo them. */
const maxNameLength = 64;

/**
 * Decodes an untrusted frame; in A `{code, cmdId?, authKey?, data?}` (the PadChat document, API请求结构).
 * @param lastField the payload field of the client's last request, for one that has none. Clients that know `payload`
 *   send it with every request, those that know `data` only when there are parameters.
 */
export function decodeFrame(
  version: FramedVersion,
  frame: Buffer,
  lastField: PayloadField = 'data',
  limits: JsonLimits = defaultJsonLimits,
): DecodedRequest {
  let value: unknown;
  try {
    value = parseLimitedJson(frame, limits);
  } catch (error) {
    if (!(error instanceof WechatError)) throw error;
    return { error, cmdId: undefined, field: version === 'C' ? lastField : 'payload' };
  }
  const fields = isObject(value) ? value : {};
  const cmdId = validCmdId(fields.cmdId);
  const field = version === 'C' ? payloadFieldOf(fields, lastField) : 'payload';
  const reject = (problem: string): DecodedRequest => ({
    error: new WechatError('INVALID_PARAMS', 'notACommand', { problem }),
    cmdId,
    field,
  });
  if (!isObject(value)) return reject('it must be an object');
  if (fields.cmdId !== undefined && fields.cmdId !== null && cmdId === undefined) {
    return reject(`cmdId must be a text of at most ${maxCmdIdLength} characters`);
  }
  const [key, name, rawParams] =
    version === 'A'
      ? (['code', fields.code, fields.data] as const)
      : (['cmd', fields.cmd, fields[field]] as const);
  const isName = typeof name === 'string' || typeof name === 'number';
  if (!isName || name === '') return reject(`${key} must be the name of a command`);
  const params = paramsOf(rawParams);
  if (!isObject(params)) return reject(`${version === 'A' ? 'data' : field} must be an object`);
  return {
    request: { name: String(name).slice(0, maxNameLength), cmdId, params, authKey: fields.authKey, field },
  };
}

/** Decodes a Socket.IO event of version B: `emit(name, data, ack)`. */
export function decodeCall(name: string, data: unknown): DecodedRequest {
  const params = paramsOf(data);
  if (!isObject(params)) {
    const error = new WechatError('INVALID_PARAMS', 'notACommand', { problem: 'data must be an object' });
    return { error, cmdId: undefined, field: 'payload' };
  }
  const request = { name: name.slice(0, maxNameLength), cmdId: undefined, params, authKey: undefined };
  return { request: { ...request, field: 'payload' } };
}

/** Encodes a reply as a Socket.IO acknowledgement of version B. */
export function encodeAcknowledgement({ success, msg, data }: Reply): object {
  return { success, msg, data: data ?? {} };
}

/**
 * Encodes a reply. The sdk of version A recognizes one by `cmdId` alone, the document by `type` or `event`: a reply
 * has all three.
 * @param taskId identifies the bot in version C.
 */
export function encodeReply(
  version: FramedVersion,
  { cmdId, field }: Pick<Request, 'cmdId' | 'field'>,
  { success, msg, data, literalData }: Reply,
  taskId: string,
): string {
  const wireData = data && toWireCase(data, version);
  if (version === 'A') {
    return JSON.stringify({ cmdId, type: 'cmdRet', event: 'cmdRet', success, msg, data: wireData });
  }
  // Newer clients show `error`, older ones `msg`.
  const body = { success, error: success ? '' : msg, msg, data: Object.assign({}, wireData, literalData) };
  return JSON.stringify({ type: 'cmdRet', cmdId, taskId, [field]: body });
}

/** Encodes an event; without a `cmdId`, which clients of version A would mistake for a reply. */
export function encodeEvent(
  version: FramedVersion,
  { name, success, msg, fields }: WireEvent,
  field: PayloadField,
  taskId: string,
): string {
  if (version === 'A') return JSON.stringify({ event: name, success, msg, data: fields });
  return JSON.stringify({ type: 'userEvent', event: name, taskId, [field]: fields });
}

/** PHP encodes an object without fields as an empty list. */
function paramsOf(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? {} : (value ?? {});
}

function payloadFieldOf(fields: Readonly<Record<string, unknown>>, lastField: PayloadField): PayloadField {
  if ('payload' in fields) return 'payload';
  return 'data' in fields ? 'data' : lastField;
}

function validCmdId(value: unknown): string | number | undefined {
  if (typeof value === 'string') return value !== '' && value.length <= maxCmdIdLength ? value : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
