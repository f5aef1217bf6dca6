/** Types of the simulator's admin API. */

/** A contact of the simulated WeChat. */
export interface SimulatedContact {
  readonly id: string;
  readonly name: string;
  /** The alias set by the bot. */
  readonly alias?: string | null;
  readonly friend: boolean;
}

/** A room, with or without the bot. */
export interface SimulatedRoom {
  readonly id: string;
  readonly topic: string;
  readonly memberIds: readonly string[];
  readonly hasBot: boolean;
}

/** The last message of a conversation. */
export type LastMessage = Pick<SimulatedMessage, 'from' | 'type' | 'text' | 'timestamp'>;

/** A conversation that has messages. */
export interface ConversationSummary {
  readonly id: string;
  readonly kind: 'contact' | 'room';
  readonly name: string;
  readonly last?: LastMessage;
  readonly count: number;
}

/** Injected faults; `slow` is a delay in ms. */
export interface SimulatedFaults {
  readonly offline: boolean;
  readonly slow: number;
  readonly sendsFail: boolean;
}

/** The state of a simulated WeChat. */
export interface SimulationView {
  readonly self: { readonly id: string; readonly name: string };
  readonly contacts: readonly SimulatedContact[];
  readonly rooms: readonly SimulatedRoom[];
  readonly conversations: readonly ConversationSummary[];
  /** Whether a QR code is shown, and whether it was scanned and only the confirmation is missing. */
  readonly login: { readonly waiting: boolean; readonly scanned: boolean };
  readonly faults: SimulatedFaults;
}

/** A message of the simulated WeChat. */
export interface SimulatedMessage {
  readonly id: string;
  /** The contact's or room's id. */
  readonly conversation: string;
  readonly from: string;
  readonly type: string;
  /** The text of a text message; otherwise the title or file name. */
  readonly text: string;
  readonly timestamp: number;
  readonly file?: { readonly name: string; readonly size: number; readonly mime?: string };
  /** Whether it was recalled. */
  readonly recalled?: boolean;
  /** Of a recall notice: the id of the recalled message. */
  readonly recalls?: string;
  /** Sent by the bot. */
  readonly self: boolean;
}

/** A page of a conversation, oldest first; without `after` and `before` the latest messages. */
export interface MessageRange {
  readonly after?: string;
  readonly before?: string;
  readonly limit: number;
}

/** The actions of the simulator with their parameters, by the last part of the route. */
export interface SimulatorActions {
  say: {
    readonly from: string;
    readonly room?: string;
    readonly text?: string;
    readonly file?: { readonly name: string; readonly base64: string };
    readonly mentions?: readonly string[];
  };
  /**
   * `code` is the scanned code, by default the one that is shown; `expire` lets that one expire. Without
   * `confirm: false` the login is confirmed as well, also that of a code scanned before.
   */
  scan: { readonly code?: string; readonly confirm?: false; readonly expire?: true };
  'phone-logout': object;
  'friend-request': { readonly from: string; readonly text?: string };
  join: { readonly room: string; readonly contact: string };
  leave: { readonly room: string; readonly contact: string };
  recall: { readonly message: string };
  faults: Partial<SimulatedFaults>;
}

/** Performs an action in the simulation of the selected bot. @throws RequestError with the reason */
export type PerformAction = <Name extends keyof SimulatorActions>(
  name: Name,
  params: SimulatorActions[Name],
) => Promise<void>;
