/** The saved properties of the `wechat-mqtt-remote` node. */
import type { EventName } from '../../bot/events';
import type { SavedNumber } from '../bot/properties';
import { policyDefaults, type PolicyProperties } from '../shared/remote-policy';

/** The registered type. */
export const type = 'wechat-mqtt-remote';

/** What a flow keeps of an mqtt-remote node. */
export interface MqttRemoteProperties extends PolicyProperties {
  name: string;
  /** The id of the `wechat-bot` node. */
  bot: string;
  /** The broker: `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  url: string;
  /** Names the bot in topics; empty for the bot node's id. */
  clientId: string;
  /** MQTT 5, 3.1.1 (`4`), or 5 where the broker can. */
  protocolVersion: 'auto' | '5' | '4';
  qos: SavedNumber;
  /** The id of a `tls-config` node; empty for the usual certificates. */
  tls: string;
  /** The events to publish; none chosen means all. */
  events: EventName[];
  /** Whether messages name people and rooms by their ids only. */
  simple: boolean;
  /** Whether the secret key is used to seal (AES-256-GCM) and not only to hide (AES-256-CBC). */
  sealed: boolean;
  /** The age in s at which a command is not executed any more; 0 for never. */
  maxCommandAge: SavedNumber;
  /** Topics that differ from the usual ones, with `{clientId}` and `{reqId}`; empty for the usual. */
  eventTopic: string;
  serviceRequestTopic: string;
  serviceResponseTopic: string;
  propertyTopic: string;
  /** How much may wait for the broker on disk, in MB; 0 to keep nothing on disk. */
  outboxMaxMb: SavedNumber;
}

/** What is kept apart from the flow and never reaches the browser. */
export interface MqttRemoteCredentials {
  username?: string;
  password?: string;
  secretKey?: string;
}

/** A new remote shows everything to a broker on this machine, and lets it do everything but read files. */
export const defaults: MqttRemoteProperties = {
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
