/**
 * Client of the admin API. Paths are relative, because Node-RED may be mounted under any root; requests go through
 * jQuery, because Node-RED adds its access token there.
 */

import type { Schema } from '../forms/schema';

/** A text in both languages. */
export interface LocalizedText {
  readonly 'en-US': string;
  readonly 'zh-CN': string;
}

/** One entry of the event table. */
export interface EventSummary {
  readonly name: string;
  readonly summary: LocalizedText;
  /** The event's own fields. */
  readonly schema: Schema;
}

/** One entry of the command table. */
export interface CommandSummary {
  readonly name: string;
  readonly summary: LocalizedText;
  readonly params: Schema;
  readonly readOnly: boolean;
}

/** A deployed bot. */
export interface BotSummary {
  readonly id: string;
  readonly name: string;
  readonly puppet: string;
  readonly state: string;
  /** The reason for that state, in the language of the runtime. */
  readonly reason: string;
  /** When it entered that state, in ms since 1970. */
  readonly since: number;
  /** The logged-in account; `avatar` is a path under the admin root. */
  readonly user: { readonly id: string; readonly name: string; readonly avatar?: string } | null;
  /** Messages in the send queue. */
  readonly waiting: number;
  /** Messages received and sent since the bot was deployed. */
  readonly received: number;
  readonly sent: number;
}

/** A bot with its pending login QR code, if there is one. */
export interface BotLogin extends BotSummary {
  readonly url?: string;
  /** When the code expires, in ms since 1970, where the puppet reports it. */
  readonly expiresAt?: number;
  /** Progress of the login: `scanned` when only the confirmation on the phone is missing. */
  readonly status?: string;
}

/** An event of a bot, or a command it executed. */
export interface ActivityEntry {
  /** Increases with every entry. */
  readonly seq: number;
  /** In ms since 1970. */
  readonly timestamp: number;
  readonly kind: 'event' | 'command';
  readonly name: string;
  readonly summary: string;
  /** The ids of the nodes that ran the command or forwarded the event; `node` is the first of them. */
  readonly node?: string;
  readonly nodes?: readonly string[];
  /** Of a command, whether it succeeded. */
  readonly ok?: boolean;
  readonly error?: string;
  readonly body: unknown;
}

/** The actions that control a bot. */
export type BotAction = 'start' | 'stop' | 'login' | 'logout';

/** A failed request to the admin API. */
export class RequestError extends Error {
  /** The HTTP status, 0 when Node-RED could not be reached. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Requests JSON from the admin API.
 * @param url relative to the admin root
 * @param body sent as JSON
 * @param signal aborts the request; the promise is rejected then
 * @throws RequestError
 */
export function request<Body>(
  method: 'GET' | 'POST',
  url: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Body> {
  return new Promise((resolve, reject) => {
    const xhr = $.ajax({
      method,
      url,
      dataType: 'json',
      ...(body === undefined ? {} : { data: JSON.stringify(body), contentType: 'application/json' }),
      success: resolve,
      error: ({ status, statusText, responseJSON }) => {
        const message = (responseJSON as { error?: unknown } | undefined)?.error;
        reject(new RequestError(status, typeof message === 'string' ? message : statusText));
      },
    });
    signal?.addEventListener('abort', () => {
      xhr.abort();
    });
  });
}

/**
 * Fetches a stream or a file, which jQuery cannot read, with Node-RED's access token.
 * @param path relative to the admin root
 * @throws RequestError
 */
export async function authorizedFetch(path: string, signal?: AbortSignal): Promise<Response> {
  const token = RED.settings.get<{ access_token?: string } | null>('auth-tokens', null)?.access_token;
  const response = await fetch(path, {
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    cache: 'no-store',
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw new RequestError(response.status, response.statusText);
  return response;
}

/** The event table. @throws RequestError */
export function fetchEvents(): Promise<EventSummary[]> {
  return request('GET', 'wechat/events');
}

/** The command table. @throws RequestError */
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
  const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
  return request('GET', `wechat/bots/${encodeURIComponent(id)}/activity${query}`);
}

/** A contact in a pick list. */
export interface ContactEntry {
  readonly id: string;
  readonly name: string;
  readonly alias: string;
  /** A URL relative to the editor, where the runtime has an avatar. */
  readonly avatar?: string;
}

/** A room in a pick list. */
export interface RoomEntry {
  readonly id: string;
  readonly topic: string;
  readonly memberCount: number;
}

/** A member of a room in a pick list. */
export interface MemberEntry extends ContactEntry {
  readonly roomAlias?: string;
}

/** The first page of a list; `cursor` is null when it is complete. */
export interface Page<Entry> {
  readonly items: readonly Entry[];
  readonly cursor: string | null;
  /** The runtime is still reading the list; a later request may return more. */
  readonly loading?: true;
}

/** A search in a bot's contacts, rooms or members. */
export interface ListQuery {
  /** Part of a name, alias or id; empty for all. */
  readonly query: string;
  readonly limit: number;
  readonly signal?: AbortSignal;
}

function fetchPage<Entry>(
  id: string,
  resource: string,
  { query, limit, signal }: ListQuery,
): Promise<Page<Entry>> {
  const search = new URLSearchParams({ query, limit: String(limit) }).toString();
  return request('GET', `wechat/bots/${encodeURIComponent(id)}/${resource}?${search}`, undefined, signal);
}

/** The contacts of a bot, best matches first. @throws RequestError 404 not deployed, 409 not logged in */
export function fetchContacts(bot: string, query: ListQuery): Promise<Page<ContactEntry>> {
  return fetchPage(bot, 'contacts', query);
}

/** The rooms of a bot, best matches first. @throws RequestError 404 not deployed, 409 not logged in */
export function fetchRooms(bot: string, query: ListQuery): Promise<Page<RoomEntry>> {
  return fetchPage(bot, 'rooms', query);
}

/** The members of a room. @throws RequestError 404 not deployed or no such room, 409 not logged in */
export function fetchMembers(bot: string, room: string, query: ListQuery): Promise<Page<MemberEntry>> {
  return fetchPage(bot, `rooms/${encodeURIComponent(room)}/members`, query);
}

/** A puppet of the catalogue. */
export interface PuppetSummary {
  /** `simulator`, or the name of its package. */
  readonly name: string;
  readonly installed: boolean;
  readonly version?: string;
  readonly summary: LocalizedText;
  readonly needs: LocalizedText;
  /** The command that installs it in Node-RED's user directory. */
  readonly install: string;
  readonly options: Schema;
}

/** The catalogue of puppets. @throws RequestError */
export function fetchPuppets(): Promise<PuppetSummary[]> {
  return request('GET', 'wechat/puppets');
}

/** A recent message, and whether a filter matches it. */
export interface PreviewMessage {
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

/** Applies the filters of an on-event node to the recent messages of a bot. @throws RequestError 404 not deployed */
export function fetchPreview(bot: string, filter: object): Promise<{ messages: PreviewMessage[] }> {
  return request('POST', `wechat/bots/${encodeURIComponent(bot)}/preview`, filter);
}

/** Starts, stops, logs in or logs out a bot; needs the permission `wechat.write`. @throws RequestError */
export function runBotAction(id: string, action: BotAction): Promise<BotSummary> {
  return request('POST', `wechat/bots/${encodeURIComponent(id)}/${action}`);
}

/** Whether the editor's user may control bots and see QR codes. */
export function canControlBots(): boolean {
  return RED.user.hasPermission('wechat.write');
}

function isChinese(): boolean {
  return RED.i18n.lang().toLowerCase().startsWith('zh');
}

/** The text in the editor's language. */
export function localize(text: LocalizedText): string {
  return isChinese() ? text['zh-CN'] : text['en-US'];
}

/** The description of a schema in the editor's language; empty when it has none. */
export function descriptionOf(schema: Schema): string {
  const { description = '', 'x-description-zh': chinese = description } = schema;
  return isChinese() ? chinese : description;
}
