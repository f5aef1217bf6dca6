/** Handles HTTP requests: path, key, body, send, response. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { WechatError } from '../../bot/errors';
import type { AuditRecord } from '../dispatch/audit';
import type { SendResult } from '../../commands/broadcast';
import { type Authenticator, clientOf } from '../http/auth';
import { asUtf8, bodyErrorStatus } from '../http/body-decoding';
import { readBody } from '../http/read-body';
import { type OutgoingResponse, writeResponse } from '../http/response';
import type { BotsByToken, RegisteredBot } from './bots-by-token';
import { messageIds } from './message-ids';
import { type ErrorResult, errorResults, type RetCode } from './return-codes';
import type { SendName } from './sends';
import { decodeSend, encodeFailure, encodeSent, sendNameOf, type SendRequest } from './wire';

/** Size of a body without its file, such as the preview of a video, in bytes. */
const bodyOverhead = 1024 * 1024;

function jsonResponse(body: string, status = 200, headers: OutgoingHttpHeaders = {}): OutgoingResponse {
  return { status, headers: { ...headers, 'content-type': 'application/json; charset=utf-8' }, body };
}

const notFoundResponse = jsonResponse(encodeFailure(1001, 'There is nothing at this path.'), 404);
const wrongMethodResponse = jsonResponse(encodeFailure(1001, 'Use POST.'), 405, { allow: 'POST' });
const wrongKeyResponse = jsonResponse(encodeFailure(1004, 'The key is wrong or missing: give it as ?key=….'));

/** The response for an address that is blocked after too many wrong keys. */
export const blockedResponse = jsonResponse(encodeFailure(1003, 'Too many wrong keys: wait a minute.'), 429, {
  'retry-after': '60',
});

/** The outcome of a send: the response and its audit. */
interface SendOutcome {
  readonly body: string;
  readonly code: RetCode;
  readonly message: string;
}

/** Dependencies of a request handler. */
export interface RequestHandlerDependencies {
  readonly authenticator: Authenticator;
  readonly bots: BotsByToken;
  /** Maximum size of a file, in bytes. */
  readonly maxFileBytes: number;
  readonly onAudit: (record: AuditRecord) => void;
}

/** Handles the requests of one remote. */
export class RequestHandler {
  readonly #dependencies: RequestHandlerDependencies;

  constructor(dependencies: RequestHandlerDependencies) {
    this.#dependencies = dependencies;
  }

  /** Handles one request. @throws only what is not a WechatError. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const outgoing = await this.#respond(request);
    if (outgoing) writeResponse(response, outgoing);
  }

  /** The response; undefined when the client has disconnected. */
  async #respond(request: IncomingMessage): Promise<OutgoingResponse | undefined> {
    const { url = '', method } = request;
    const at = url.indexOf('?');
    const name = sendNameOf(at < 0 ? url : url.slice(0, at));
    if (!name) return notFoundResponse;
    if (method !== 'POST') return wrongMethodResponse;
    const key = at < 0 ? null : new URLSearchParams(url.slice(at + 1)).get('key');
    const auth = this.#dependencies.authenticator.authenticate(key, clientOf(request));
    return auth === 'granted' ? this.#handleSend(name, request) : wrongKeyResponse;
  }

  async #handleSend(name: SendName, request: IncomingMessage): Promise<OutgoingResponse | undefined> {
    const { bots, maxFileBytes, onAudit } = this.#dependencies;
    const startedAt = performance.now();
    const maxBytes = Math.ceil((maxFileBytes * 4) / 3) + bodyOverhead;
    try {
      const body = asUtf8(request.headers['content-type'], await readBody(request, maxBytes));
      const send = decodeSend(name, body, 2 * maxBytes);
      const bot = bots.resolve(send.token);
      if (bot === 'unknown') throw new WechatError('REFUSED', 'tokenUnknown');
      if (bot === 'missing') throw new WechatError('NOT_LOGGED_IN', 'botMissing');
      return jsonResponse(await runSend(send, bot));
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      if (error.key === 'requestCutShort') return undefined;
      const { retCode, cost } = failureOf(error);
      const { message } = error;
      onAudit({
        name,
        params: {},
        code: retCode,
        message,
        reqId: '',
        ms: Math.round(performance.now() - startedAt),
      });
      return jsonResponse(encodeFailure(retCode, message, cost), bodyErrorStatus(error));
    }
  }
}

/** Sends a message and audits the outcome; returns the body of the response. */
async function runSend(
  { name, to, content, loggedParams }: SendRequest,
  { bot, dispatcher }: RegisteredBot,
): Promise<string> {
  const params = { bot: bot.name, ...loggedParams };
  try {
    const { body } = await dispatcher.runAudited(
      { name, params, commands: ['send'] },
      async () => outcomeOf(await dispatcher.run('send', { toContacts: [to], ...content }), to),
      (outcome) => outcome,
      (error) => ({ code: failureOf(error).retCode, message: error.message }),
    );
    return body;
  } catch (error) {
    if (!(error instanceof WechatError)) throw error;
    const { retCode, cost } = failureOf(error);
    return encodeFailure(retCode, error.message, cost);
  }
}

function outcomeOf({ success, fail }: SendResult, to: string): SendOutcome {
  const [failed] = fail;
  if (failed) {
    const { code, message } = failed.error;
    const { retCode, cost } = errorResults[code];
    return { body: encodeFailure(retCode, message, cost), code: retCode, message };
  }
  const { id = to, messageId } = success[0] ?? {};
  const ids = messageId === undefined ? undefined : messageIds(messageId);
  return { body: encodeSent(id, ids, Date.now()), code: 0, message: 'success' };
}

/** Errors of size limits: REFUSED by the policy, but for the client its parameter is invalid. */
const sizeErrors = ['payloadTooLarge', 'payloadTooComplex', 'fileTooLarge'];

function failureOf({ code, key }: WechatError): ErrorResult {
  return sizeErrors.includes(key) ? errorResults.INVALID_PARAMS : errorResults[code];
}
