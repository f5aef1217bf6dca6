/**
 * A service that behaves as iLink, WeChat's bot API, on loopback ports: see the table in README.md for each behaviour,
 * its source and its test.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IlinkBot, defaultLimits, type DeliveredMessage } from './bots';
import { Cdn, type CdnAnswer } from './cdn';
import { ChangeSignal } from './change-signal';
import { VirtualClock } from './clock';
import { LoginCode, type ScanOptions } from './logins';
import { Person } from './person';
import {
  checkBaseInfo,
  checkCommonHeaders,
  checkPostHeaders,
  type JsonObject,
  objectOf,
  readBody,
  require,
  RuleViolation,
  stringOf,
  writeJson,
} from './wire';

/** A request as an endpoint sees it. */
interface Call {
  readonly url: URL;
  readonly host: string;
  readonly body: JsonObject;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly clientVersion: number;
}

type Endpoint = (call: Call, bot: IlinkBot) => unknown;

const staleToken = { ret: -14, errcode: -14, errmsg: 'session timeout' };

/** The service. */
export class IlinkService {
  readonly clock = new VirtualClock();
  readonly cdn = new Cdn();
  readonly limits = { ...defaultLimits };
  /** How long a poll is held when there is nothing to tell, in ms. */
  holdMs = 35_000;
  /** Whether answers leave out `ret` 0, as the live service does in some. */
  omitsRet = true;
  /** Whether URLs for uploads and downloads are given, beside their parameters. */
  givesFullUrls = false;
  /** Clients older than this: the phone asks for an upgrade. */
  minClientVersion = 0;
  /** The time from the answer of a send to its delivery, in ms. */
  deliveryDelayMs = 0;
  /** HTTP statuses of the next answers, by endpoint. */
  readonly httpFaults = new Map<string, number[]>();
  /** What clients did that the protocol forbids. */
  readonly violations: string[] = [];
  /** The endpoints called, in order. */
  readonly calls: string[] = [];
  readonly #servers: readonly Server[] = [this.#createServer(), this.#createServer()];
  readonly #bots: IlinkBot[] = [];
  readonly #codes = new Map<string, LoginCode>();
  readonly #seenUins = new Set<string>();
  readonly #changes = new ChangeSignal();
  /** Replaces the `baseurl` that a login answers. */
  baseUrlForBots: string | undefined;

  /** Starts the service on two free ports: the fixed host, and one to which logins are redirected. */
  static async start(): Promise<IlinkService> {
    const service = new IlinkService();
    await Promise.all(
      service.#servers.map(
        (server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)),
      ),
    );
    return service;
  }

  /** Ends all connections; the service can be resumed on the same port. */
  async cut(): Promise<void> {
    await Promise.all(
      this.#servers.map((server) => {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        return closed;
      }),
    );
  }

  /** Listens again after `cut`. */
  async resume(): Promise<void> {
    await Promise.all(
      this.#servers.map((server, index) => {
        const port = this.#ports[index];
        return new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      }),
    );
  }

  /** Stops everything. */
  async stop(): Promise<void> {
    this.clock.stop();
    await this.cut();
  }

  readonly #ports: number[] = [];

  #port(index: number): number {
    this.#ports[index] ??= (this.#servers[index]?.address() as AddressInfo).port;
    return this.#ports[index];
  }

  get baseUrl(): string {
    this.#port(1);
    return `http://127.0.0.1:${this.#port(0)}`;
  }

  /** The host and port to which logins can be redirected. */
  get redirectHost(): string {
    return `127.0.0.1:${this.#port(1)}`;
  }

  get cdnUrl(): string {
    return `${this.baseUrl}/c2c`;
  }

  person(name: string): Person {
    return new Person(name, this);
  }

  /** The present bot of a person. */
  botOf(userId: string): IlinkBot | undefined {
    return this.#bots.findLast((bot) => bot.userId === userId);
  }

  /** The QR codes that are shown, oldest first. */
  get openCodes(): LoginCode[] {
    return [...this.#codes.values()].filter((code) => !code.isOver);
  }

  /** Everything that no log may contain: tokens and QR codes. */
  get secrets(): string[] {
    return [...this.#bots.map(({ token }) => token), ...this.#codes.keys()];
  }

  /** A phone scans a code. @throws Error when the phone would refuse it */
  scan({ userId }: Person, url: string, options: ScanOptions): LoginCode {
    const code = [...this.#codes.values()].find((each) => each.url === url);
    if (!code) throw new Error('No such QR code.');
    if (code.clientVersion < this.minClientVersion) throw new Error('The phone asks to upgrade the bot.');
    code.scan(userId, options);
    return code;
  }

  /** The person confirms a scanned code: a bot is created, or found to be bound by the same client already. */
  confirm({ userId }: Person, code: LoginCode): void {
    if (code.scannedBy !== userId) throw new Error('Another phone has scanned this code.');
    const old = this.botOf(userId);
    if (old?.isAlive && code.localTokens.includes(old.token)) {
      code.finish({ status: 'binded_redirect' });
      return;
    }
    if (old) this.kill(old);
    const bot = new IlinkBot(userId, this.clock, this.limits, this.#changes.notify);
    this.#bots.push(bot);
    code.finish({
      status: 'confirmed',
      bot_token: bot.token,
      ilink_bot_id: bot.id,
      ilink_user_id: userId,
      baseurl: this.baseUrlForBots ?? this.baseUrl,
    });
  }

  /** A token dies: scanned elsewhere, or too old. */
  kill(bot: IlinkBot): void {
    bot.isAlive = false;
    this.#changes.notify();
  }

  /** Resolves when something is so; checked after every change of the service. */
  until(isSo: () => boolean, complaint: () => string): Promise<void> {
    const rules = (): string => `broken rules: ${this.violations.join('; ') || 'none'}`;
    return this.#changes.until(isSo, () => `${complaint()}; ${rules()}`);
  }

  /** Resolves with the newest QR code that is shown and that no phone has scanned. */
  async nextCode(): Promise<LoginCode> {
    const find = (): LoginCode | undefined => this.openCodes.findLast((code) => code.scannedBy === undefined);
    await this.until(
      () => find() !== undefined,
      () => 'no QR code was asked for',
    );
    const code = find();
    if (!code) throw new Error('The QR code is gone again.');
    return code;
  }

  downloadUrl(param: string): string {
    return `${this.cdnUrl}/download?encrypted_query_param=${encodeURIComponent(param)}`;
  }

  #createServer(): Server {
    return createServer((request, response) => {
      void this.#serve(request, response).catch(() => response.destroy());
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = request.headers.host ?? '';
    const url = new URL(request.url ?? '/', `http://${host}`);
    const name = url.pathname.replace(/^\/(ilink\/bot\/)?/, '');
    this.calls.push(name);
    try {
      if (url.pathname.startsWith('/c2c/')) {
        await this.#serveCdn(url, request, response);
        return;
      }
      const status = this.httpFaults.get(name)?.shift();
      if (status !== undefined) {
        response.writeHead(status).end('injected fault');
        return;
      }
      const answer = await this.#answer(name, { url, host, request, response });
      if (answer !== undefined && !response.destroyed) writeJson(response, answer, this.omitsRet);
    } catch (error) {
      if (!(error instanceof RuleViolation)) throw error;
      this.violations.push(`${name}: ${error.message}`);
      response.writeHead(400, { 'x-error-message': error.message }).end(error.message);
    } finally {
      this.#changes.notify();
    }
  }

  async #answer(name: string, call: Omit<Call, 'body' | 'clientVersion'>): Promise<unknown> {
    const clientVersion = checkCommonHeaders(call.request);
    if (name === 'get_qrcode_status') {
      require(call.request.method === 'GET', 'the method is not GET');
      return this.#pollLogin({ ...call, body: {}, clientVersion });
    }
    require(call.request.method === 'POST', 'the method is not POST');
    checkPostHeaders(call.request, this.#seenUins);
    const body = objectOf(JSON.parse((await readBody(call.request, 1e6)).toString()), 'the body');
    const full = { ...call, body, clientVersion };
    if (name === 'get_bot_qrcode') return this.#createCode(full);
    const endpoint = this.#endpoints[name];
    require(endpoint !== undefined, 'no such endpoint');
    checkBaseInfo(body);
    const token = /^Bearer (.+)$/.exec(call.request.headers.authorization ?? '')?.[1];
    const bot = this.#bots.find((each) => each.token === token);
    if (!bot?.isAlive) return staleToken;
    return endpoint(full, bot);
  }

  #createCode({ url, body, request, clientVersion }: Call): unknown {
    require(url.searchParams.get('bot_type') === '3', 'bot_type is not 3');
    require(request.headers.authorization === undefined, 'a token is sent with get_bot_qrcode');
    const tokens = body.local_token_list;
    require(Array.isArray(tokens) && tokens.length <= 10, 'local_token_list is no list of at most 10 tokens');
    const localTokens = tokens.map((token) => stringOf(token, 'local_token_list'));
    const code = new LoginCode(localTokens, clientVersion, this.clock, this.#changes.notify);
    this.#codes.set(code.qrcode, code);
    return { ret: 0, qrcode: code.qrcode, qrcode_img_content: code.url };
  }

  async #pollLogin({ url, host, response }: Call): Promise<unknown> {
    const code = this.#codes.get(url.searchParams.get('qrcode') ?? '');
    if (!code) return { ret: 0, status: 'expired' };
    const verifyCode = url.searchParams.get('verify_code');
    await this.#hold(response, () => !code.shouldHold(host, verifyCode));
    return { ret: 0, ...code.tell(host, verifyCode) };
  }

  #hold(response: ServerResponse, isDue: () => boolean): Promise<void> {
    return this.#changes.hold(response, isDue, this.clock, this.holdMs);
  }

  readonly #endpoints: Readonly<Record<string, Endpoint>> = {
    'msg/notifystart': () => ({ ret: 0 }),
    'msg/notifystop': () => ({ ret: 0 }),
    getupdates: (call, bot) => this.#getUpdates(call, bot),
    sendmessage: (call, bot) => this.#sendMessage(call, bot),
    getconfig: ({ body }, bot) => {
      require(body.ilink_user_id === bot.userId, 'ilink_user_id is not the bot’s person');
      return bot.hasContext ? { ret: 0, typing_ticket: bot.typingTicket } : { ret: -4, errmsg: 'no context' };
    },
    sendtyping: ({ body }, bot) => {
      require(body.ilink_user_id === bot.userId, 'ilink_user_id is not the bot’s person');
      require(body.status === 1 || body.status === 2, 'status is neither 1 nor 2');
      if (body.typing_ticket !== bot.typingTicket) return { ret: -2, errmsg: 'unknown error' };
      bot.isTyping = body.status === 1;
      return { ret: 0 };
    },
    getuploadurl: ({ body }, bot) => {
      require(body.to_user_id === bot.userId, 'to_user_id is not the bot’s person');
      const param = this.cdn.announce(body);
      if (!this.givesFullUrls) return { ret: 0, upload_param: param };
      const filekey = stringOf(body.filekey, 'filekey');
      const query = `encrypted_query_param=${encodeURIComponent(param)}&filekey=${filekey}`;
      return { ret: 0, upload_full_url: `${this.cdnUrl}/upload?${query}` };
    },
  };

  async #getUpdates({ body, response }: Call, bot: IlinkBot): Promise<unknown> {
    const cursor = stringOf(body.get_updates_buf, 'get_updates_buf');
    bot.polls += 1;
    bot.maxPolls = Math.max(bot.maxPolls, bot.polls);
    this.#changes.notify();
    try {
      await this.#hold(response, () => bot.waiting > 0 || !bot.isAlive);
    } finally {
      bot.polls -= 1;
    }
    if (!bot.isAlive) return staleToken;
    if (response.destroyed) return undefined;
    const { messages, cursor: next } = bot.take();
    response.once('close', () => {
      if (!response.writableFinished) bot.putBack(messages);
    });
    const get_updates_buf = messages.length > 0 ? next : cursor;
    return { ret: 0, msgs: messages, get_updates_buf, longpolling_timeout_ms: this.holdMs };
  }

  #sendMessage({ body, response }: Call, bot: IlinkBot): unknown {
    const fault = bot.sendFaults[0];
    if (fault === 'cut' || fault === 'http-500') {
      bot.sendFaults.shift();
      if (fault === 'cut') response.destroy();
      else response.writeHead(500).end();
      return undefined;
    }
    const { answer, message } = bot.receive(objectOf(body.msg, 'msg'));
    if (message) this.#deliver(bot, message);
    if (fault !== 'lost-answer') return answer;
    bot.sendFaults.shift();
    response.destroy();
    return undefined;
  }

  #deliver(bot: IlinkBot, message: DeliveredMessage): void {
    if (this.deliveryDelayMs === 0) bot.delivered.push(message);
    else {
      this.clock.after(this.deliveryDelayMs, () => {
        bot.delivered.push(message);
        this.#changes.notify();
      });
    }
  }

  async #serveCdn(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const content = await readBody(request, 200e6);
    let answer: CdnAnswer = { status: 404 };
    if (request.method === 'POST' && url.pathname === '/c2c/upload') {
      const type = request.headers['content-type'];
      require(type ===
        'application/octet-stream', 'Content-Type of an upload is not application/octet-stream');
      answer = this.cdn.upload(url, content);
    } else if (request.method === 'GET' && url.pathname === '/c2c/download') answer = this.cdn.download(url);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }
}
