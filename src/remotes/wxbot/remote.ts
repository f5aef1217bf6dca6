/**
 * Clients of WXBot on one port: requests are sends, a WebSocket is told every message. One key lets a client in, to
 * all bots that have a token.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WechatError } from '../../bot/errors';
import type { CommandRules } from '../dispatch/command-dispatcher';
import { readBody } from '../http/read-body';
import { Listener, type ListenerLimits } from '../http/http-server';
import { FailedAttempts, matchesSecret } from '../http/login-rate-limiter';
import { type Client, type SocketLimits, Sockets } from '../http/websocket-hub';
import type { ListeningStatus, Remote, RemoteListener } from '../remote';
import { type Account, Accounts, type Bots } from './bot-registry';
import { type Failure, failures, type RetCode } from './return-codes';
import { messageIds } from './message-ids';
import type { SendName } from './sends';
import type { Token } from './tokens';
import {
  readIntroduction,
  readSend,
  sendAt,
  type SendRequest,
  writeAuthResult,
  writeFailure,
  writeSent,
} from './wire';

/** What a remote is told. */
export interface WxbotRemoteSettings extends CommandRules {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Lets clients in; empty for everybody, on loopback only. */
  readonly key: string;
  /** None for the bot chosen in the form alone, by whatever token. */
  readonly tokens: readonly Token[];
  readonly limits?: {
    readonly listener?: Partial<ListenerLimits>;
    readonly sockets?: Partial<SocketLimits>;
    /** For a client to introduce itself, in ms. */
    readonly introduction?: number;
  };
}

/** Frames of clients are short. */
const maxPayload = 64 * 1024;

/** How long a client may take to introduce itself, in ms. */
const introductionTime = 10_000;

/** What a body may hold besides its file: the preview of a video, for one. */
const besideFile = 1024 * 1024;

/** What a client is told of its introduction; the document has it in Chinese. */
const authResults = {
  welcome: [0, '鉴权成功，之后会收到本 key 下所有微信号的消息'],
  wrongKey: [1000, '鉴权失败，key 无效'],
  wrongProtocol: [1000, '鉴权失败，app 应为 wxbot，version 应为 1.0'],
} as const satisfies Record<string, readonly [RetCode, string]>;

/** The policy violation of RFC 6455: the client is not welcome. */
const policyViolation = 1008;

/** An answer to a request. */
interface Reply {
  readonly status: number;
  readonly body: string;
}

/** What the command `send` answers. */
interface Sent {
  readonly success: readonly { readonly id: string; readonly messageId?: string }[];
  readonly fail: readonly {
    readonly error: { readonly code: keyof typeof failures; readonly message: string };
  }[];
}

/** How a send ended: the answer, and what the owner is told. */
interface Ending {
  readonly body: string;
  readonly code: RetCode;
  readonly message: string;
}

/** Serves clients from `start` to `stop`. */
export class WxbotRemote implements Remote<ListeningStatus> {
  readonly #settings: WxbotRemoteSettings;
  readonly #listener: RemoteListener;
  readonly #accounts: Accounts;
  readonly #port: Listener;
  readonly #sockets: Sockets;
  readonly #failed = new FailedAttempts();
  /** The clients that gave the key. */
  readonly #welcome = new Set<Client>();
  #stopping: Promise<void> | undefined;

  constructor(bots: Bots, settings: WxbotRemoteSettings, listener: RemoteListener) {
    const { host, port, key, tokens, permits, files, limits } = settings;
    this.#settings = settings;
    this.#listener = listener;
    const changed = (): void => {
      listener.changed();
    };
    this.#accounts = new Accounts(tokens, bots, { permits, files }, listener, {
      isThere: () => this.#welcome.size > 0,
      tell: (text) => {
        this.#sockets.broadcast(text, this.#welcome);
      },
    });
    this.#sockets = new Sockets(changed, { maxPayload, ...limits?.sockets });
    this.#port = new Listener(
      { host, port, isProtected: key !== '', limits: limits?.listener ?? {} },
      {
        request: (request, response) => this.#answer(request, response),
        upgrade: (request, socket, head) => {
          this.#upgrade(request, socket, head);
        },
        changed,
        log: (level, sentence) => {
          listener.log(level, sentence);
        },
      },
    );
  }

  get status(): ListeningStatus {
    const status = this.#port.status;
    const { missing } = this.#accounts;
    const absent =
      missing.length > 0
        ? new WechatError('NOT_FOUND', 'tokenBotMissing', { bots: missing.join(', ') })
        : undefined;
    return { ...status, clients: this.#welcome.size, lastError: status.lastError || (absent?.message ?? '') };
  }

  async start(): Promise<void> {
    if (this.#stopping) return;
    this.#accounts.start();
    await this.#port.start();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#accounts.stop();
    await Promise.all([this.#port.stop(), this.#sockets.stop()]);
  }

  #isKey(given: unknown): boolean {
    const { key } = this.#settings;
    return key === '' || matchesSecret(key, given);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#failed.isBlocked(request.socket.remoteAddress)) {
      socket.end('HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#sockets.accept(request, socket, head, (client) => {
      this.#meet(client);
    });
  }

  /** Nobody is told anything before they gave the key. */
  #meet(client: Client): void {
    const time = this.#settings.limits?.introduction ?? introductionTime;
    const patience = setTimeout(() => {
      client.close(policyViolation);
    }, time).unref();
    client.onClosed(() => {
      clearTimeout(patience);
      this.#welcome.delete(client);
    });
    client.onMessage((frame) => {
      const introduction = readIntroduction(Buffer.from(frame));
      if (!introduction || this.#stopping) return;
      const isKey = introduction.isKnown && this.#isKey(introduction.key);
      if (introduction.isKnown && !isKey) this.#failed.failed(client.address);
      // Others guess by the same address: whoever guessed too often does not get in by guessing right.
      const isWelcome = isKey && !this.#failed.isBlocked(client.address);
      const result = isWelcome ? 'welcome' : introduction.isKnown ? 'wrongKey' : 'wrongProtocol';
      const [retCode, msg] = authResults[result];
      client.send(writeAuthResult(retCode, msg));
      clearTimeout(patience);
      if (isWelcome) {
        this.#failed.succeeded(client.address);
        this.#welcome.add(client);
        this.#listener.changed();
      } else {
        client.close(policyViolation);
      }
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = await this.#reply(request);
    if (!reply || response.destroyed) return;
    const { status, body } = reply;
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      ...(status === 405 ? { allow: 'POST' } : {}),
      ...(status === 429 ? { 'retry-after': '60' } : {}),
    };
    response.writeHead(status, headers).end(body);
  }

  /** What to answer; nothing when the client has gone. */
  async #reply(request: IncomingMessage): Promise<Reply | undefined> {
    const { url = '', method, socket } = request;
    const at = url.indexOf('?');
    const named = sendAt(at < 0 ? url : url.slice(0, at));
    if (!named) return { status: 404, body: writeFailure(1001, 'There is nothing at this path.') };
    if (method !== 'POST') return { status: 405, body: writeFailure(1001, 'Use POST.') };
    const address = socket.remoteAddress;
    if (this.#failed.isBlocked(address)) {
      return { status: 429, body: writeFailure(1003, 'Too many wrong keys: wait a minute.') };
    }
    const key = at < 0 ? null : new URLSearchParams(url.slice(at + 1)).get('key');
    if (!this.#isKey(key)) {
      // Who gives no key at all does not guess.
      if (key) this.#failed.failed(address);
      return { status: 200, body: writeFailure(1004, 'The key is wrong or missing: give it as ?key=….') };
    }
    this.#failed.succeeded(address);
    return this.#take(named, request);
  }

  async #take(named: SendName, request: IncomingMessage): Promise<Reply | undefined> {
    const begun = Date.now();
    const maxBytes = Math.ceil((this.#settings.files.maxBytes * 4) / 3) + besideFile;
    try {
      const send = readSend(named, await readBody(request, maxBytes), maxBytes);
      const account = this.#accounts.of(send.token);
      if (account === 'unknown') throw new WechatError('REFUSED', 'tokenUnknown');
      if (account === 'missing') throw new WechatError('NOT_LOGGED_IN', 'botMissing');
      return { status: 200, body: await this.#send(send, account) };
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      if (error.key === 'requestCutShort') return undefined;
      const { retCode, cost } = failureOf(error);
      const { message } = error;
      this.#listener.handled({
        name: named,
        params: {},
        code: retCode,
        message,
        reqId: '',
        ms: Date.now() - begun,
      });
      return {
        status: error.key === 'payloadTooLarge' ? 413 : 200,
        body: writeFailure(retCode, message, cost),
      };
    }
  }

  /** Sends, and tells the owner how that ended. */
  async #send({ name, to, content, told }: SendRequest, { bot, commander }: Account): Promise<string> {
    const asked = { name, params: { bot: bot.name, ...told } };
    try {
      const { body } = await commander.serve(
        asked,
        async (): Promise<Ending> => {
          const sent = (await commander.ask('send', { toContacts: [to], ...content })) as Sent;
          return endingOf(sent, to);
        },
        (ending) => ending,
        (error) => ({ code: failureOf(error).retCode, message: error.message }),
      );
      return body;
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      const { retCode, cost } = failureOf(error);
      return writeFailure(retCode, error.message, cost);
    }
  }
}

function endingOf({ success, fail }: Sent, to: string): Ending {
  const [failed] = fail;
  if (failed) {
    const { code, message } = failed.error;
    const { retCode, cost } = failures[code];
    return { body: writeFailure(retCode, message, cost), code: retCode, message };
  }
  const { id = to, messageId } = success[0] ?? {};
  const ids = messageId === undefined ? undefined : messageIds(messageId);
  return { body: writeSent(id, ids, Date.now()), code: 0, message: 'success' };
}

/** Sizes are limited by the owner's policy, but it is the client's parameter that is wrong. */
const tooMuch = ['payloadTooLarge', 'payloadTooComplex', 'fileTooLarge'];

function failureOf({ code, key }: WechatError): Failure {
  return tooMuch.includes(key) ? failures.INVALID_PARAMS : failures[code];
}
