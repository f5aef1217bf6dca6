/** The routes of the admin API: definition, permissions and error responses. */
import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { errorCodes, WechatError } from '../bot/errors';
import type { ErrorKey } from '../i18n/catalogue';
import { type BotNode, botById } from '../nodes/runtime/bot-registry';
import { translateError } from '../nodes/runtime/translate';
import type { ErrorResponse } from './api-types';
import { createHostCheck, rejectCrossSiteRequest } from './cross-site';
import { readJsonBody } from './request-body';

/** One request to a route. */
export interface RouteCall {
  readonly request: Request;
  readonly response: Response;
  /** The path parameters. */
  readonly params: Readonly<Record<string, string>>;
  /** The parsed body of a POST request; otherwise an empty object. */
  readonly body: unknown;
}

/** A route; the path is relative to Node-RED's admin root. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** `write` is required for actions and for data that grants access to the account. */
  readonly permission: 'read' | 'write';
  /** Returns the response as JSON, or undefined if it has sent the response itself. @throws WechatError */
  readonly handler: (call: RouteCall) => unknown;
}

const statusByKey: Partial<Record<ErrorKey, number>> = {
  bodyTooLarge: 413,
  jsonWanted: 415,
};

/** The status in place of 5xx: the request conflicts with the state of the bot or is rejected by WeChat. */
const conflictStatus = 409;

/** Registers routes with their permission checks; errors are sent in Node-RED's language. */
export function registerRoutes(RED: NodeAPI, routes: readonly Route[]): void {
  const errorResponse = (error: unknown): ErrorResponse => ({ error: translateError(RED, error) });
  const checkHost = createHostCheck(RED);
  for (const { method, path, permission, handler } of routes) {
    const checkPermission = RED.auth.needsPermission(`wechat.${permission}`);
    const handle = async (request: Request, response: Response): Promise<void> => {
      checkHost(request);
      rejectCrossSiteRequest(request);
      const body = method === 'POST' ? await readJsonBody(request) : {};
      const result: unknown = await handler({ request, response, params: request.params, body });
      if (result !== undefined) response.set('Cache-Control', 'no-store').json(result);
    };
    const onRequest = (request: Request, response: Response): void => {
      handle(request, response).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else if (error instanceof WechatError) {
          response.status(statusOf(error)).json(errorResponse(error));
        } else {
          RED.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
          const internalError = new WechatError('FAILED', 'internalError');
          response.status(500).json(errorResponse(internalError));
        }
      });
    };
    if (method === 'GET') RED.httpAdmin.get(path, checkPermission, onRequest);
    else RED.httpAdmin.post(path, checkPermission, onRequest);
  }
}

function statusOf({ key, code }: WechatError): number {
  const { httpStatus } = errorCodes[code];
  return statusByKey[key] ?? (httpStatus < 500 ? httpStatus : conflictStatus);
}

/** The bot node named by the path. @throws WechatError NOT_FOUND */
export function requireBot({ params }: RouteCall): BotNode {
  const { id = '' } = params;
  const node = botById(id);
  if (!node) throw new WechatError('NOT_FOUND', 'botNotDeployed', { id });
  return node;
}

/** A query parameter; undefined if it is missing or empty. */
export function queryParam({ request }: RouteCall, name: string): string | undefined {
  const value: unknown = request.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A query parameter from 1 to `max`. @throws WechatError INVALID_PARAMS */
export function numericQueryParam(call: RouteCall, name: string, fallback: number, max: number): number {
  const raw = queryParam(call, name);
  if (raw === undefined) return fallback;
  const value = Number(raw);
  if (!Number.isSafeInteger(value) || value < 1 || value > max) {
    throw new WechatError('INVALID_PARAMS', 'badQuery', { name, most: max });
  }
  return value;
}
