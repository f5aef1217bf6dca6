/** Settings of a PadChat remote. */
import type { FilePolicy } from '../../commands/command';
import type { AllowDenyRules } from '../dispatch/command-policy';
import type { ProtocolVersion } from './field-case';

/** Settings of one remote. */
export interface PadchatRemoteSettings {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Versions that are served. */
  readonly protocolVersions: readonly ProtocolVersion[];
  /** Valid API keys; an empty list disables authentication and restricts the remote to loopback. */
  readonly authKeys: readonly string[];
  readonly permissions: AllowDenyRules;
  readonly files: FilePolicy;
}

/** Timeouts and limits; tests use shorter ones. */
export interface PadchatLimits {
  /** Until a client must have authenticated (the PadChat document, 连接授权: 10 s). */
  readonly authTimeoutMs: number;
  /** Concurrent clients of each transport. */
  readonly maxClients: number;
  /** Unsent data of one client. */
  readonly maxBufferedBytes: number;
  readonly pingIntervalMs: number;
  /** Size of one frame. */
  readonly maxPayloadBytes: number;
  /** Concurrent requests of one client of version B; more are rejected. */
  readonly maxConcurrentRequests: number;
}

export const defaultLimits: PadchatLimits = {
  authTimeoutMs: 10_000,
  maxClients: 2_000,
  maxBufferedBytes: 4 * 1024 * 1024,
  pingIntervalMs: 20_000,
  maxPayloadBytes: 8 * 1024 * 1024,
  maxConcurrentRequests: 256,
};
