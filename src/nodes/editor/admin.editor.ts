/**
 * What the editor asks the runtime. Paths are relative, because Node-RED may live under any root; requests go
 * through jQuery, because Node-RED adds its access token there.
 */

/** A text in both languages. */
export interface Words {
  readonly 'en-US': string;
  readonly 'zh-CN': string;
}

/** One entry of the event table. */
export interface EventSummary {
  readonly name: string;
  readonly summary: Words;
  /** The event's own fields. */
  readonly schema: Schema;
}

/** A JSON Schema, as far as forms read it. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly 'x-description-zh'?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** One entry of the command table. */
export interface CommandSummary {
  readonly name: string;
  readonly summary: Words;
  readonly params: Schema;
  readonly readOnly: boolean;
}

/** A deployed bot. */
export interface BotSummary {
  readonly id: string;
  readonly name: string;
  readonly puppet: string;
  readonly state: string;
  /** Why it is in that state, in the language of the runtime. */
  readonly reason: string;
  readonly user: { readonly id: string; readonly name: string } | null;
}

/** A bot with the QR code that waits to be scanned, if there is one. */
export interface BotLogin extends BotSummary {
  readonly url?: string;
}

/** What can be asked of a bot. */
export type BotAction = 'start' | 'stop' | 'login' | 'logout';

/** A request the runtime did not fulfil. */
export class RequestError extends Error {
  /** The HTTP status, 0 when Node-RED could not be reached. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function request<Answer>(method: 'GET' | 'POST', url: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    $.ajax({
      method,
      url,
      dataType: 'json',
      success: (answer: Answer) => {
        resolve(answer);
      },
      error: ({ status, statusText, responseJSON }) => {
        const told = (responseJSON as { error?: unknown } | undefined)?.error;
        reject(new RequestError(status, typeof told === 'string' ? told : statusText));
      },
    });
  });
}

/** Everything a bot can tell. @throws RequestError */
export function fetchEvents(): Promise<EventSummary[]> {
  return request('GET', 'wechat/events');
}

/** Everything a bot can be told. @throws RequestError */
export function fetchCommands(): Promise<CommandSummary[]> {
  return request('GET', 'wechat/commands');
}

/** All deployed bots. @throws RequestError */
export function fetchBots(): Promise<BotSummary[]> {
  return request('GET', 'wechat/bots');
}

/** One bot with its QR code; needs the permission `wechat.write`. @throws RequestError */
export function fetchLogin(id: string): Promise<BotLogin> {
  return request('GET', `wechat/bots/${encodeURIComponent(id)}/login`);
}

/** Asks something of a bot; needs the permission `wechat.write`. @throws RequestError */
export function act(id: string, action: BotAction): Promise<BotSummary> {
  return request('POST', `wechat/bots/${encodeURIComponent(id)}/${action}`);
}

/** Whether the editor's user may steer bots and see QR codes. */
export function maySteer(): boolean {
  return RED.user.hasPermission('wechat.write');
}

function inChinese(): boolean {
  return RED.i18n.lang().toLowerCase().startsWith('zh');
}

/** The text in the editor's language. */
export function inEditorLanguage(words: Words): string {
  return inChinese() ? words['zh-CN'] : words['en-US'];
}

/** What a schema says of itself in the editor's language; empty when nothing. */
export function descriptionOf(schema: Schema): string {
  const { description = '', 'x-description-zh': chinese = description } = schema;
  return inChinese() ? chinese : description;
}
