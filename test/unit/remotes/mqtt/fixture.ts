/** A real bot on the simulator, a real broker in this process, and a program that speaks to the one through the other. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { connectAsync, type IPublishPacket, type MqttClient } from 'mqtt';
import { MqttRemote } from '../../../../src/remotes/mqtt/remote';
import type { MqttRemoteSettings } from '../../../../src/remotes/mqtt/settings';
import type { Handled } from '../../../../src/remotes/dispatch/audit';
import { SimulatedBot, type SimulatedBotOptions } from '../../../support/simulated-bot';

/** How long a test waits for something that should happen at once, in ms. */
const patience = 8_000;

/** An MQTT broker that can be taken away and given back on the same port. */
export class Broker {
  #aedes: Aedes | undefined;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  get url(): string {
    return `mqtt://127.0.0.1:${this.#port}`;
  }

  /** Who is connected right now. */
  get connections(): number {
    return this.#sockets.size;
  }

  async start(): Promise<void> {
    this.#aedes ??= await Aedes.createBroker();
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

  /** Hangs up on everybody; what it holds for persistent sessions stays. */
  async away(): Promise<void> {
    const closed = this.#server && once(this.#server, 'close');
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async stop(): Promise<void> {
    await this.away();
    const aedes = this.#aedes;
    await new Promise<void>((resolve) => {
      if (aedes) aedes.close(resolve);
      else resolve();
    });
  }
}

/** What is on the wire. */
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

/** Something that was published. */
export interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly envelope: Envelope;
  readonly packet: IPublishPacket;
}

let requests = 0;
let peers = 0;

/** Somebody at the other end. */
export class Peer {
  readonly heard: Heard[] = [];
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
      this.heard.push({ topic, text, envelope: envelope as Envelope, packet });
      for (const listener of this.#listeners) listener();
    });
  }

  static async connect(url: string, clientId: string): Promise<Peer> {
    peers += 1;
    const client = await connectAsync(url, {
      protocolVersion: 4,
      reconnectPeriod: 50,
      clean: false,
      clientId: `peer${peers}`,
    });
    // Else each step of a test waits 40 ms for the network to be economical.
    (client.stream as Socket).setNoDelay(true);
    const peer = new Peer(client, clientId);
    const all = ['event/post', 'property/post', 'response/d2c/+'];
    await client.subscribeAsync(
      all.map((end) => `thing/chatbot/${clientId}/${end}`),
      { qos: 1 },
    );
    return peer;
  }

  /** The first thing heard that fits, now or later. */
  hear(fits: (heard: Heard) => boolean): Promise<Heard> {
    return this.#when(() => this.heard.find(fits));
  }

  /** The first so many that fit. */
  hearAll(count: number, fits: (heard: Heard) => boolean): Promise<Heard[]> {
    return this.#when(() => {
      const found = this.heard.filter(fits);
      return found.length >= count ? found : undefined;
    });
  }

  /** The next event of this name. */
  async event(name: string, fits: (envelope: Envelope) => boolean = () => true): Promise<Envelope> {
    const isWanted = ({ topic, envelope }: Heard): boolean =>
      topic.endsWith('/event/post') && envelope.name === name && fits(envelope);
    return (await this.hear(isWanted)).envelope;
  }

  /** All answers to a request so far. */
  answers(reqId: string): Envelope[] {
    return this.heard.filter(({ topic }) => topic.endsWith(`/d2c/${reqId}`)).map(({ envelope }) => envelope);
  }

  /** The first answer to a request. */
  async answer(reqId: string): Promise<Envelope> {
    return (await this.hear(({ topic }) => topic.endsWith(`/d2c/${reqId}`))).envelope;
  }

  /** Sends anything to where commands go. */
  async send(payload: string | Buffer): Promise<void> {
    await this.client.publishAsync(`thing/chatbot/${this.clientId}/command/invoke`, payload, { qos: 1 });
  }

  /** Sends a command; resolves to its reqId. */
  async command(name: string, params: object = {}, changes: object = {}): Promise<string> {
    requests += 1;
    const reqId = `r${requests}`;
    const envelope = { reqId, method: 'command', version: '1.0', timestamp: Date.now(), name, params };
    await this.send(JSON.stringify({ ...envelope, ...changes }));
    return reqId;
  }

  /** Sends a command; resolves to its first answer. */
  async ask(name: string, params: object = {}, changes: object = {}): Promise<Envelope> {
    return this.answer(await this.command(name, params, changes));
  }

  async end(): Promise<void> {
    await this.client.endAsync(true);
  }

  #when<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(check);
        const last = this.heard.slice(-5).map(({ topic, text }) => `${topic} ${text.slice(0, 200)}`);
        reject(new Error(`not heard within ${patience} ms; last heard:\n${last.join('\n')}`));
      }, patience);
      const check = (): void => {
        const found = look();
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

/** A bot, its remote, a broker and a peer. */
export class Setting {
  readonly handled: Handled[] = [];
  readonly log: string[] = [];
  remote: MqttRemote;
  readonly #onChange = new Set<() => void>();

  private constructor(
    readonly broker: Broker,
    readonly simulated: SimulatedBot,
    readonly peer: Peer,
    readonly directory: string,
    readonly settings: MqttRemoteSettings,
  ) {
    this.remote = this.#make();
  }

  static async start(
    changes: Partial<MqttRemoteSettings> = {},
    options: SimulatedBotOptions = {},
  ): Promise<Setting> {
    const broker = new Broker();
    await broker.start();
    const simulated = await SimulatedBot.start(options);
    const directory = await mkdtemp(join(tmpdir(), 'mqtt-remote-'));
    const settings: MqttRemoteSettings = {
      url: broker.url,
      protocolVersion: '4',
      qos: 1,
      directory: join(directory, 'mqtt'),
      clientId: 'shop',
      events: [],
      simple: false,
      secretKey: '',
      sealed: false,
      permits: { allow: [], deny: [] },
      files: { local: [], privateAddresses: 'refuse', maxBytes: 1024 * 1024 },
      maxCommandAge: 3600,
      outboxMaxBytes: 10 * 1024 * 1024,
      version: '1.2.3',
      ...changes,
    };
    const peer = await Peer.connect(broker.url, settings.clientId);
    const setting = new Setting(broker, simulated, peer, directory, settings);
    await setting.remote.start();
    await setting.connected();
    return setting;
  }

  get world(): SimulatedBot['world'] {
    return this.simulated.world;
  }

  /** Resolves when the remote is connected. */
  async connected(): Promise<void> {
    await this.when(() => this.remote.status.isConnected);
  }

  /** Resolves when something is true of the remote's status. */
  async when(isSo: () => boolean): Promise<void> {
    if (isSo()) return;
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (!isSo()) return;
        this.#onChange.delete(check);
        resolve();
      };
      this.#onChange.add(check);
    });
  }

  /** Stops the remote and starts it anew with the same folder. */
  async restart(changes: Partial<MqttRemoteSettings> = {}): Promise<void> {
    await this.remote.stop();
    this.remote = this.#make(changes);
    await this.remote.start();
  }

  async end(): Promise<void> {
    await this.remote.stop();
    await this.peer.end();
    await this.simulated.end();
    await this.broker.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  #make(changes: Partial<MqttRemoteSettings> = {}): MqttRemote {
    return new MqttRemote(
      this.simulated.bot,
      { ...this.settings, ...changes },
      {
        changed: () => {
          for (const check of this.#onChange) check();
        },
        handled: (handled) => this.handled.push(handled),
        log: (_level, sentence) => this.log.push(sentence),
      },
      { firstRetry: 20, lastRetry: 100 },
    );
  }
}
