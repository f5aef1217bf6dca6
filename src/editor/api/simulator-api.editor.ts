/** What a simulated WeChat looks like from the editor. */

/** Somebody in the simulated WeChat. */
export interface WorldContact {
  readonly id: string;
  readonly name: string;
  /** What the bot calls them. */
  readonly alias?: string | null;
  readonly friend: boolean;
}

/** A room, the bot in it or not. */
export interface WorldRoom {
  readonly id: string;
  readonly topic: string;
  readonly memberIds: readonly string[];
  readonly hasBot: boolean;
}

/** What was said last in a conversation. */
export type LastSaid = Pick<WorldMessage, 'from' | 'type' | 'text' | 'timestamp'>;

/** A conversation in which something was said. */
export interface ConversationSummary {
  readonly id: string;
  readonly kind: 'contact' | 'room';
  readonly name: string;
  readonly last?: LastSaid;
  readonly count: number;
}

/** What goes wrong on purpose; `slow` in ms. */
export interface WorldFaults {
  readonly offline: boolean;
  readonly slow: number;
  readonly sendsFail: boolean;
}

/** The whole world as the messenger shows it. */
export interface WorldView {
  readonly self: { readonly id: string; readonly name: string };
  readonly contacts: readonly WorldContact[];
  readonly rooms: readonly WorldRoom[];
  readonly conversations: readonly ConversationSummary[];
  /** Whether a QR code waits for the phone, and whether that has scanned it and must still confirm. */
  readonly login: { readonly waiting: boolean; readonly scanned: boolean };
  readonly faults: WorldFaults;
}

/** Something that was said. */
export interface WorldMessage {
  readonly id: string;
  /** The contact's or room's id. */
  readonly conversation: string;
  readonly from: string;
  readonly type: string;
  /** Of a text what it says, of anything else its title or file name. */
  readonly text: string;
  readonly timestamp: number;
  readonly file?: { readonly name: string; readonly size: number; readonly mime?: string };
  /** Whether it was taken back since. */
  readonly recalled?: boolean;
  /** Of the notice that a message was taken back: that message's id. */
  readonly recalls?: string;
  /** Said by the bot. */
  readonly self: boolean;
}

/** Which messages of a conversation; without `after` and `before` the latest, in any case oldest first. */
export interface MessageRange {
  readonly after?: string;
  readonly before?: string;
  readonly limit: number;
}

/** Something that happens in the world, with what its route needs to know. */
export interface Happenings {
  say: {
    readonly from: string;
    readonly room?: string;
    readonly text?: string;
    readonly file?: { readonly name: string; readonly base64: string };
    readonly mentions?: readonly string[];
  };
  /**
   * `code` is what the phone saw, if not the code that is shown; `expire` makes that one run out. Without
   * `confirm: false` the phone confirms as well, a code scanned before too.
   */
  scan: { readonly code?: string; readonly confirm?: false; readonly expire?: true };
  'phone-logout': object;
  'friend-request': { readonly from: string; readonly text?: string };
  join: { readonly room: string; readonly contact: string };
  leave: { readonly room: string; readonly contact: string };
  recall: { readonly message: string };
  faults: Partial<WorldFaults>;
}

/** Lets something happen in the world of the bot in sight. @throws why it cannot */
export type LetHappen = <Name extends keyof Happenings>(name: Name, what: Happenings[Name]) => Promise<void>;
