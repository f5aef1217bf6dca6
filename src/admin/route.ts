/** What a route of the admin API is, and the one way in which all of them are served. */
import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { type ErrorCode, WechatError } from '../bot/errors';
import type { ErrorKey } from '../i18n/catalogue';
import { type BotNode, botById } from '../nodes/runtime/bot-registry';
import { translateError } from '../nodes/runtime/translate';
import { bodyOf, refuseOtherSites } from './request-body';

/** One request. */
export interface Call {
  readonly request: Request;
  readonly response: Response;
  /** What the path names. */
  readonly params: Readonly<Record<string, string>>;
  /** Of a POST: the body; otherwise an empty object. */
  readonly body: unknown;
}

/** One route; paths begin with `/wechat/`, below Node-RED's admin root. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** `read` looks, `write` acts, or sees what makes one able to act. */
  readonly permission: 'read' | 'write';
  /** The answer as JSON; undefined when it was given already. @throws WechatError */
  readonly answer: (call: Call) => unknown;
}

const statusByKey: Partial<Record<ErrorKey, number>> = {
  otherSite: 403,
  bodyTooLarge: 413,
  jsonWanted: 415,
};
const statusByCode: Partial<Record<ErrorCode, number>> = { INVALID_PARAMS: 400, NOT_FOUND: 404 };

/** What else goes wrong is not possible now, or not with this bot. */
const conflict = 409;

/** Serves routes, each only to those who may use it; what goes wrong is told in Node-RED's language. */
export function serve(RED: NodeAPI, routes: readonly Route[]): void {
  for (const { method, path, permission, answer } of routes) {
    const may = RED.auth.needsPermission(`wechat.${permission}`);
    const give = async (request: Request, response: Response): Promise<void> => {
      refuseOtherSites(request);
      const body = method === 'POST' ? await bodyOf(request) : {};
      const told: unknown = await answer({ request, response, params: request.params, body });
      if (told !== undefined) response.set('Cache-Control', 'no-store').json(told);
    };
    const serveOne = (request: Request, response: Response): void => {
      give(request, response).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else if (error instanceof WechatError) {
          response.status(statusOf(error)).json({ error: translateError(RED, error) });
        } else {
          RED.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
          const told = new WechatError('FAILED', 'internalError');
          response.status(500).json({ error: translateError(RED, told) });
        }
      });
    };
    if (method === 'GET') RED.httpAdmin.get(path, may, serveOne);
    else RED.httpAdmin.post(path, may, serveOne);
  }
}

function statusOf({ key, code }: WechatError): number {
  return statusByKey[key] ?? statusByCode[code] ?? conflict;
}

/** The bot a path names. @throws WechatError NOT_FOUND */
export function botOf({ params }: Call): BotNode {
  const { id = '' } = params;
  const node = botById(id);
  if (!node) throw new WechatError('NOT_FOUND', 'botNotDeployed', { id });
  return node;
}

/** A parameter of the query; undefined where it is missing or empty. */
export function queried({ request }: Call, name: string): string | undefined {
  const value: unknown = request.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number of the query. @throws WechatError INVALID_PARAMS */
export function queriedNumber(call: Call, name: string, fallback: number, most: number): number {
  const given = queried(call, name);
  if (given === undefined) return fallback;
  const value = Number(given);
  if (!Number.isSafeInteger(value) || value < 1 || value > most) {
    throw new WechatError('INVALID_PARAMS', 'badQuery', { name, most });
  }
  return value;
}
