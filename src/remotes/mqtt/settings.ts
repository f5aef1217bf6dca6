/** What a remote is told, and what it tells. */
import type { EventName } from '../../bot/events';
import type { FilePolicy } from '../../commands/command';
import type { PermitRules } from '../dispatch/command-policy';
import type { ConnectionSettings } from './connection/mqtt-connection';
import type { TopicTemplates } from './codec/topics';

/** What a remote needs to know. */
export interface MqttRemoteSettings extends Pick<
  ConnectionSettings,
  'url' | 'username' | 'password' | 'tls' | 'protocolVersion' | 'qos'
> {
  /** Where it keeps what must not be forgotten; no other remote may use the same folder. */
  readonly directory: string;
  /** Names the bot in topics. */
  readonly clientId: string;
  readonly topics?: TopicTemplates;
  /** The events to publish; empty for all. */
  readonly events: readonly EventName[];
  /** Whether messages name people and rooms by their ids only. */
  readonly simple: boolean;
  /** Empty for none. */
  readonly secretKey: string;
  /** Whether the key is used to seal, and not just to hide. */
  readonly sealed: boolean;
  readonly permits: PermitRules;
  readonly files: FilePolicy;
  /** The age at which a command is not executed any more, in s; 0 for never. */
  readonly maxCommandAge: number;
  /** How much may wait to be published, in bytes; 0 for no outbox on disk. */
  readonly outboxMaxBytes: number;
  /** Of this program, told in the properties. */
  readonly version: string;
}

/** How a remote is. */
export interface MqttRemoteStatus {
  readonly isConnected: boolean;
  /** Since when, in ms since 1970. */
  readonly since: number;
  /** Why it is not connected; empty at first. */
  readonly reason: string;
  /** Letters that wait to be acknowledged. */
  readonly waiting: number;
  /** Letters that had to be dropped. */
  readonly lost: number;
  /** Payloads that could not be decrypted, were altered or came again. */
  readonly refused: number;
}
