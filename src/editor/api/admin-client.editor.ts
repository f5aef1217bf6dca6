/**
 * Client of the admin API. Paths are relative, because Node-RED may be mounted under any root; requests go through
 * jQuery, because Node-RED adds its access token there.
 */
import type {
  ActivityPage,
  BotAction,
  BotLogin,
  BotSummary,
  CommandSummary,
  ContactEntry,
  DirectoryPage,
  ErrorResponse,
  EventSummary,
  InvitationSummary,
  MemberEntry,
  PersonSummary,
  PreviewMessage,
  PuppetSummary,
  RoomEntry,
} from '../../admin/api-types';

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
        const { error = statusText } = (responseJSON ?? {}) as Partial<ErrorResponse>;
        reject(new RequestError(status, error));
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

/** A file of the admin API, by its path relative to the admin root. @throws RequestError */
export async function fetchFile(path: string): Promise<Blob> {
  return (await authorizedFetch(path)).blob();
}

/** The path of a bot's resource, relative to the admin root. */
export function botPath(id: string, resource: string): string {
  return `wechat/bots/${encodeURIComponent(id)}/${resource}`;
}

/** The event table. @throws RequestError */
export function fetchEvents(): Promise<EventSummary[]> {
  return request('GET', 'wechat/events');
}

/** The command table. @throws RequestError */
export function fetchCommands(): Promise<CommandSummary[]> {
  return request('GET', 'wechat/commands');
}

/** The catalogue of puppets. @throws RequestError */
export function fetchPuppets(): Promise<PuppetSummary[]> {
  return request('GET', 'wechat/puppets');
}

/** All deployed bots. @throws RequestError */
export function fetchBots(): Promise<BotSummary[]> {
  return request('GET', 'wechat/bots');
}

/** One bot with its QR code; needs the permission `wechat.write`. @throws RequestError */
export function fetchLogin(id: string): Promise<BotLogin> {
  return request('GET', botPath(id, 'login'));
}

/** Starts, stops, logs in or logs out a bot; needs the permission `wechat.write`. @throws RequestError */
export function runBotAction(id: string, action: BotAction): Promise<BotSummary> {
  return request('POST', botPath(id, action));
}

/** Gives the digits that the phone shows during a login; needs the permission `wechat.write`. @throws RequestError */
export function sendDigits(id: string, digits: string): Promise<BotSummary> {
  return request('POST', botPath(id, 'digits'), { digits });
}

/** The people who have joined a bot. @throws RequestError 409 if it is not logged in */
export function fetchPeople(id: string): Promise<PersonSummary[]> {
  return request('GET', botPath(id, 'people'));
}

/** Makes a QR code with which one more person joins; needs the permission `wechat.write`. @throws RequestError */
export function createInvitation(id: string): Promise<InvitationSummary> {
  return request('POST', botPath(id, 'invitations'), {});
}

/** Names a person; needs the permission `wechat.write`. @throws RequestError */
export function setPersonAlias(id: string, contact: string, alias: string): Promise<{ id: string }> {
  return request('POST', botPath(id, `people/${encodeURIComponent(contact)}/alias`), { alias });
}

/** The last events and commands of a bot, or those after a cursor. @throws RequestError */
export function fetchActivity(id: string, after?: string): Promise<ActivityPage> {
  const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
  return request('GET', botPath(id, `activity${query}`));
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
): Promise<DirectoryPage<Entry>> {
  const search = new URLSearchParams({ query, limit: String(limit) }).toString();
  return request('GET', botPath(id, `${resource}?${search}`), undefined, signal);
}

/** The contacts of a bot, best matches first. @throws RequestError 404 not deployed, 409 not logged in */
export function fetchContacts(bot: string, query: ListQuery): Promise<DirectoryPage<ContactEntry>> {
  return fetchPage(bot, 'contacts', query);
}

/** The rooms of a bot, best matches first. @throws RequestError 404 not deployed, 409 not logged in */
export function fetchRooms(bot: string, query: ListQuery): Promise<DirectoryPage<RoomEntry>> {
  return fetchPage(bot, 'rooms', query);
}

/** The members of a room. @throws RequestError 404 not deployed or no such room, 409 not logged in */
export function fetchMembers(
  bot: string,
  room: string,
  query: ListQuery,
): Promise<DirectoryPage<MemberEntry>> {
  return fetchPage(bot, `rooms/${encodeURIComponent(room)}/members`, query);
}

/** Applies the filters of an on-event node to the recent messages of a bot. @throws RequestError 404 not deployed */
export function fetchPreview(bot: string, filter: object): Promise<{ messages: PreviewMessage[] }> {
  return request('POST', botPath(bot, 'preview'), filter);
}

/** Whether the editor's user may control bots and see QR codes. */
export function canControlBots(): boolean {
  return RED.user.hasPermission('wechat.write');
}
