/**
 * Answers as bytes (the Openwx document; the type, the headers for pages of others and the form of JSONP as a real
 * server sends them).
 */
import type { OutgoingHttpHeaders } from 'node:http';
import type { ErrorCode, WechatError } from '../../bot/errors';
import { type Operation, told } from './operations/operation';

/** An answer as it goes out. */
export interface HttpReply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/** What lets pages of others read answers. Whoever may ask at all is decided elsewhere. */
export const corsHeaders = { 'Access-Control-Allow-Origin': '*' };

/** The answer to a browser that asks what it may ask. */
export const preflight: HttpReply = {
  status: 200,
  headers: {
    ...corsHeaders,
    'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Token',
  },
  body: '',
};

/** The answer to a path below `/openwx/` that there is not. */
export const unknownPath: HttpReply = {
  status: 403,
  headers: { ...corsHeaders, 'Content-Type': 'text/html;charset=UTF-8' },
  body: 'api not found',
};

/** The answer to any other path. */
export const elsewhere: HttpReply = {
  status: 404,
  headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
  body: 'not found: the API is below /openwx/',
};

const callbackName = /^[A-Za-z_$][\w$.]{0,99}$/;

/** An answer as JSON, or as a call of the page's function where it is asked for. */
export function jsonReply(answer: object, given?: ReadonlyMap<string, string>, status = 200): HttpReply {
  const headers = { ...corsHeaders, 'Content-Type': 'application/json' };
  const json = JSON.stringify(answer);
  if (given?.get('datatype') !== 'jsonp') {
    return { status, headers: { ...headers, 'X-Content-Type-Options': 'nosniff' }, body: json };
  }
  const callback = given.get('callback') ?? '';
  if (!callbackName.test(callback)) return jsonReply(told(-2, 'callback must be the name of a function'));
  return { status, headers, body: `${callback}(${json})` };
}

/** The code of each failure. Where WeChat said no, operations have codes of their own. */
export const failureCodes: Readonly<Record<ErrorCode, number>> = {
  NOT_FOUND: 100,
  UNSUPPORTED: 201,
  FAILED: 201,
  INVALID_PARAMS: -2,
  NOT_LOGGED_IN: -3,
  RATE_LIMITED: -4,
  TIMEOUT: -5,
  EXPIRED: -5,
  REFUSED: -6,
};

/** What is answered when something failed. */
export function failure(error: WechatError, operation?: Operation): { code: number; status: string } {
  const { code, message } = error;
  const number = code === 'FAILED' ? operation?.failed : undefined;
  return { ...told(number ?? failureCodes[code], message), ...operation?.whenFailed };
}

/** The answer to who is not allowed in. */
export const authFailure = told(-6, 'auth failure');

/** What the owner is told of an answer. */
export function outcomeOf(answer: object): { code: number; message: string } {
  const { code, status } = answer as { code?: unknown; status?: unknown };
  return {
    code: typeof code === 'number' ? code : 0,
    message: typeof status === 'string' ? status : 'success',
  };
}
