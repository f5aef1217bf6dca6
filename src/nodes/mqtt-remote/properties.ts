/** The saved properties of the `wechat-mqtt-remote` node. */
import type { EventName } from '../../events/table';
import { currentVersion, type Migrations, type Versioned } from '../shared/migrations';
import type { SavedNumber } from '../shared/saved-number';
import { policyDefaults, type PolicyProperties } from '../shared/remote-policy';

/** The registered type. */
export const type = 'wechat-mqtt-remote';

/** The saved properties of an mqtt-remote node. */
export interface MqttRemoteProperties extends PolicyProperties, Versioned {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** Broker URL: `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  url: string;
  /** Identifies the bot in topics; empty: the bot node's id. */
  clientId: string;
  /** MQTT 5, 3.1.1 (`4`), or 5 if the broker supports it. */
  protocolVersion: 'auto' | '5' | '4';
  qos: SavedNumber;
  /** The id of a `tls-config` node; empty: the default certificates. */
  tls: string;
  /** The events to publish; an empty list: all. */
  events: EventName[];
  /** Whether messages contain only the ids of contacts and rooms. */
  simple: boolean;
  /** Whether to encrypt with AES-256-GCM (authenticated) instead of AES-256-CBC. */
  sealed: boolean;
  /** Maximum age of a command, in s; older ones are not executed. 0: no limit. */
  maxCommandAge: SavedNumber;
  /** Topic templates with `{clientId}` and `{reqId}`; empty: the defaults. */
  eventTopic: string;
  serviceRequestTopic: string;
  serviceResponseTopic: string;
  propertyTopic: string;
  /** Maximum size of the outbox on disk, in MB; 0: nothing is stored on disk. */
  outboxMaxMb: SavedNumber;
}

/** Credentials; stored separately from the flow. Passwords are never sent to the browser. */
export interface MqttRemoteCredentials {
  username?: string;
  password?: string;
  secretKey?: string;
}

/** Migrations of the saved properties. */
export const migrations: Migrations = [];

/** The properties of a new node: a local broker, all events, all commands, no local files. */
export const defaults: MqttRemoteProperties = {
  version: currentVersion(migrations),
  name: '',
  bot: '',
  url: 'mqtt://127.0.0.1:1883',
  clientId: '',
  protocolVersion: 'auto',
  qos: '1',
  tls: '',
  events: [],
  simple: false,
  sealed: false,
  ...policyDefaults,
  maxCommandAge: '3600',
  eventTopic: '',
  serviceRequestTopic: '',
  serviceResponseTopic: '',
  propertyTopic: '',
  outboxMaxMb: '100',
};
