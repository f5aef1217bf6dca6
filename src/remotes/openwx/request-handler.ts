/** Handles HTTP requests: path, token, parameters, operation, response. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { WechatError } from '../../bot/errors';
import { type Authenticator, clientOf } from '../http/auth';
import { bodyErrorStatus } from '../http/body-decoding';
import { readBody } from '../http/read-body';
import { type OutgoingResponse, writeResponse } from '../http/response';
import { imageResponse } from './image-response';
import { operationOf, type OperationRunner } from './operation-runner';
import { ImageResult, type Operation } from './operations/operation';
import { mergeParams, parseBody, parseForm, type RequestParams } from './request-params';
import { tokenOf } from './request-token';
import {
  authFailureResult,
  failureResult,
  jsonResponse,
  notFoundResponse,
  preflightResponse,
  unknownPathResponse,
} from './wire';

/** Body limit for unauthenticated requests, and for parameters besides a file, in bytes. */
const smallBodyBytes = 64 * 1024;

/** Dependencies of a request handler. */
export interface RequestHandlerDependencies {
  readonly authenticator: Authenticator;
  readonly operations: OperationRunner;
  /** Maximum size of a file, in bytes. */
  readonly maxFileBytes: number;
  /** Aborts when the remote stops. */
  readonly signal: AbortSignal;
}

/** Handles the requests of one remote. */
export class RequestHandler {
  readonly #dependencies: RequestHandlerDependencies;

  constructor(dependencies: RequestHandlerDependencies) {
    this.#dependencies = dependencies;
  }

  /** Handles one request. @throws only what is not a WechatError. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { signal } = this.#dependencies;
    // Created on demand, because most operations do not wait.
    writeResponse(response, await this.#respond(request, () => signalFor(response, signal)));
  }

  async #respond(request: IncomingMessage, getSignal: () => AbortSignal): Promise<OutgoingResponse> {
    const { url = '', method = '' } = request;
    const [path, search] = splitOnce(url, '?');
    if (!path.startsWith('/openwx/')) return notFoundResponse;
    if (method === 'OPTIONS') return preflightResponse;
    const operation = operationOf(path);
    if (!operation || !['GET', 'POST', 'HEAD'].includes(method)) return unknownPathResponse;
    try {
      const query = parseForm(search);
      const params = await this.#authenticatedParams(request, query);
      if (!params) return jsonResponse(authFailureResult, query);
      return await this.#runOperation(operation, params, request, getSignal);
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      return jsonResponse(failureResult(error, operation), undefined, bodyErrorStatus(error));
    }
  }

  /**
   * The parameters of query and body; undefined when the request has no valid token. A token in the body is accepted as
   * well, but then the body must be small.
   */
  async #authenticatedParams(
    request: IncomingMessage,
    query: RequestParams,
  ): Promise<RequestParams | undefined> {
    const { authenticator, maxFileBytes } = this.#dependencies;
    const client = clientOf(request);
    const auth = authenticator.authenticate(tokenOf(request, query), client);
    if (request.method !== 'POST') return auth === 'granted' ? query : undefined;
    if (auth !== 'granted' && auth !== 'missing') return undefined;
    // A form encodes some characters of Base64 as three.
    const maxBytes = smallBodyBytes + (auth === 'granted' ? Math.ceil(maxFileBytes * 1.5) : 0);
    const body = await parseBody(request.headers['content-type'], await readBody(request, maxBytes));
    const isGranted =
      auth === 'granted' || authenticator.authenticate(body.get('token'), client) === 'granted';
    return isGranted ? mergeParams(query, body) : undefined;
  }

  async #runOperation(
    operation: Operation,
    params: RequestParams,
    request: IncomingMessage,
    getSignal: () => AbortSignal,
  ): Promise<OutgoingResponse> {
    const result = await this.#dependencies.operations.run(operation, params, getSignal);
    const isJson = typeof result === 'object' && !(result instanceof ImageResult);
    return isJson ? jsonResponse(result, params) : imageResponse(result, request);
  }
}

/** A signal that aborts when the client disconnects or the remote stops. */
function signalFor(response: ServerResponse, stopSignal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort();
  };
  stopSignal.addEventListener('abort', abort);
  response.once('close', () => {
    stopSignal.removeEventListener('abort', abort);
    abort();
  });
  if (stopSignal.aborted || response.destroyed) abort();
  return controller.signal;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
