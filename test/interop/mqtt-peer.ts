/** An MQTT client of a remote, built with mqtt.js. */
import { randomUUID } from 'node:crypto';
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { AsyncQueue } from '../support/async-queue';

/** A received message. */
export interface Received {
  readonly topic: string;
  readonly text: string;
  readonly packet: IPublishPacket;
}

/** A decoded response or event. */
export interface WireMessage {
  readonly reqId: string;
  readonly name: string;
  readonly code?: number;
  readonly message?: string;
  readonly params?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
  readonly [field: string]: unknown;
}

const openClients = new Set<MqttClient>();

/** A connected client and all messages it has received. */
export class MqttTestClient {
  readonly received = new AsyncQueue<Received>('MQTT message');

  private constructor(
    readonly client: MqttClient,
    private readonly clientId: string,
  ) {
    openClients.add(client);
    client.on('message', (topic, payload, packet) => {
      this.received.add({ topic, text: payload.toString(), packet });
    });
  }

  /**
   * Connects and subscribes to all topics of a remote.
   * @param clientId of the remote; `+` for all.
   */
  static async connect(
    url: string,
    clientId: string,
    { topics, ...options }: IClientOptions & { topics?: readonly string[] } = {},
  ): Promise<MqttTestClient> {
    const mqtt = connect(url, { protocolVersion: 5, reconnectPeriod: 100, ...options });
    // Created before the connection is up: messages of a resumed session arrive at once.
    const client = new MqttTestClient(mqtt, clientId);
    await new Promise<void>((resolve, reject) => {
      mqtt.once('connect', () => {
        mqtt.off('error', reject);
        resolve();
      });
      mqtt.once('error', reject);
    }).catch((error: unknown) => {
      mqtt.end(true);
      throw error;
    });
    const defaultTopics = ['event/post', 'response/d2c/+', 'property/post'].map((path) => client.topic(path));
    await mqtt.subscribeAsync([...(topics ?? defaultTopics)], { qos: 1 });
    return client;
  }

  /** One of the bot's topics. */
  topic(path: string): string {
    return `thing/chatbot/${this.clientId}/${path}`;
  }

  /** Publishes a command and returns its reqId. */
  async sendCommand(
    name: string,
    params: unknown = {},
    options: Parameters<MqttClient['publishAsync']>[2] = {},
  ): Promise<string> {
    const reqId = randomUUID();
    const command = { reqId, method: 'command', version: '1.0', timestamp: Date.now(), name, params };
    await this.publish(JSON.stringify(command), options);
    return reqId;
  }

  /** Publishes any payload to the request topic. */
  async publish(payload: string, options: Parameters<MqttClient['publishAsync']>[2] = {}): Promise<void> {
    await this.client.publishAsync(this.topic('command/invoke'), payload, { qos: 1, ...options });
  }

  /** Waits for the next response to a request. */
  async responseTo(
    reqId: string,
    matches: (response: WireMessage) => boolean = () => true,
  ): Promise<WireMessage> {
    const topic = this.topic(`response/d2c/${reqId}`);
    const received = await this.received.next(
      (message) => message.topic === topic && matches(JSON.parse(message.text) as WireMessage),
    );
    return JSON.parse(received.text) as WireMessage;
  }

  /** Sends a command and waits for its response. */
  async call(name: string, params: unknown = {}): Promise<WireMessage> {
    return this.responseTo(await this.sendCommand(name, params));
  }

  /** Waits for the next event that matches. */
  async event(name: string, matches: (event: WireMessage) => boolean = () => true): Promise<WireMessage> {
    const topic = this.topic('event/post');
    const received = await this.received.next((message) => {
      if (message.topic !== topic) return false;
      const event = JSON.parse(message.text) as WireMessage;
      return event.name === name && matches(event);
    });
    return JSON.parse(received.text) as WireMessage;
  }

  async end(): Promise<void> {
    openClients.delete(this.client);
    await this.client.endAsync(true);
  }
}

// A failed test does not close its connection, which would keep the process running.
after('close all MQTT connections', () => {
  for (const client of openClients) client.end(true);
});

/** The text of a message event, full or simple. */
export function textOf({ params }: WireMessage): string {
  const { text, payload } = params as { text?: string; payload?: { text: string } };
  return text ?? payload?.text ?? '';
}
