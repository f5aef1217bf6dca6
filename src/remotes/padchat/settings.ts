/** What a PadChat remote is told. */
import type { FilePolicy } from '../../commands/command';
import type { PermitRules } from '../dispatch/command-policy';
import type { Generation } from './field-case';

/** What a remote needs to know. */
export interface PadchatRemoteSettings {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Those that are served. */
  readonly generations: readonly Generation[];
  /** Any of them lets a client in; without one, any key does, and only loopback may be listened on. */
  readonly authKeys: readonly string[];
  readonly permits: PermitRules;
  readonly files: FilePolicy;
}

/** Times and limits; shorter ones make tests quick. Times are in ms. */
export interface PadchatLimits {
  /** For a client to show a valid key (the PadChat document, 连接授权: 10 s). */
  readonly authTimeout: number;
  /** Clients at once, of all generations. */
  readonly clients: number;
  /** What may wait for a client to read it, in bytes. */
  readonly maxBuffered: number;
  readonly pingEvery: number;
  /** Of one frame, in bytes. */
  readonly maxPayload: number;
  /** Requests of one client of generation B that are worked on at once; more are refused. */
  readonly atOnce: number;
}

export const usualLimits: PadchatLimits = {
  authTimeout: 10_000,
  clients: 2_000,
  maxBuffered: 4 * 1024 * 1024,
  pingEvery: 20_000,
  maxPayload: 8 * 1024 * 1024,
  atOnce: 256,
};
