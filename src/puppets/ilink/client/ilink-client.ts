/**
 * The HTTP API of iLink, without state. Endpoints, headers, bodies and time-outs are those of npm
 * `@tencent-weixin/openclaw-weixin` 2.4.9, `src/api/api.ts` and `src/auth/login-qr.ts`.
 */
import { randomBytes } from 'node:crypto';
import type { IlinkSettings } from '../settings';
import { idOf, numberOf, objectOf, objectsOf, textOf } from './fields';
import { Http, HttpTimeout } from './http';
import { IlinkError } from './ilink-error';
import { parseExact } from './json';
import { UrlGuard } from './url-guard';
import type { CodeStatus, Credentials, LoginCode, Updates, WireObject } from './wire-types';

/** In ms. */
const timeouts = { longPoll: 35_000, api: 15_000, light: 10_000 } as const;

/** Servers hold polls for as long as they say, and answer some seconds later (issue 267 of Tencent/openclaw-weixin). */
const pollGraceMs = 10_000;

/** Longer answers are refused. */
const maxAnswerBytes = 4 * 1024 * 1024;

/** The newest tokens that a QR code is asked for with, so that nobody binds the same bot twice. */
const maxLocalTokens = 10;

const simpleStatuses = [
  'wait',
  'scaned',
  'need_verifycode',
  'expired',
  'verify_code_blocked',
  'binded_redirect',
] as const;

/** What is sent for one user. */
export interface OutgoingMessage {
  readonly userId: string;
  /** Unique: WeChat knows the message by it. */
  readonly clientId: string;
  readonly item: WireObject;
  readonly contextToken: string | undefined;
}

/** What is announced of a file before its upload. */
export interface UploadRequest {
  readonly userId: string;
  readonly filekey: string;
  readonly mediaType: number;
  readonly rawSize: number;
  readonly rawMd5: string;
  readonly cipherSize: number;
  /** In hex. */
  readonly key: string;
}

/** The API; one object serves any number of tokens. */
export class IlinkClient {
  readonly http: Http;
  readonly guard: UrlGuard;
  readonly #settings: IlinkSettings;
  readonly #commonHeaders: Readonly<Record<string, string>>;

  constructor(settings: IlinkSettings) {
    this.#settings = settings;
    this.http = new Http(settings.proxy);
    this.guard = new UrlGuard([settings.baseUrl, settings.cdnUrl]);
    const [major = 0, minor = 0, patch = 0] = settings.clientVersion.split('.').map(Number);
    this.#commonHeaders = {
      'iLink-App-Id': 'bot',
      'iLink-App-ClientVersion': String(((major & 0xff) << 16) | ((minor & 0xff) << 8) | (patch & 0xff)),
    };
  }

  /** Asks for a QR code. @param tokens those already bound, newest first */
  async createCode(tokens: readonly string[], signal?: AbortSignal): Promise<LoginCode> {
    const body = { local_token_list: tokens.slice(0, maxLocalTokens) };
    const path = 'get_bot_qrcode?bot_type=3';
    const answer = await this.#post(this.#settings.baseUrl.href, path, body, { signal });
    const code = { qrcode: textOf(answer.qrcode), url: textOf(answer.qrcode_img_content) };
    if (code.qrcode === '' || code.url === '') throw new Error('WeChat gave no QR code.');
    return code;
  }

  /**
   * Waits for something to become of a QR code, up to 35 s; a network error counts as `wait`, as in Tencent's client.
   * @param host where the login goes on; default: the configured address
   * @param verifyCode the digits that the phone shows
   * @throws Error when `signal` aborts, or when the answer names an address outside the configured domains.
   */
  async pollCode(
    { qrcode }: LoginCode,
    {
      host,
      verifyCode,
      signal,
    }: { host?: URL | undefined; verifyCode?: string | undefined; signal?: AbortSignal },
  ): Promise<CodeStatus> {
    const url = this.#url((host ?? this.#settings.baseUrl).href, 'get_qrcode_status');
    url.searchParams.set('qrcode', qrcode);
    if (verifyCode !== undefined) url.searchParams.set('verify_code', verifyCode);
    let answer;
    try {
      const request = { method: 'GET', url, headers: this.#commonHeaders, maxBytes: maxAnswerBytes } as const;
      const timeoutMs = timeouts.longPoll + pollGraceMs;
      answer = this.#read('get_qrcode_status', await this.http.request({ ...request, timeoutMs, signal }));
    } catch (error) {
      if (signal?.aborted === true) throw error;
      return { status: 'wait' };
    }
    return this.#codeStatus(answer);
  }

  /** Tells WeChat that a bot starts or stops. */
  async notify(credentials: Credentials, what: 'start' | 'stop', signal?: AbortSignal): Promise<void> {
    await this.#call(credentials, `msg/notify${what}`, {}, { timeoutMs: timeouts.light, signal });
  }

  /**
   * Waits for messages.
   * @param holdMs how long the server holds the poll, as it said last
   * @throws IlinkError, Error
   */
  async getUpdates(
    credentials: Credentials,
    cursor: string,
    holdMs: number | undefined,
    signal: AbortSignal,
  ): Promise<Updates> {
    const timeoutMs = Math.min(Math.max(holdMs ?? 0, timeouts.longPoll), 300_000) + pollGraceMs;
    try {
      const body = { get_updates_buf: cursor };
      const answer = await this.#call(credentials, 'getupdates', body, { timeoutMs, signal });
      return {
        messages: objectsOf(answer.msgs),
        cursor: textOf(answer.get_updates_buf) || undefined,
        holdMs: numberOf(answer.longpolling_timeout_ms),
      };
    } catch (error) {
      if (error instanceof HttpTimeout) return { messages: [], cursor: undefined, holdMs: undefined };
      throw error;
    }
  }

  /** Sends one item. @returns the message's id; empty when WeChat gives none: it was probably not delivered */
  async sendMessage(
    credentials: Credentials,
    message: OutgoingMessage,
    signal?: AbortSignal,
  ): Promise<string> {
    const msg = {
      from_user_id: '',
      to_user_id: message.userId,
      client_id: message.clientId,
      message_type: 2,
      message_state: 2,
      item_list: [message.item],
      ...(message.contextToken === undefined ? {} : { context_token: message.contextToken }),
    };
    const answer = await this.#call(credentials, 'sendmessage', { msg }, { signal });
    return idOf(answer.message_id);
  }

  /** The ticket with which typing is shown. @throws IlinkError -4 before the user has written */
  async typingTicket(
    credentials: Credentials,
    userId: string,
    contextToken: string | undefined,
  ): Promise<string> {
    const body = {
      ilink_user_id: userId,
      ...(contextToken === undefined ? {} : { context_token: contextToken }),
    };
    const answer = await this.#call(credentials, 'getconfig', body, { timeoutMs: timeouts.light });
    return textOf(answer.typing_ticket);
  }

  /** Shows or hides that the bot is typing. */
  async sendTyping(
    credentials: Credentials,
    userId: string,
    ticket: string,
    isTyping: boolean,
  ): Promise<void> {
    const body = { ilink_user_id: userId, typing_ticket: ticket, status: isTyping ? 1 : 2 };
    await this.#call(credentials, 'sendtyping', body, { timeoutMs: timeouts.light });
  }

  /** Where a file is to be uploaded. @throws Error when the address is outside the configured domains */
  async uploadUrl(credentials: Credentials, upload: UploadRequest, signal?: AbortSignal): Promise<URL> {
    const body = {
      filekey: upload.filekey,
      media_type: upload.mediaType,
      to_user_id: upload.userId,
      rawsize: upload.rawSize,
      rawfilemd5: upload.rawMd5,
      filesize: upload.cipherSize,
      no_need_thumb: true,
      aeskey: upload.key,
    };
    const answer = await this.#call(credentials, 'getuploadurl', body, { signal });
    const fullUrl = textOf(answer.upload_full_url).trim();
    if (fullUrl !== '') return this.guard.check(fullUrl, 'place for uploads');
    const param = textOf(answer.upload_param);
    if (param === '') throw new Error('WeChat named no place for the upload.');
    const url = this.cdnUrl('upload');
    url.searchParams.set('encrypted_query_param', param);
    url.searchParams.set('filekey', upload.filekey);
    return url;
  }

  /** An address of the configured CDN. */
  cdnUrl(path: 'upload' | 'download'): URL {
    return new URL(`${this.#settings.cdnUrl.href.replace(/\/$/, '')}/${path}`);
  }

  /** Closes all connections. */
  close(): void {
    this.http.close();
  }

  #codeStatus(answer: WireObject): CodeStatus {
    const status = simpleStatuses.find((known) => known === answer.status);
    if (status) return { status };
    if (answer.status === 'scaned_but_redirect')
      return { status: answer.status, host: textOf(answer.redirect_host) };
    if (answer.status !== 'confirmed') return { status: 'wait' };
    const [token, botId] = [textOf(answer.bot_token), textOf(answer.ilink_bot_id)];
    const userId = textOf(answer.ilink_user_id);
    if (token === '' || botId === '' || userId === '')
      throw new Error('WeChat confirmed a login without credentials.');
    const baseUrl = textOf(answer.baseurl) || this.#settings.baseUrl.href;
    this.guard.check(baseUrl, 'address of the API');
    return { status: 'confirmed', credentials: { token, baseUrl }, botId, userId };
  }

  #call(
    { token, baseUrl }: Credentials,
    path: string,
    body: object,
    options: { timeoutMs?: number; signal?: AbortSignal | undefined },
  ): Promise<WireObject> {
    const { clientVersion, botAgent } = this.#settings;
    const base_info = { channel_version: clientVersion, bot_agent: botAgent };
    return this.#post(baseUrl, path, { ...body, base_info }, { ...options, token });
  }

  async #post(
    baseUrl: string,
    path: string,
    body: object,
    { token, timeoutMs, signal }: { token?: string; timeoutMs?: number; signal?: AbortSignal | undefined },
  ): Promise<WireObject> {
    const uin = Buffer.from(String(randomBytes(4).readUInt32BE())).toString('base64');
    const answer = await this.http.request({
      method: 'POST',
      url: this.#url(baseUrl, path),
      headers: {
        'Content-Type': 'application/json',
        AuthorizationType: 'ilink_bot_token',
        'X-WECHAT-UIN': uin,
        ...this.#commonHeaders,
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      timeoutMs: timeoutMs ?? timeouts.api,
      maxBytes: maxAnswerBytes,
      signal,
    });
    return this.#read(path.replace(/\?.*/, ''), answer);
  }

  /** The answer's fields. A missing `ret` is a success. @throws IlinkError; Error for another status than 200 */
  #read(endpoint: string, { status, body }: { status: number; body: Buffer }): WireObject {
    if (status !== 200) throw new Error(`${endpoint}: HTTP status ${status}`);
    const answer = objectOf(parseExact(body.toString()));
    const ret = [answer.ret, answer.errcode].map(numberOf).find((code) => code !== undefined && code !== 0);
    if (ret !== undefined) throw new IlinkError(endpoint, ret, textOf(answer.errmsg));
    return answer;
  }

  /** @throws Error when the base URL, which the login has named, is outside the configured domains */
  #url(baseUrl: string, path: string): URL {
    const base = this.guard.check(baseUrl, 'address of the API').href;
    return new URL(`${base.replace(/\/$/, '')}/ilink/bot/${path}`);
  }
}
