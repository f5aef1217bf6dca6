/**
 * One connection to a broker that comes back by itself. It owns sockets and nothing else: what is published again
 * after a break is for its owner to know.
 */
import { connect, type IClientOptions, type IClientPublishOptions, type MqttClient } from 'mqtt';
import { errorMessage, WechatError } from '../../../bot/errors';
import { Acknowledgements } from './puback-batcher';

/** The versions of MQTT: 5, 3.1.1, or 5 where the broker can. */
export type ProtocolVersion = 'auto' | '5' | '4';

/** How a broker is reached. */
export interface ConnectionSettings {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Certificates and keys, as Node.js takes them. */
  readonly tls?: Readonly<Record<string, unknown>>;
  /** Names our session with the broker, and nothing else. */
  readonly sessionId: string;
  readonly protocolVersion: ProtocolVersion;
  readonly qos: 0 | 1 | 2;
  /** The topic that is subscribed to. */
  readonly request: string;
  /** What the broker is to publish, retained, when we are gone. */
  readonly will: () => { readonly topic: string; readonly payload: string };
}

/** Something that came. */
export interface Delivery {
  readonly payload: Buffer;
  readonly isRedelivery: boolean;
  readonly responseTopic?: string;
  readonly correlation?: Buffer;
  /** For how many more seconds it is of use. */
  readonly expiresIn?: number;
}

/** Who is told what happens. */
export interface ConnectionListener {
  connected(): void;
  /** There is no connection; another will be tried. Not called once `stop` was. */
  lost(reason: string): void;
  /** Something came. It counts as delivered, and may not come again, when the promise is fulfilled. */
  received(delivery: Delivery): Promise<void>;
}

/** What goes with something published. */
export interface PublishOptions {
  readonly retain?: boolean;
  readonly correlation?: Buffer;
}

/** How long things may take, in ms. */
export interface ConnectionTimes {
  readonly connect: number;
  readonly firstRetry: number;
  readonly lastRetry: number;
  readonly stop: number;
}

const usualTimes: ConnectionTimes = { connect: 10_000, firstRetry: 500, lastRetry: 15_000, stop: 2_000 };

/** How long a broker keeps our session, and the commands in it, while we are away, in seconds. */
export const sessionLifetime = 7 * 24 * 60 * 60;

/** A connection that lasted this long was a good one, in ms. */
const goodAfter = 5_000;

/** Letters on their way at once. */
const usualWindow = 1000;

/** What MQTT adds to a body and a topic at most, in bytes: headers, properties, correlation data. */
const packetOverhead = 1024;

/** What MQTT 5 says of a body. */
const jsonText = { contentType: 'application/json', payloadFormatIndicator: true } as const;

function unheard(): void {
  // See the option `log`.
}

/** The reason code of a broker that does not bear as many at once as we like to send. */
const receiveMaximumExceeded = 147;

/** The return codes of brokers that do not know our version of MQTT. */
const versionRefused = [1, 132];

/** Errors of the network, which say nothing of the broker. */
const unreachable = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/;

/** Publishes, subscribes, and comes back. */
export class Connection {
  readonly #settings: ConnectionSettings;
  readonly #listener: ConnectionListener;
  readonly #times: ConnectionTimes;
  readonly #acknowledgements = new Acknowledgements();
  #client: MqttClient | undefined;
  #isConnected = false;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  #version: 4 | 5;
  /** Whether the broker said that it does not know MQTT 5. */
  #isOld = false;
  #maximumPacket = Infinity;
  #receiveMaximum = usualWindow;
  #window = usualWindow;
  #inFlight = 0;
  #stopped = false;

  /** @throws WechatError INVALID_PARAMS when the address is none of a broker. */
  constructor(
    settings: ConnectionSettings,
    listener: ConnectionListener,
    times: Partial<ConnectionTimes> = {},
  ) {
    checkUrl(settings.url);
    this.#settings = settings;
    this.#listener = listener;
    this.#times = { ...usualTimes, ...times };
    this.#version = settings.protocolVersion === '4' ? 4 : 5;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** How many more letters may be on their way. */
  get room(): number {
    return this.#isConnected ? this.#window - this.#inFlight : 0;
  }

  /** Connects, from now on. */
  start(): void {
    if (this.#stopped || this.#client) return;
    const client = connect(this.#settings.url, this.#options());
    this.#client = client;
    let problem = '';
    let since = 0;
    let answered = false;
    let refusal: number | undefined;
    client.handleMessage = (packet, done) => {
      // After a stop the broker is to keep what we have not looked at.
      if (this.#stopped || this.#client !== client) return;
      const { properties = {}, payload } = packet;
      this.#listener
        .received({
          payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
          isRedelivery: packet.dup,
          ...(properties.responseTopic === undefined ? {} : { responseTopic: properties.responseTopic }),
          ...(properties.correlationData === undefined ? {} : { correlation: properties.correlationData }),
          ...(properties.messageExpiryInterval === undefined
            ? {}
            : { expiresIn: properties.messageExpiryInterval }),
        })
        .then(
          () => {
            this.#acknowledgements.add(done);
          },
          (error: unknown) => {
            // Not acknowledged: the broker delivers it again on the next connection.
            problem = errorMessage(error);
            client.stream.destroy();
          },
        );
    };
    client.on('connect', (packet) => {
      answered = true;
      since = Date.now();
      // Each small packet is to leave at once: waiting for more costs 40 ms where the broker delays its acknowledgement.
      (client.stream as { setNoDelay?: (on: boolean) => void }).setNoDelay?.(true);
      this.#maximumPacket = packet.properties?.maximumPacketSize ?? Infinity;
      this.#receiveMaximum = packet.properties?.receiveMaximum ?? usualWindow;
      this.#inFlight = 0;
      client.subscribe(this.#settings.request, { qos: this.#settings.qos }, (error) => {
        if (this.#client !== client || this.#stopped) return;
        if (error) {
          problem = `${this.#settings.request}: ${errorMessage(error)}`;
          client.stream.destroy();
          return;
        }
        this.#isConnected = true;
        this.#listener.connected();
      });
    });
    client.on('disconnect', ({ reasonCode }) => {
      problem = `the broker ended the connection (${reasonCode ?? 0})`;
      if (reasonCode === receiveMaximumExceeded) this.#window = Math.max(1, this.#receiveMaximum);
    });
    client.on('error', (error) => {
      // A system error of several addresses tried has an empty message.
      const { code } = error as { code?: unknown };
      problem = error.message || (typeof code === 'string' ? code : 'unknown');
      if (!answered && typeof code === 'number') refusal = code;
    });
    client.on('close', () => {
      if (this.#client !== client) return;
      this.#client = undefined;
      this.#isConnected = false;
      if (this.#stopped) return;
      if (since > 0 && Date.now() - since > goodAfter) this.#failures = 0;
      this.#chooseVersion(answered, refusal, problem);
      this.#retryLater();
      this.#listener.lost(problem || 'the connection was closed');
    });
  }

  /**
   * Publishes something.
   * @param done told when the broker has it, or with an error when it never will; not told when the connection breaks.
   */
  publish(topic: string, body: string, options: PublishOptions, done: (error?: Error) => void): void {
    const client = this.#client;
    if (!client || !this.#isConnected) return;
    if (Buffer.byteLength(body) + topic.length + packetOverhead > this.#maximumPacket) {
      done(new WechatError('REFUSED', 'answerTooLarge'));
      return;
    }
    this.#inFlight += 1;
    this.#acknowledgements.joinWrite();
    client.publish(topic, body, this.#packet(options), (error) => {
      if (this.#client !== client || !this.#isConnected) return;
      this.#inFlight -= 1;
      if (!error) done();
      else if (typeof (error as { code?: unknown }).code === 'number') done(error);
    });
  }

  /**
   * Ends the connection, in bounded time. Idempotent.
   * @param forget whether the broker is to forget our session too.
   */
  async stop(forget: boolean): Promise<void> {
    this.#stopped = true;
    this.#isConnected = false;
    clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = undefined;
    if (!client) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        client.stream.destroy();
        resolve();
      }, this.#times.stop);
      const ended = (): void => {
        clearTimeout(timer);
        resolve();
      };
      client.on('close', ended);
      // Letters on their way are written down: nothing is lost by not waiting for them.
      const properties = forget && this.#version === 5 ? { properties: { sessionExpiryInterval: 0 } } : {};
      if (client.connected) client.end(false, { reasonCode: 0, ...properties });
      else client.end(true);
      if (client.stream.destroyed) ended();
    });
  }

  #packet({ retain = false, correlation }: PublishOptions): IClientPublishOptions {
    const { qos } = this.#settings;
    if (this.#version === 4) return { qos, retain };
    // One object for all events instead of one for each: thousands are on their way at once.
    const properties = correlation ? { ...jsonText, correlationData: correlation } : jsonText;
    return { qos, retain, properties };
  }

  #options(): IClientOptions {
    const { username, password, tls, sessionId, qos, will } = this.#settings;
    const { topic, payload } = will();
    return {
      ...tls,
      ...(username ? { username } : {}),
      ...(password ? { password } : {}),
      clientId: sessionId,
      clean: false,
      protocolVersion: this.#version,
      ...(this.#version === 5 ? { properties: { sessionExpiryInterval: sessionLifetime } } : {}),
      will: { topic, payload: Buffer.from(payload), qos, retain: true },
      keepalive: 30,
      connectTimeout: this.#times.connect,
      // We come back ourselves: with patience that grows, and perhaps with another version.
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      // Else each step of each packet is put into words, for nobody to read.
      ...(process.env.DEBUG ? {} : { log: unheard }),
    };
  }

  /** A broker that does not know MQTT 5 says so, or just hangs up; as does one that is being stopped. */
  #chooseVersion(answered: boolean, refusal: number | undefined, problem: string): void {
    if (this.#settings.protocolVersion !== 'auto' || this.#isOld) return;
    if (refusal !== undefined) this.#isOld = versionRefused.includes(refusal);
    const hungUp = !answered && refusal === undefined && !unreachable.test(problem);
    this.#version = this.#isOld || (hungUp && this.#version === 5) ? 4 : 5;
  }

  #retryLater(): void {
    const { firstRetry, lastRetry } = this.#times;
    const longest = Math.min(lastRetry, firstRetry * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 16);
    this.#retry = setTimeout(
      () => {
        this.start();
      },
      longest * (0.5 + Math.random() / 2),
    );
  }
}

const schemes = ['mqtt:', 'mqtts:', 'ws:', 'wss:'];

function checkUrl(url: string): void {
  if (URL.canParse(url) && schemes.includes(new URL(url).protocol)) return;
  throw new WechatError('INVALID_PARAMS', 'badBroker', { url: url.replace(/\/\/[^/]*@/, '//***@') });
}
