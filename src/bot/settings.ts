/** What a bot is constructed with, and its QR code. */
import type { CommandAuditEntry } from './command-audit';
import type { BotEvent, EventReaders } from './events';
import type { RateLimits } from './sending/send-queue';
import type { LifecycleTimings } from './session/lifecycle';
import type { PuppetClass } from './session/puppet-loader';
import type { PuppetSessionTimeouts } from './session/puppet-session';
import type { BotState } from './state';

/** The configuration of a bot. */
export interface BotSettings {
  /** Unique; names the session's folder. */
  readonly id: string;
  readonly name: string;
  /** The name of a built-in puppet or of an installed package. */
  readonly puppet: string;
  /** The puppet's options: a JSON object as text; empty for none. */
  readonly options: string;
  readonly token?: string;
  /** Why the bot cannot be started: the settings are wrong, and starting fails with this error. */
  readonly problem?: Error;
  readonly rateLimits: RateLimits;
  /** Node-RED's user directory: sessions are stored there, puppets are resolved from there first. */
  readonly userDir: string;
}

/** The dependencies of a bot. */
export interface BotDependencies {
  /** The reader of each event; the table in `src/events`. */
  readonly events: EventReaders;
  /** Built-in puppets by name. */
  readonly puppets: Readonly<Record<string, (botId: string) => PuppetClass>>;
  /** Writes an English sentence to the operator's log. */
  readonly log: (level: 'info' | 'warn' | 'error', sentence: string) => void;
  /** Shorter ones speed up tests. */
  readonly timings?: Partial<LifecycleTimings>;
  readonly timeouts?: Partial<PuppetSessionTimeouts>;
}

/** A QR code to log in with. For the editor's login panel and remotes only, never for a msg or a log. */
export interface QrCode {
  readonly url: string;
  /** In ms since 1970. */
  readonly since: number;
  /** When the login attempt times out, in ms since 1970; undefined once a phone has scanned the code. */
  readonly expiresAt?: number | undefined;
}

/** What a bot emits. */
export interface BotEvents {
  state: [BotState];
  /** One object for all listeners: copy before changing it. */
  event: [BotEvent];
  /** The id of the contact or room to which something was sent. */
  sent: [string];
  /** A command was executed, or failed. */
  command: [CommandAuditEntry];
}
