/**
 * The requests and responses of the admin API (docs/admin-api.md), used by the routes of the runtime and by the client
 * in the editor. Must not import anything, so that both sides can read it.
 */

/** A text in both languages. */
export interface LocalizedText {
  readonly 'en-US': string;
  readonly 'zh-CN': string;
}

/** The part of JSON Schema that forms read. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly 'x-description-zh'?: string;
  /** What a parameter refers to or contains, see `ParameterKind` of the commands. */
  readonly 'x-kind'?: string;
  /** The parameter of which this one is an alias. */
  readonly 'x-alias-of'?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly additionalProperties?: boolean | JsonSchema;
}

/** The body of every response with an error status. */
export interface ErrorResponse {
  /** The reason, in Node-RED's language. */
  readonly error: string;
}

/** An entry of the event table. */
export interface EventSummary {
  readonly name: string;
  readonly summary: LocalizedText;
  /** The event's own fields. */
  readonly schema: JsonSchema;
}

/** An entry of the command table. */
export interface CommandSummary {
  readonly name: string;
  readonly summary: LocalizedText;
  readonly params: JsonSchema;
  /** Whether the command has no side effects. */
  readonly readOnly: boolean;
}

/** A puppet of the catalogue. */
export interface PuppetSummary {
  /** `simulator`, or the name of the package. */
  readonly name: string;
  readonly installed: boolean;
  /** The installed version. */
  readonly version?: string;
  readonly summary: LocalizedText;
  /** The requirements of the puppet. */
  readonly needs: LocalizedText;
  /** The command that installs it in Node-RED's user directory; empty if it is built in. */
  readonly install: string;
  readonly options: JsonSchema;
}

/** A deployed bot. */
export interface BotSummary {
  readonly id: string;
  readonly name: string;
  readonly puppet: string;
  readonly state: string;
  /** The reason for the state, in Node-RED's language. */
  readonly reason: string;
  /** When the state was entered, in ms since 1970. */
  readonly since: number;
  /** The logged-in account; `avatar` is a path relative to the admin root. */
  readonly user: { readonly id: string; readonly name: string; readonly avatar?: string } | null;
  /** Messages in the send queue. */
  readonly waiting: number;
  /** Messages received since Node-RED was started. */
  readonly received: number;
  /** Messages sent since Node-RED was started. */
  readonly sent: number;
}

/**
 * The progress of a login; `scanned` if only the confirmation on the phone is missing, `digits` if the phone shows
 * digits that must be typed here, `digits-wrong` if others were typed.
 */
export type LoginStatus =
  'waiting' | 'scanned' | 'digits' | 'digits-wrong' | 'expired' | 'logged-out' | 'done';

/** A bot with its pending login QR code, if there is one. */
export interface BotLogin extends BotSummary {
  /** The content of the QR code. */
  readonly url?: string;
  /** When the QR code expires, in ms since 1970, if the puppet reports it. */
  readonly expiresAt?: number;
  readonly status?: LoginStatus;
}

/** A person who has joined a bot, and what may be sent to that person. */
export interface PersonSummary {
  readonly id: string;
  /** The name given to the person here; empty: none. */
  readonly alias: string;
  /** Messages that may still be sent until the person writes again, of how many. */
  readonly left: number;
  readonly of: number;
  /** When that ends, in ms since 1970; 0: it has ended. */
  readonly until: number;
  /** Messages held for the person. */
  readonly held: number;
}

/** A QR code with which one more person joins a bot. */
export interface InvitationSummary {
  readonly id: string;
  /** The content of the QR code. */
  readonly url: string;
  /** In ms since 1970. */
  readonly expiresAt: number;
}

/** The actions that control a bot; each responds with a `BotSummary`. */
export type BotAction = 'start' | 'stop' | 'login' | 'logout';

/** An event or a command in the activity log. */
export interface ActivityEntry {
  /** Sequence number; increases across restarts as well. */
  readonly seq: number;
  /** In ms since 1970; of a command: when it completed. */
  readonly timestamp: number;
  readonly kind: 'event' | 'command';
  /** The name of the event or command. */
  readonly name: string;
  /** One line about it. */
  readonly summary: string;
  /** The id of the (first) node that received the event, or of the node that ran the command. */
  readonly node?: string;
  /** The ids of all nodes that received the event, if there are several. */
  readonly nodes?: readonly string[];
  /** Of a command: whether it succeeded. */
  readonly ok?: boolean;
  /** Of a failed command: the error, in Node-RED's language. */
  readonly error?: string;
  /** The event, or `{params, result}`; truncated to 8 KB, with login codes, tokens and sessions removed. */
  readonly body: unknown;
}

/** Entries of an activity log, oldest first. */
export interface ActivityPage {
  readonly entries: readonly ActivityEntry[];
  /** The value of `after` for the next request. */
  readonly cursor: string;
}

/** A recent message in the preview of a filter. */
export interface PreviewMessage {
  readonly id: string;
  readonly type: string;
  /** Truncated to 500 characters. */
  readonly text: string;
  /** In ms since 1970. */
  readonly timestamp: number;
  /** Whether the bot's account sent it. */
  readonly self: boolean;
  readonly from: { readonly id: string; readonly name: string; readonly alias: string } | null;
  readonly room: { readonly id: string; readonly topic: string } | null;
  /** Whether the filter passes it. */
  readonly matches: boolean;
}

/** A contact of a bot. */
export interface ContactEntry {
  readonly id: string;
  readonly name: string;
  readonly alias: string;
  /** A path relative to the admin root, if the contact has an avatar. */
  readonly avatar?: string;
  /** Not of members. */
  readonly friend?: boolean;
}

/** A room of a bot. */
export interface RoomEntry {
  readonly id: string;
  readonly topic: string;
  readonly memberCount: number;
}

/** A member of a room. */
export interface MemberEntry extends ContactEntry {
  readonly roomAlias?: string;
}

/** A page of contacts, rooms or members, best matches first. */
export interface DirectoryPage<Entry> {
  readonly items: readonly Entry[];
  /** The value of `cursor` for the next page; null if there is none. */
  readonly cursor: string | null;
  /** The directory is still being loaded: a later request may return more. */
  readonly loading?: true;
}

/** A contact of a simulation. */
export interface SimulatorContact {
  readonly id: string;
  readonly name: string;
  /** The alias set by the bot; empty if there is none. */
  readonly alias: string;
  readonly friend: boolean;
}

/** A room of a simulation. */
export interface SimulatorRoom {
  readonly id: string;
  readonly topic: string;
  readonly memberIds: readonly string[];
  readonly ownerId: string;
  /** Whether the bot's account is a member. */
  readonly hasBot: boolean;
}

/** A message of a simulation. */
export interface SimulatorMessage {
  readonly id: string;
  /** The id of the sender. */
  readonly from: string;
  /** The id of the room; null for a direct message. */
  readonly room: string | null;
  /** The id of the recipient of a direct message; null in a room. */
  readonly to: string | null;
  /** The id of the room, or of the contact in a direct conversation with the bot. */
  readonly conversation: string;
  /** Wechaty's name of the message type: `Text`, `Image` … */
  readonly type: string;
  /** The text; of other types the title or file name. */
  readonly text: string;
  /** In ms since 1970. */
  readonly timestamp: number;
  /** Whether the bot's account sent it. */
  readonly self: boolean;
  readonly mentions?: readonly string[];
  /** `mime` only if the file is an image that is safe to display. */
  readonly file?: { readonly name: string; readonly size: number; readonly mime?: string };
  readonly url?: string;
  /** Whether it has been recalled. */
  readonly recalled?: true;
  /** Of a recall notice: the id of the recalled message. */
  readonly recalls?: string;
}

/** The last message of a conversation. */
export type LastMessage = Pick<SimulatorMessage, 'from' | 'type' | 'text' | 'timestamp'>;

/** A conversation with a friend or in a room, or one that has messages. */
export interface SimulatorConversation {
  /** The id of the contact or room. */
  readonly id: string;
  readonly kind: 'contact' | 'room';
  readonly name: string;
  /** Number of messages. */
  readonly count: number;
  readonly last?: LastMessage;
}

/** Injected faults; `slow` is a delay in ms. */
export interface SimulatorFaults {
  readonly offline: boolean;
  readonly slow: number;
  readonly sendsFail: boolean;
}

/** The state of a simulation. */
export interface SimulatorView {
  /** The bot's account; null if the bot was never started. */
  readonly self: { readonly id: string; readonly name: string } | null;
  readonly contacts: readonly SimulatorContact[];
  readonly rooms: readonly SimulatorRoom[];
  /** Most recent first. */
  readonly conversations: readonly SimulatorConversation[];
  /** Whether a QR code is shown, and whether it was scanned and only the confirmation is missing. */
  readonly login: { readonly waiting: boolean; readonly scanned: boolean };
  readonly faults: SimulatorFaults;
}

/** Messages of a simulation, oldest first. */
export interface SimulatorMessagePage {
  readonly messages: readonly SimulatorMessage[];
  /** The value of `after` for the next request; null if there are no messages. */
  readonly cursor: string | null;
}

/** The actions on a simulation: the last segment of the path, and the body of the request. */
export interface SimulatorActions {
  /** To `room`, or directly to `to` (default: the bot's account); contacts and rooms by id or name. */
  say: {
    readonly from: string;
    readonly room?: string;
    readonly to?: string;
    readonly text?: string;
    readonly file?: { readonly name: string; readonly base64: string };
    /** `all` mentions all members. */
    readonly mentions?: readonly string[];
  };
  /**
   * Scans `code` (default: the current QR code) and confirms the login, or also a previous scan. `confirm: false` does
   * not confirm; `expire` lets the current code expire instead.
   */
  scan: { readonly code?: string; readonly confirm?: boolean; readonly expire?: boolean };
  /** Logs the account out on the phone. */
  'phone-logout': object;
  'friend-request': { readonly from: string; readonly text?: string };
  join: { readonly room: string; readonly contact: string; readonly inviter?: string };
  leave: { readonly room: string; readonly contact: string };
  recall: { readonly message: string };
  faults: Partial<SimulatorFaults>;
}

/** The events of the stream `wechat/live`, by name. */
export interface StreamEvents {
  /** The first event; `run` changes when Node-RED is restarted. */
  hello: { readonly run: string };
  /** All bots, after a change of any. */
  bots: readonly BotSummary[];
  activity: { readonly bot: string; readonly entry: ActivityEntry };
  /** A message of a simulation. */
  message: { readonly bot: string; readonly message: SimulatorMessage };
}
