/** Settings and status of the MQTT remote. */
import type { EventName } from '../../events/table';
import type { FilePolicy } from '../../commands/command';
import type { WechatError } from '../../bot/errors';
import type { StoreStatus } from '../remote';
import type { AllowDenyRules } from '../dispatch/command-policy';
import type { ConnectionSettings } from './connection/client-options';
import type { TopicTemplates } from './codec/topics';

/** Settings of an MQTT remote. */
export interface MqttRemoteSettings extends Pick<
  ConnectionSettings,
  'url' | 'username' | 'password' | 'tls' | 'protocolVersion' | 'qos'
> {
  /** The name that the user gave the node; may be empty. */
  readonly nodeName: string;
  /** Folder of the store; used by this remote only. */
  readonly directory: string;
  /** Identifies the bot in topics. */
  readonly clientId: string;
  readonly topics?: TopicTemplates;
  /** The events to publish; empty for all. */
  readonly events: readonly EventName[];
  /** Whether message events contain ids instead of contacts and rooms. */
  readonly simple: boolean;
  /** Empty for no encryption. */
  readonly secretKey: string;
  /** Whether to use authenticated encryption: AES-GCM instead of AES-CBC. */
  readonly sealed: boolean;
  readonly permissions: AllowDenyRules;
  readonly files: FilePolicy;
  /** Older commands are rejected, in s; 0 for no limit. */
  readonly maxCommandAge: number;
  /** Maximum size of the outbox in bytes; 0 for an outbox in memory. */
  readonly outboxMaxBytes: number;
  /** Package version, published in the properties. */
  readonly version: string;
}

/** Status of an MQTT remote. */
export interface MqttRemoteStatus {
  readonly isConnected: boolean;
  /** When it was connected or disconnected, in ms since 1970. */
  readonly since: number;
  /** Why it is not connected; empty before the first attempt has failed. */
  readonly reason: string;
  /** Why it is not connected, when users can do something about it. */
  readonly problem: WechatError | undefined;
  /** Number of outgoing messages not acknowledged yet. */
  readonly pending: number;
  /** Number of outgoing messages dropped. */
  readonly dropped: number;
  /** Number of payloads that could not be decrypted, were altered or were replayed. */
  readonly rejected: number;
  readonly store: StoreStatus;
}
