/** A program on the other side of the broker, speaking with mqtt.js. */
import { randomUUID } from 'node:crypto';
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { Inbox } from '../support/async-queue';

/** Something that came. */
export interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly packet: IPublishPacket;
}

/** An answer or an event. */
export interface Told {
  readonly reqId: string;
  readonly name: string;
  readonly code?: number;
  readonly message?: string;
  readonly params?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
  readonly [field: string]: unknown;
}

const connected = new Set<MqttClient>();

/** One connection and everything that came by it. */
export class Peer {
  readonly heard = new Inbox<Heard>('MQTT message');

  private constructor(
    readonly client: MqttClient,
    private readonly clientId: string,
  ) {
    connected.add(client);
    client.on('message', (topic, payload, packet) => {
      this.heard.add({ topic, text: payload.toString(), packet });
    });
  }

  /**
   * Connects and listens to everything a bot says.
   * @param clientId of the remote; `+` for all.
   */
  static async connect(
    url: string,
    clientId: string,
    { topics, ...options }: IClientOptions & { topics?: readonly string[] } = {},
  ): Promise<Peer> {
    const client = connect(url, { protocolVersion: 5, reconnectPeriod: 100, ...options });
    // What a kept session brings comes at once.
    const peer = new Peer(client, clientId);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => {
        client.off('error', reject);
        resolve();
      });
      client.once('error', reject);
    }).catch((error: unknown) => {
      client.end(true);
      throw error;
    });
    const usual = ['event/post', 'response/d2c/+', 'property/post'].map((end) => peer.topic(end));
    await client.subscribeAsync([...(topics ?? usual)], { qos: 1 });
    return peer;
  }

  /** One of the bot's topics. */
  topic(end: string): string {
    return `thing/chatbot/${this.clientId}/${end}`;
  }

  /** Publishes a command and returns its reqId. */
  async ask(
    name: string,
    params: unknown = {},
    options: Parameters<MqttClient['publishAsync']>[2] = {},
  ): Promise<string> {
    const reqId = randomUUID();
    const command = { reqId, method: 'command', version: '1.0', timestamp: Date.now(), name, params };
    await this.publish(JSON.stringify(command), options);
    return reqId;
  }

  /** Publishes to the bot's topic of commands. */
  async publish(payload: string, options: Parameters<MqttClient['publishAsync']>[2] = {}): Promise<void> {
    await this.client.publishAsync(this.topic('command/invoke'), payload, { qos: 1, ...options });
  }

  /** Waits for the next answer to a request. */
  async answerTo(reqId: string, fits: (answer: Told) => boolean = () => true): Promise<Told> {
    const topic = this.topic(`response/d2c/${reqId}`);
    const heard = await this.heard.next((one) => one.topic === topic && fits(JSON.parse(one.text) as Told));
    return JSON.parse(heard.text) as Told;
  }

  /** Calls a command and waits for its answer. */
  async call(name: string, params: unknown = {}): Promise<Told> {
    return this.answerTo(await this.ask(name, params));
  }

  /** Waits for the next event that fits. */
  async event(name: string, fits: (event: Told) => boolean = () => true): Promise<Told> {
    const topic = this.topic('event/post');
    const heard = await this.heard.next((one) => {
      if (one.topic !== topic) return false;
      const event = JSON.parse(one.text) as Told;
      return event.name === name && fits(event);
    });
    return JSON.parse(heard.text) as Told;
  }

  async end(): Promise<void> {
    connected.delete(this.client);
    await this.client.endAsync(true);
  }
}

// A test that failed did not come to its end; its connection must not keep the run from ending.
after('end every connection', () => {
  for (const client of connected) client.end(true);
});

/** The text of a message event in its full or its simple form. */
export function textOf({ params }: Told): string {
  const { text, payload } = params as { text?: string; payload?: { text: string } };
  return text ?? payload?.text ?? '';
}
