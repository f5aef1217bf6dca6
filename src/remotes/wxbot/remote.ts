/**
 * WXBot server: HTTP requests send messages, WebSocket clients receive them. One key gives access to all bots that have a
 * token.
 */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WechatError } from '../../bot/errors';
import type { RemotePolicy } from '../dispatch/command-dispatcher';
import { Authenticator } from '../http/auth';
import { readBody } from '../http/read-body';
import { type OutgoingResponse, writeResponse } from '../http/response';
import { type HttpServerLimits, ManagedHttpServer } from '../http/http-server';
import { type WebSocketClient, WebSocketHub, type WebSocketLimits } from '../http/websocket-hub';
import { StartStopGuard } from '../../util/start-stop';
import type { Remote, RemoteHost, ServerStatus } from '../remote';
import { type BotLookup, BotsByToken, type RegisteredBot } from './bots-by-token';
import { type ErrorResult, errorResults, type RetCode } from './return-codes';
import { messageIds } from './message-ids';
import type { SendName } from './sends';
import type { Token } from './tokens';
import {
  decodeHandshake,
  decodeSend,
  sendNameOf,
  type SendRequest,
  encodeAuthResult,
  encodeFailure,
  encodeSent,
} from './wire';

/** The settings of a WXBot remote. */
export interface WxbotRemoteSettings extends RemotePolicy {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The key clients need; empty: none, on loopback only. */
  readonly key: string;
  /** Empty: any token stands for the bot chosen in the form. */
  readonly tokens: readonly Token[];
  readonly limits?: {
    readonly server?: Partial<HttpServerLimits>;
    readonly sockets?: Partial<WebSocketLimits>;
    /** Until a WebSocket client has sent its handshake, in ms. */
    readonly handshakeMs?: number;
  };
}

/** Maximum size of a WebSocket message, in bytes. */
const maxPayload = 64 * 1024;

/** Default of `handshakeMs`, in ms. */
const handshakeTimeoutMs = 10_000;

/** Size of a body without its file, such as the preview of a video, in bytes. */
const bodyOverhead = 1024 * 1024;

/** The results of a handshake; the document has them in Chinese. */
const authResults = {
  granted: [0, '鉴权成功，之后会收到本 key 下所有微信号的消息'],
  wrongKey: [1000, '鉴权失败，key 无效'],
  wrongProtocol: [1000, '鉴权失败，app 应为 wxbot，version 应为 1.0'],
} as const satisfies Record<string, readonly [RetCode, string]>;

/** WebSocket close code of RFC 6455. */
const policyViolation = 1008;

function jsonResponse(body: string, status = 200, headers: OutgoingHttpHeaders = {}): OutgoingResponse {
  return { status, headers: { ...headers, 'content-type': 'application/json; charset=utf-8' }, body };
}

const notFoundResponse = jsonResponse(encodeFailure(1001, 'There is nothing at this path.'), 404);
const wrongMethodResponse = jsonResponse(encodeFailure(1001, 'Use POST.'), 405, { allow: 'POST' });
const wrongKeyResponse = jsonResponse(encodeFailure(1004, 'The key is wrong or missing: give it as ?key=….'));
const blockedResponse = jsonResponse(encodeFailure(1003, 'Too many wrong keys: wait a minute.'), 429, {
  'retry-after': '60',
});

/** The result of the command `send`. */
interface SendCommandResult {
  readonly success: readonly { readonly id: string; readonly messageId?: string }[];
  readonly fail: readonly {
    readonly error: { readonly code: keyof typeof errorResults; readonly message: string };
  }[];
}

/** The outcome of a send: the response and its audit. */
interface SendOutcome {
  readonly body: string;
  readonly code: RetCode;
  readonly message: string;
}

/** Serves WXBot clients, from `start` to `stop`. */
export class WxbotRemote implements Remote<ServerStatus> {
  readonly #settings: WxbotRemoteSettings;
  readonly #host: RemoteHost;
  readonly #bots: BotsByToken;
  readonly #server: ManagedHttpServer;
  readonly #hub: WebSocketHub;
  readonly #authenticator: Authenticator;
  /** The clients that have sent the key. */
  readonly #authenticated = new Set<WebSocketClient>();
  readonly #guard = new StartStopGuard(
    () => this.#start(),
    () => this.#stop(),
  );

  constructor(bots: BotLookup, settings: WxbotRemoteSettings, host: RemoteHost) {
    const { port, key, tokens, permissions, files, limits } = settings;
    this.#settings = settings;
    this.#host = host;
    this.#authenticator = new Authenticator([key]);
    const onStatusChange = (): void => {
      host.onStatusChange();
    };
    this.#bots = new BotsByToken(tokens, bots, { permissions, files }, host, {
      hasAny: () => this.#authenticated.size > 0,
      send: (text) => {
        this.#hub.broadcast(text, this.#authenticated);
      },
    });
    this.#hub = new WebSocketHub(onStatusChange, { maxPayload, ...limits?.sockets });
    this.#server = new ManagedHttpServer(
      {
        host: settings.host,
        port,
        authenticator: this.#authenticator,
        blockedResponse,
        limits: limits?.server ?? {},
      },
      {
        onRequest: (request, response) => this.#handleRequest(request, response),
        onUpgrade: (request, socket, head) => {
          this.#handleUpgrade(request, socket, head);
        },
        onStatusChange,
        log: (level, message) => {
          host.log(level, message);
        },
      },
    );
  }

  get status(): ServerStatus {
    const status = this.#server.status;
    const { missing } = this.#bots;
    const error =
      missing.length > 0
        ? new WechatError('NOT_FOUND', 'tokenBotMissing', { bots: missing.join(', ') })
        : undefined;
    return {
      ...status,
      clients: this.#authenticated.size,
      lastError: status.lastError || (error?.message ?? ''),
    };
  }

  start(): Promise<void> {
    return this.#guard.start();
  }

  stop(): Promise<void> {
    return this.#guard.stop();
  }

  async #start(): Promise<void> {
    this.#bots.start();
    await this.#server.start();
  }

  async #stop(): Promise<void> {
    this.#bots.stop();
    await Promise.all([this.#server.stop(), this.#hub.stop()]);
  }

  #handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#hub.accept(request, socket, head, (client) => {
      this.#handshake(client);
    });
  }

  /** A client receives nothing before a handshake with the key. */
  #handshake(client: WebSocketClient): void {
    const timeoutMs = this.#settings.limits?.handshakeMs ?? handshakeTimeoutMs;
    const handshakeTimer = setTimeout(() => {
      client.close(policyViolation);
    }, timeoutMs).unref();
    client.onClose(() => {
      clearTimeout(handshakeTimer);
      this.#authenticated.delete(client);
    });
    client.onMessage((frame) => {
      const handshake = decodeHandshake(Buffer.from(frame));
      if (!handshake || this.#guard.signal.aborted) return;
      const { isSupported, key } = handshake;
      const isGranted = isSupported && this.#authenticator.authenticate(key, client.address) === 'granted';
      const result = isGranted ? 'granted' : isSupported ? 'wrongKey' : 'wrongProtocol';
      const [retCode, msg] = authResults[result];
      client.send(encodeAuthResult(retCode, msg));
      clearTimeout(handshakeTimer);
      if (isGranted) {
        this.#authenticated.add(client);
        this.#host.onStatusChange();
      } else {
        client.close(policyViolation);
      }
    });
  }

  async #handleRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const outgoing = await this.#respond(request);
    if (outgoing) writeResponse(response, outgoing);
  }

  /** The response; undefined when the client has disconnected. */
  async #respond(request: IncomingMessage): Promise<OutgoingResponse | undefined> {
    const { url = '', method, socket } = request;
    const at = url.indexOf('?');
    const named = sendNameOf(at < 0 ? url : url.slice(0, at));
    if (!named) return notFoundResponse;
    if (method !== 'POST') return wrongMethodResponse;
    const key = at < 0 ? null : new URLSearchParams(url.slice(at + 1)).get('key');
    const auth = this.#authenticator.authenticate(key, socket.remoteAddress);
    if (auth !== 'granted') return wrongKeyResponse;
    return this.#handleSend(named, request);
  }

  async #handleSend(named: SendName, request: IncomingMessage): Promise<OutgoingResponse | undefined> {
    const startedAt = Date.now();
    const maxBytes = Math.ceil((this.#settings.files.maxBytes * 4) / 3) + bodyOverhead;
    try {
      const send = decodeSend(named, await readBody(request, maxBytes), maxBytes);
      const bot = this.#bots.resolve(send.token);
      if (bot === 'unknown') throw new WechatError('REFUSED', 'tokenUnknown');
      if (bot === 'missing') throw new WechatError('NOT_LOGGED_IN', 'botMissing');
      return jsonResponse(await this.#send(send, bot));
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      if (error.key === 'requestCutShort') return undefined;
      const { retCode, cost } = failureOf(error);
      const { message } = error;
      this.#host.onAudit({
        name: named,
        params: {},
        code: retCode,
        message,
        reqId: '',
        ms: Date.now() - startedAt,
      });
      return jsonResponse(encodeFailure(retCode, message, cost), error.key === 'payloadTooLarge' ? 413 : 200);
    }
  }

  /** Sends a message and audits the outcome. */
  async #send(
    { name, to, content, loggedParams }: SendRequest,
    { bot, dispatcher }: RegisteredBot,
  ): Promise<string> {
    const request = { name, params: { bot: bot.name, ...loggedParams } };
    try {
      const { body } = await dispatcher.runAudited(
        request,
        async (): Promise<SendOutcome> => {
          const sent = (await dispatcher.runUntrusted('send', {
            toContacts: [to],
            ...content,
          })) as SendCommandResult;
          return outcomeOf(sent, to);
        },
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
}

function outcomeOf({ success, fail }: SendCommandResult, to: string): SendOutcome {
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
