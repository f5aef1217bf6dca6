/**
 * What the editor asks the runtime. Paths are relative, because Node-RED may live under any root; requests go
 * through jQuery, because Node-RED adds its access token there.
 */

import type { Schema } from '../forms/schema';

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
  /** When it came into that state, in ms since 1970. */
  readonly since: number;
  /** Who is logged in; `avatar` is a path under the admin root. */
  readonly user: { readonly id: string; readonly name: string; readonly avatar?: string } | null;
  /** Messages that wait to be sent. */
  readonly waiting: number;
  /** Messages received and sent since the bot was deployed. */
  readonly received: number;
  readonly sent: number;
}

/** A bot with the QR code that waits to be scanned, if there is one. */
export interface BotLogin extends BotSummary {
  readonly url?: string;
  /** When the code runs out, in ms since 1970, where the puppet tells. */
  readonly expiresAt?: number;
  /** How far the login is: `scanned` when only the confirmation on the phone is missing. */
  readonly status?: string;
}

/** Something a bot told or was told. */
export interface ActivityEntry {
  /** Counts up. */
  readonly seq: number;
  /** In ms since 1970. */
  readonly timestamp: number;
  readonly kind: 'event' | 'command';
  readonly name: string;
  readonly summary: string;
  /** The ids of the nodes that asked for the command or passed on the event; `node` is the first of them. */
  readonly node?: string;
  readonly nodes?: readonly string[];
  /** Of a command, whether it did what it was asked. */
  readonly ok?: boolean;
  readonly error?: string;
  readonly body: unknown;
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

/**
 * Asks the runtime for JSON.
 * @param url relative to the admin root
 * @param body sent as JSON
 * @param signal ends it when its answer is not wanted any more; the promise is rejected then
 * @throws RequestError
 */
export function request<Answer>(
  method: 'GET' | 'POST',
  url: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = $.ajax({
      method,
      url,
      dataType: 'json',
      ...(body === undefined ? {} : { data: JSON.stringify(body), contentType: 'application/json' }),
      success: (answer: Answer) => {
        resolve(answer);
      },
      error: ({ status, statusText, responseJSON }) => {
        const told = (responseJSON as { error?: unknown } | undefined)?.error;
        reject(new RequestError(status, typeof told === 'string' ? told : statusText));
      },
    });
    signal?.addEventListener('abort', () => {
      sent.abort();
    });
  });
}

/**
 * Opens what jQuery cannot read, a stream or a file.
 * @param path relative to the admin root
 * @throws RequestError
 */
export async function openBody(path: string, signal?: AbortSignal): Promise<Response> {
  const token = RED.settings.get<{ access_token?: string } | null>('auth-tokens', null)?.access_token;
  const response = await fetch(path, {
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    cache: 'no-store',
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw new RequestError(response.status, response.statusText);
  return response;
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

/** The last events and commands of a bot, or those after a cursor. @throws RequestError */
export function fetchActivity(
  id: string,
  after?: string,
): Promise<{ entries: ActivityEntry[]; cursor: string }> {
  const rest = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
  return request('GET', `wechat/bots/${encodeURIComponent(id)}/activity${rest}`);
}

/** A contact, as pick lists show it. */
export interface ContactEntry {
  readonly id: string;
  readonly name: string;
  readonly alias: string;
  /** A URL relative to the editor, where the runtime has a picture at hand. */
  readonly avatar?: string;
}

/** A room, as pick lists show it. */
export interface RoomEntry {
  readonly id: string;
  readonly topic: string;
  readonly memberCount: number;
}

/** A member of a room, as pick lists show it. */
export interface MemberEntry extends ContactEntry {
  readonly roomAlias?: string;
}

/** The beginning of a list; `cursor` is null when that was all. */
export interface Page<Entry> {
  readonly items: readonly Entry[];
  readonly cursor: string | null;
  /** The runtime has not read all entries yet; there may be more in a moment. */
  readonly loading?: true;
}

/** What to look for in a bot's lists. */
export interface ListQuery {
  /** A part of a name, alias or id; empty for all. */
  readonly query: string;
  readonly limit: number;
  readonly signal?: AbortSignal;
}

function list<Entry>(id: string, what: string, { query, limit, signal }: ListQuery): Promise<Page<Entry>> {
  const search = new URLSearchParams({ query, limit: String(limit) }).toString();
  return request('GET', `wechat/bots/${encodeURIComponent(id)}/${what}?${search}`, undefined, signal);
}

/** The contacts of a bot, best matches first. @throws RequestError 404 not deployed, 409 not logged in */
export function fetchContacts(bot: string, query: ListQuery): Promise<Page<ContactEntry>> {
  return list(bot, 'contacts', query);
}

/** The rooms of a bot, best matches first. @throws RequestError 404 not deployed, 409 not logged in */
export function fetchRooms(bot: string, query: ListQuery): Promise<Page<RoomEntry>> {
  return list(bot, 'rooms', query);
}

/** The members of a room. @throws RequestError 404 not deployed or no such room, 409 not logged in */
export function fetchMembers(bot: string, room: string, query: ListQuery): Promise<Page<MemberEntry>> {
  return list(bot, `rooms/${encodeURIComponent(room)}/members`, query);
}

/** A puppet people are likely to choose. */
export interface PuppetSummary {
  /** `simulator`, or the name of its package. */
  readonly name: string;
  readonly installed: boolean;
  readonly version?: string;
  readonly summary: Words;
  readonly needs: Words;
  /** The command that installs it in Node-RED's user directory. */
  readonly install: string;
  readonly options: Schema;
}

/** The puppets people are likely to choose. @throws RequestError */
export function fetchPuppets(): Promise<PuppetSummary[]> {
  return request('GET', 'wechat/puppets');
}

/** One of the last messages, and whether a filter lets it through. */
export interface TriedMessage {
  readonly id: string;
  readonly type: string;
  readonly text: string;
  /** In ms since 1970. */
  readonly timestamp: number;
  readonly self: boolean;
  readonly from: { readonly id: string; readonly name: string; readonly alias: string } | null;
  readonly room: { readonly id: string; readonly topic: string } | null;
  readonly matches: boolean;
}

/** Tries the filters of an on-event node on the last messages of a bot. @throws RequestError 404 not deployed */
export function tryFilter(bot: string, filter: object): Promise<{ messages: TriedMessage[] }> {
  return request('POST', `wechat/bots/${encodeURIComponent(bot)}/preview`, filter);
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
