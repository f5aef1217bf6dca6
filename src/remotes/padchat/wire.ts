/**
 * What travels between PadChat's clients and us, as text frames on one side and requests, replies and events on the
 * other. Nothing here knows of sockets. Generation B has no frames of its own: Socket.IO makes them.
 */
import { WechatError } from '../../bot/errors';
import { type JsonLimits, parseUntrusted, usualLimits } from '../dispatch/limited-json';
import type { ToldEvent } from './events/events';
import { type Generation, spelled } from './field-case';

/** The generations that have frames. */
export type FramedGeneration = Exclude<Generation, 'B'>;

/** The field in which generation C carries what matters; its older clients know `data` only. */
export type CarrierField = 'payload' | 'data';

/** What a client asks. */
export interface Request {
  readonly name: string;
  /** Made up by the client, and repeated in the reply; undefined where it gave none. */
  readonly cmdId: string | number | undefined;
  readonly params: Readonly<Record<string, unknown>>;
  /** Generation A only, and only with `auth`. */
  readonly authKey: unknown;
  readonly field: CarrierField;
}

/** What came: a request, or what is wrong with it and as much of it as could be read. */
export type Received =
  | { readonly request: Request }
  | { readonly error: WechatError; readonly cmdId: Request['cmdId']; readonly field: CarrierField };

/** What a client gets for a request. */
export interface Reply {
  readonly success: boolean;
  /** What went wrong, or a remark; mostly empty. */
  readonly msg: string;
  /** Fields as in generation B. */
  readonly data?: object | undefined;
}

/** A cmdId is a UUID or a counter. */
const longestCmdId = 128;

/** Names of commands are short; a longer one is not repeated in an error. */
const longestName = 64;

/** Reads a frame, whoever sent it. In A it is `{code, cmdId?, authKey?, data?}` (the PadChat document, API请求结构). */
export function readFrame(
  generation: FramedGeneration,
  frame: Buffer,
  limits: JsonLimits = usualLimits,
): Received {
  let value: unknown;
  try {
    value = parseUntrusted(frame, limits);
  } catch (error) {
    if (!(error instanceof WechatError)) throw error;
    return { error, cmdId: undefined, field: 'payload' };
  }
  const fields = isObject(value) ? value : {};
  const cmdId = readableId(fields.cmdId);
  const field = generation === 'C' && !('payload' in fields) && 'data' in fields ? 'data' : 'payload';
  const refuse = (problem: string): Received => ({
    error: new WechatError('INVALID_PARAMS', 'notACommand', { problem }),
    cmdId,
    field,
  });
  if (!isObject(value)) return refuse('it must be an object');
  if (fields.cmdId !== undefined && fields.cmdId !== null && cmdId === undefined) {
    return refuse(`cmdId must be a text of at most ${longestCmdId} characters`);
  }
  const [key, name, given] =
    generation === 'A'
      ? (['code', fields.code, fields.data] as const)
      : (['cmd', fields.cmd, fields[field]] as const);
  const isName = typeof name === 'string' || typeof name === 'number';
  if (!isName || name === '') return refuse(`${key} must be the name of a command`);
  const params = given ?? {};
  if (!isObject(params)) return refuse(`${generation === 'A' ? 'data' : field} must be an object`);
  return {
    request: { name: String(name).slice(0, longestName), cmdId, params, authKey: fields.authKey, field },
  };
}

/** Reads what Socket.IO took out of a frame of generation B: `emit(name, data, ack)`. */
export function readCall(name: string, data: unknown): Received {
  const params = data ?? {};
  if (!isObject(params)) {
    const error = new WechatError('INVALID_PARAMS', 'notACommand', { problem: 'data must be an object' });
    return { error, cmdId: undefined, field: 'payload' };
  }
  const request = { name: name.slice(0, longestName), cmdId: undefined, params, authKey: undefined };
  return { request: { ...request, field: 'payload' } };
}

/** A reply as generation B's acknowledgement carries it. */
export function replyFields({ success, msg, data }: Reply): object {
  return { success, msg, data: data ?? {} };
}

/**
 * Writes a reply. Clients of generation A go by the `cmdId` alone, and a program that follows the document by `type`
 * or `event`: all three are there.
 * @param taskId names the bot in generation C.
 */
export function writeReply(
  generation: FramedGeneration,
  { cmdId, field }: Pick<Request, 'cmdId' | 'field'>,
  { success, msg, data }: Reply,
  taskId: string,
): string {
  const told = data && spelled(data, generation);
  if (generation === 'A') {
    return JSON.stringify({ cmdId, type: 'cmdRet', event: 'cmdRet', success, msg, data: told });
  }
  const carried = { success, error: success ? '' : msg, msg: success ? msg : '', data: told ?? {} };
  return JSON.stringify({ type: 'cmdRet', cmdId, taskId, [field]: carried });
}

/** Writes an event; it never has a `cmdId`, by which clients of generation A would take it for a reply. */
export function writeEvent(
  generation: FramedGeneration,
  { name, success, msg, fields }: ToldEvent,
  field: CarrierField,
  taskId: string,
): string {
  if (generation === 'A') return JSON.stringify({ event: name, success, msg, data: fields });
  return JSON.stringify({ type: 'userEvent', event: name, taskId, [field]: fields });
}

function readableId(value: unknown): string | number | undefined {
  if (typeof value === 'string') return value !== '' && value.length <= longestCmdId ? value : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
