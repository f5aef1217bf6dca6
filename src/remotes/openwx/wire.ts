/**
 * Openwx responses (the Openwx document; content type, CORS headers and JSONP as recorded from a real server).
 */
import type { ErrorCode, WechatError } from '../../bot/errors';
import type { OutgoingResponse } from '../http/response';
import { type Operation, result } from './operations/operation';

/** Lets pages of any origin read responses; authentication is separate. */
export const corsHeaders = { 'Access-Control-Allow-Origin': '*' };

/** The response to a CORS preflight request. */
export const preflightResponse: OutgoingResponse = {
  status: 200,
  headers: {
    ...corsHeaders,
    'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Token',
  },
  body: '',
};

/** The response to an unknown path below `/openwx/`. */
export const unknownPathResponse: OutgoingResponse = {
  status: 403,
  headers: { ...corsHeaders, 'Content-Type': 'text/html;charset=UTF-8' },
  body: 'api not found',
};

/** The response to any other path. */
export const notFoundResponse: OutgoingResponse = {
  status: 404,
  headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
  body: 'not found: the API is below /openwx/',
};

const callbackName = /^[A-Za-z_$][\w$.]{0,99}$/;

/** A JSON response, or JSONP when the parameters ask for it. */
export function jsonResponse(
  content: object,
  params?: ReadonlyMap<string, string>,
  status = 200,
): OutgoingResponse {
  const headers = { ...corsHeaders, 'Content-Type': 'application/json' };
  const json = JSON.stringify(content);
  if (params?.get('datatype') !== 'jsonp') {
    return { status, headers: { ...headers, 'X-Content-Type-Options': 'nosniff' }, body: json };
  }
  const callback = params.get('callback') ?? '';
  if (!callbackName.test(callback))
    return jsonResponse(result(-2, 'callback must be the name of a function'));
  return { status, headers, body: `${callback}(${json})` };
}

/** The result code of each error. An operation may override the code of FAILED. */
const failureCodes: Readonly<Record<ErrorCode, number>> = {
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

/** The result of a failed operation. */
export function failureResult(error: WechatError, operation?: Operation): { code: number; status: string } {
  const { code, message } = error;
  const failureCode = code === 'FAILED' ? operation?.failureCode : undefined;
  return { ...result(failureCode ?? failureCodes[code], message), ...operation?.errorFields };
}

/** The result of a failed authentication. */
export const authFailureResult = result(-6, 'auth failure');

/** The response for an address that is blocked after too many wrong tokens. */
export const blockedResponse = jsonResponse(authFailureResult, undefined, 429);

/** The audit outcome of a result. */
export function outcomeOf(content: object): { code: number; message: string } {
  const { code, status } = content as { code?: unknown; status?: unknown };
  return {
    code: typeof code === 'number' ? code : 0,
    message: typeof status === 'string' ? status : 'success',
  };
}
