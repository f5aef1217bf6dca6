/** The saved properties of the `wechat-mqtt-remote` node. */
import type { EventName } from '../../events/table';
import { declareProperties, type SavedOf } from '../shared/declaration';
import { boolean, choice, label, list, number, text } from '../shared/property-types';
import { commandPolicyTypes, filePolicyTypes } from '../shared/remote-policy';

/** The registered type. */
export const type = 'wechat-mqtt-remote';

/** A new node has a local broker, all events, all commands, no local files. */
export const declaration = declareProperties({
  name: label(),
  /** The id of the `wechat-bot` node. */
  bot: text(),
  /** Broker URL: `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  url: text('mqtt://127.0.0.1:1883'),
  /** Identifies the bot in topics; empty: the bot node's id. */
  clientId: text(),
  /** MQTT 5, 3.1.1 (`4`), or 5 if the broker supports it. */
  protocolVersion: choice('auto', ['auto', '5', '4']),
  qos: choice('1', ['0', '1', '2']),
  /** The id of a `tls-config` node; empty: the default certificates. */
  tls: text(),
  /** The events to publish; an empty list: all. */
  events: list<EventName>(),
  /** Whether messages contain only the ids of contacts and rooms. */
  simple: boolean(false),
  /** Whether to encrypt with AES-256-GCM (authenticated) instead of AES-256-CBC. */
  sealed: boolean(false),
  ...commandPolicyTypes,
  ...filePolicyTypes,
  /** Maximum age of a command, in s; older ones are not executed. 0: no limit. */
  maxCommandAge: number('3600'),
  /** Topic templates with `{clientId}` and `{reqId}`; empty: the defaults. */
  eventTopic: text(),
  serviceRequestTopic: text(),
  serviceResponseTopic: text(),
  propertyTopic: text(),
  /** Maximum size of the outbox on disk, in MB; 0: nothing is stored on disk. */
  outboxMaxMb: number('100'),
});

/** The saved properties of an mqtt-remote node. */
export type MqttRemoteProperties = SavedOf<typeof declaration>;

/** The properties of a new node. */
export const { defaults } = declaration;

/** Credentials; stored separately from the flow. Passwords are never sent to the browser. */
export interface MqttRemoteCredentials {
  username?: string;
  password?: string;
  secretKey?: string;
}
