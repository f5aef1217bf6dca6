/** Fixture: a real bot on the simulator, a real broker in this process, and an MQTT client. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { connectAsync, type IPublishPacket, type MqttClient } from 'mqtt';
import { MqttRemote } from '../../../../src/remotes/mqtt/remote';
import type { MqttRemoteSettings } from '../../../../src/remotes/mqtt/settings';
import type { AuditRecord } from '../../../../src/remotes/dispatch/audit';
import { SimulatedBot, type SimulatedBotOptions } from '../../../support/simulated-bot';

/** How long a test waits for a message, in ms. */
const waitTimeoutMs = 8_000;

/** An MQTT broker that can be stopped and restarted on the same port. */
export class Broker {
  #aedes: Aedes | undefined;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  /** Called with each payload that is published to this broker. */
  onPublished: (payload: string) => void = () => undefined;

  get url(): string {
    return `mqtt://127.0.0.1:${this.#port}`;
  }

  /** Number of open connections. */
  get connections(): number {
    return this.#sockets.size;
  }

  async start(): Promise<void> {
    this.#aedes ??= await this.#create();
    const { handle } = this.#aedes;
    const server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      handle(socket);
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  async #create(): Promise<Aedes> {
    const aedes = await Aedes.createBroker();
    aedes.on('publish', ({ topic, payload }) => {
      if (!topic.startsWith('$')) this.onPublished(payload.toString());
    });
    return aedes;
  }

  /** Closes all connections and stops listening; persistent sessions stay. */
  async disconnect(): Promise<void> {
    const closed = this.#server && once(this.#server, 'close');
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async stop(): Promise<void> {
    await this.disconnect();
    const aedes = this.#aedes;
    await new Promise<void>((resolve) => {
      if (aedes) aedes.close(resolve);
      else resolve();
    });
  }
}

/** The envelope of any message on the wire. */
export interface Envelope {
  readonly reqId: string;
  readonly method: string;
  readonly version: string;
  readonly timestamp: number;
  readonly name: string;
  readonly code: number;
  readonly message: string;
  readonly params: Record<string, unknown>;
  readonly error?: { readonly code: string; readonly message: string };
  readonly events?: Record<string, unknown>;
  readonly properties?: Record<string, unknown>;
}

/** A received message. */
export interface Received {
  readonly topic: string;
  readonly text: string;
  readonly envelope: Envelope;
  readonly packet: IPublishPacket;
}

let requests = 0;
let clients = 0;

/** A client of the remote, connected to the same broker. */
export class MqttTestClient {
  readonly received: Received[] = [];
  readonly #listeners = new Set<() => void>();

  private constructor(
    readonly client: MqttClient,
    readonly clientId: string,
  ) {
    client.on('message', (topic, payload, packet) => {
      const text = payload.toString();
      let envelope: unknown = {};
      try {
        envelope = JSON.parse(text);
      } catch {
        // Not every test sends JSON.
      }
      this.received.push({ topic, text, envelope: envelope as Envelope, packet });
      for (const listener of this.#listeners) listener();
    });
  }

  static async connect(url: string, clientId: string): Promise<MqttTestClient> {
    clients += 1;
    const mqtt = await connectAsync(url, {
      protocolVersion: 4,
      reconnectPeriod: 50,
      clean: false,
      clientId: `client${clients}`,
    });
    // Nagle's algorithm would cost 40 ms in each step of a test.
    (mqtt.stream as Socket).setNoDelay(true);
    const client = new MqttTestClient(mqtt, clientId);
    const topics = ['event/post', 'property/post', 'response/d2c/+'];
    await mqtt.subscribeAsync(
      topics.map((end) => `thing/chatbot/${clientId}/${end}`),
      { qos: 1 },
    );
    return client;
  }

  /** The first message that matches, received already or later. */
  next(matches: (message: Received) => boolean): Promise<Received> {
    return this.#when(() => this.received.find(matches));
  }

  /** All matching messages, once there are at least `count`. */
  nextAll(count: number, matches: (message: Received) => boolean): Promise<Received[]> {
    return this.#when(() => {
      const found = this.received.filter(matches);
      return found.length >= count ? found : undefined;
    });
  }

  /** The next event of this name. */
  async event(name: string, matches: (envelope: Envelope) => boolean = () => true): Promise<Envelope> {
    const isWanted = ({ topic, envelope }: Received): boolean =>
      topic.endsWith('/event/post') && envelope.name === name && matches(envelope);
    return (await this.next(isWanted)).envelope;
  }

  /** All responses to a request so far. */
  responsesTo(reqId: string): Envelope[] {
    return this.received
      .filter(({ topic }) => topic.endsWith(`/d2c/${reqId}`))
      .map(({ envelope }) => envelope);
  }

  /** The first response to a request. */
  async responseTo(reqId: string): Promise<Envelope> {
    return (await this.next(({ topic }) => topic.endsWith(`/d2c/${reqId}`))).envelope;
  }

  /** Publishes any payload to the request topic. */
  async send(payload: string | Buffer): Promise<void> {
    await this.client.publishAsync(`thing/chatbot/${this.clientId}/command/invoke`, payload, { qos: 1 });
  }

  /** Sends a command; resolves to its reqId. */
  async sendCommand(name: string, params: object = {}, changes: object = {}): Promise<string> {
    requests += 1;
    const reqId = `r${requests}`;
    const envelope = { reqId, method: 'command', version: '1.0', timestamp: Date.now(), name, params };
    await this.send(JSON.stringify({ ...envelope, ...changes }));
    return reqId;
  }

  /** Sends a command; resolves to its first response. */
  async call(name: string, params: object = {}, changes: object = {}): Promise<Envelope> {
    return this.responseTo(await this.sendCommand(name, params, changes));
  }

  async end(): Promise<void> {
    await this.client.endAsync(true);
  }

  #when<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(check);
        const last = this.received.slice(-5).map(({ topic, text }) => `${topic} ${text.slice(0, 200)}`);
        reject(new Error(`no message within ${waitTimeoutMs} ms; last received:\n${last.join('\n')}`));
      }, waitTimeoutMs);
      const check = (): void => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#listeners.delete(check);
        resolve(found);
      };
      this.#listeners.add(check);
      check();
    });
  }
}

/** A bot, its remote, a broker and a client. */
export class MqttFixture {
  readonly audited: AuditRecord[] = [];
  readonly log: string[] = [];
  remote: MqttRemote;
  readonly #onChange = new Set<() => void>();

  private constructor(
    readonly broker: Broker,
    readonly simulated: SimulatedBot,
    readonly client: MqttTestClient,
    readonly directory: string,
    readonly settings: MqttRemoteSettings,
  ) {
    this.remote = this.createRemote();
  }

  static async start(
    changes: Partial<MqttRemoteSettings> = {},
    options: SimulatedBotOptions = {},
  ): Promise<MqttFixture> {
    const broker = new Broker();
    await broker.start();
    const simulated = await SimulatedBot.start(options);
    const directory = await mkdtemp(join(tmpdir(), 'mqtt-remote-'));
    const settings: MqttRemoteSettings = {
      url: broker.url,
      protocolVersion: '4',
      qos: 1,
      nodeName: 'Shop',
      directory: join(directory, 'mqtt'),
      clientId: 'shop',
      events: [],
      simple: false,
      secretKey: '',
      sealed: false,
      permissions: { allow: [], deny: [] },
      files: { local: [], privateAddresses: 'refuse', maxBytes: 1024 * 1024 },
      maxCommandAge: 3600,
      outboxMaxBytes: 10 * 1024 * 1024,
      version: '1.2.3',
      ...changes,
    };
    const client = await MqttTestClient.connect(broker.url, settings.clientId);
    const fixture = new MqttFixture(broker, simulated, client, directory, settings);
    await fixture.remote.start();
    await fixture.whenConnected();
    return fixture;
  }

  get simulation(): SimulatedBot['simulation'] {
    return this.simulated.simulation;
  }

  /** Resolves when the remote is connected. */
  async whenConnected(): Promise<void> {
    await this.when(() => this.remote.status.isConnected);
  }

  /** Resolves when a condition on the remote's status is fulfilled. */
  async when(condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        this.#onChange.delete(check);
        resolve();
      };
      this.#onChange.add(check);
    });
  }

  /** Stops the remote and starts another one with the same folder. */
  async restart(changes: Partial<MqttRemoteSettings> = {}): Promise<void> {
    await this.remote.stop();
    this.remote = this.createRemote(changes);
    await this.remote.start();
  }

  async end(): Promise<void> {
    await this.remote.stop();
    await this.client.end();
    await this.simulated.stop();
    await this.broker.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Creates another remote with the same folder; the caller stops it. */
  createRemote(changes: Partial<MqttRemoteSettings> = {}): MqttRemote {
    return new MqttRemote(
      this.simulated.bot,
      { ...this.settings, ...changes },
      {
        nodeId: 'mqtt-node',
        onStatusChange: () => {
          for (const check of this.#onChange) check();
        },
        onAudit: (record) => this.audited.push(record),
        log: (_level, sentence) => this.log.push(sentence),
      },
      { minRetryDelay: 20, maxRetryDelay: 100, claim: 0 },
    );
  }
}
