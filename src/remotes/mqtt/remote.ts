/**
 * MQTT remote: publishes a bot's events, executes commands and publishes the responses. The outbox and the idempotency
 * store are durable, so that neither depends on the connection.
 */
import { rm } from 'node:fs/promises';
import type { Bot } from '../../bot/bot';
import { errorMessage, WechatError } from '../../bot/errors';
import { StartStopGuard } from '../../util/start-stop';
import { settleWithin } from '../../util/timeout';
import { CommandDispatcher } from '../dispatch/command-dispatcher';
import type { Remote, RemoteHost } from '../remote';
import { IdempotencyStore } from '../storage/idempotency-store';
import type { KeyValueStore } from '../storage/key-value-store';
import { ManagedStore } from '../storage/managed-store';
import { Outbox } from '../storage/outbox';
import { cbcCipher, type Cipher, gcmCipher, noCipher } from './codec/cipher';
import { encodeEvent, encodeProperties } from './codec/codec';
import { createTopics, type Topics } from './codec/topics';
import { CommandProcessor } from './command-processor';
import { claimLocally, type LocalClaim } from './connection/local-claims';
import { type ConnectionTimeouts, MqttConnection } from './connection/mqtt-connection';
import { OutboxPublisher } from './connection/outbox-publisher';
import { PropertiesPublisher } from './connection/properties-publisher';
import { SessionState } from './connection/session-state';
import { InboundPipeline } from './inbound-pipeline';
import { orderingKeysOf } from './ordering-keys';
import { OutboundEvents } from './outbound-events';
import { ProblemReporter } from './problem-reporter';
import type { MqttRemoteSettings, MqttRemoteStatus } from './settings';

/** Size of the outbox when it is in memory only, in bytes. */
const memoryOutboxBytes = 16 * 1024 * 1024;

/** How often the time of the last connection is stored, in ms. */
const lastSeenIntervalMs = 10_000;

/** How long `stop` waits for running commands, the outbox and the offline status, in ms. */
const stopTimeouts = { commands: 3_000, drain: 1_000, offline: 500 };

/** The parts that exist while the store is open. */
interface Components {
  readonly store: KeyValueStore;
  readonly outbox: Outbox;
  readonly idempotencyStore: IdempotencyStore;
  readonly processor: CommandProcessor;
  readonly pipeline: InboundPipeline;
  readonly session: SessionState;
  readonly connection: MqttConnection;
  readonly properties: PropertiesPublisher;
}

/** Connects a bot to an MQTT broker from `start` to `stop`. */
export class MqttRemote implements Remote<MqttRemoteStatus> {
  readonly topics: Topics;
  readonly #bot: Bot;
  readonly #settings: MqttRemoteSettings;
  readonly #host: RemoteHost;
  readonly #timeouts: Partial<ConnectionTimeouts>;
  readonly #cipher: Cipher;
  readonly #dispatcher: CommandDispatcher;
  readonly #guard = new StartStopGuard<[removed: boolean]>(
    () => this.#start(),
    (removed) => this.#stop(removed),
  );
  #unsubscribe: () => void = () => undefined;
  readonly #managedStore: ManagedStore;
  #events: OutboundEvents | undefined;
  #opening: Promise<Components> | undefined;
  #components: Components | undefined;
  #claim: LocalClaim | undefined;
  #since = Date.now();
  #reason = '';
  readonly #problems: ProblemReporter;
  #lastSeenTimer: NodeJS.Timeout | undefined;

  /** @throws WechatError INVALID_PARAMS when the settings cannot work. */
  constructor(
    bot: Bot,
    settings: MqttRemoteSettings,
    host: RemoteHost,
    timeouts: Partial<ConnectionTimeouts> = {},
  ) {
    this.#bot = bot;
    this.#settings = settings;
    this.#host = host;
    this.#timeouts = timeouts;
    this.#problems = new ProblemReporter(host);
    this.#managedStore = new ManagedStore(settings.directory, host, this.#guard.signal);
    const { clientId, secretKey, sealed } = settings;
    this.topics = createTopics(clientId, settings.topics);
    if (sealed && !secretKey) throw new WechatError('INVALID_PARAMS', 'sealNeedsKey');
    if (sealed) this.#cipher = gcmCipher(secretKey, clientId);
    else this.#cipher = secretKey ? cbcCipher(secretKey) : noCipher;
    this.#dispatcher = new CommandDispatcher(bot, settings, host);
  }

  get status(): MqttRemoteStatus {
    const { outbox, connection, pipeline } = this.#components ?? {};
    return {
      isConnected: connection?.isConnected ?? false,
      since: this.#since,
      reason: this.#reason,
      problem: this.#problems.current,
      pending: outbox?.pending ?? this.#events?.early.count ?? 0,
      dropped: outbox?.dropped ?? this.#events?.early.dropped ?? 0,
      rejected: pipeline?.rejected ?? 0,
      store: this.#managedStore.status,
    };
  }

  /**
   * Starts; resolves when the stored state is loaded and the first connection attempt has begun. While the store cannot
   * be opened, that is tried again until `stop`.
   * @throws WechatError INVALID_PARAMS (invalid broker URL), the problem of the store when stopped meanwhile.
   */
  start(): Promise<void> {
    return this.#guard.start();
  }

  /**
   * Stops within 8 s: waits a limited time for running commands and queued messages. Idempotent.
   * @param removed whether the node was deleted: then the broker's session and all stored data are deleted as well.
   */
  stop(removed = false): Promise<void> {
    return this.#guard.stop(removed);
  }

  /**
   * Publishes a custom event.
   * @throws WechatError INVALID_PARAMS when it has no name or cannot be encoded as JSON, Error when it cannot be stored.
   */
  async publish(name: unknown, params: unknown): Promise<void> {
    if (typeof name !== 'string' || name === '') throw new WechatError('INVALID_PARAMS', 'eventNameMissing');
    let body: string;
    try {
      body = encodeEvent(name, params, Date.now());
    } catch (error) {
      throw new WechatError('INVALID_PARAMS', 'eventNotJson', { error: errorMessage(error) });
    }
    const { problem } = this.#managedStore.status;
    if (problem && !this.#components) throw problem;
    const components = this.#guard.signal.aborted ? undefined : await this.#opening;
    if (!components) throw new WechatError('FAILED', 'remoteStopped');
    await components.outbox.append('events', [{ body }]);
  }

  async #start(): Promise<void> {
    const events = (this.#events = new OutboundEvents(this.#bot, this.#settings));
    const unsubscribe = this.#bot.on('state', () => {
      void this.#publishProperties(true);
    });
    this.#unsubscribe = () => {
      events.close();
      unsubscribe();
    };
    this.#opening = this.#open();
    let components: Components;
    try {
      components = await this.#opening;
    } catch (error) {
      this.#unsubscribe();
      throw error;
    }
    this.#components = components;
    events.open(components.outbox);
    if (this.#guard.signal.aborted) return;
    await components.processor.resume();
    this.#connect(components.connection);
    this.#lastSeenTimer = setInterval(() => {
      if (components.connection.isConnected) components.session.touch();
    }, lastSeenIntervalMs).unref();
  }

  async #stop(removed: boolean): Promise<void> {
    this.#unsubscribe();
    clearInterval(this.#lastSeenTimer);
    if (!this.#components) return;
    const { store, outbox, idempotencyStore, session, connection } = this.#components;
    await settleWithin(this.#dispatcher.whenIdle(), stopTimeouts.commands);
    if (connection.isConnected) {
      await outbox.drained(stopTimeouts.drain);
      await settleWithin(this.#publishProperties(false), stopTimeouts.offline);
      session.touch();
    }
    await connection.stop(removed);
    this.#claim?.release();
    this.#components = undefined;
    idempotencyStore.close();
    await store.close();
    if (removed) await rm(this.#settings.directory, { recursive: true, force: true });
  }

  /** Connects as soon as no other remote of this Node-RED has the request topic. */
  #connect(connection: MqttConnection): void {
    const { url, nodeName } = this.#settings;
    const { nodeId = '' } = this.#host;
    const topic = this.topics.request;
    this.#claim = claimLocally(url, topic, nodeName ? `${nodeName} (${nodeId})` : nodeId, () => {
      this.#problems.set(undefined);
      connection.start();
    });
    const { deniedBy: holder } = this.#claim;
    if (holder !== undefined)
      this.#problems.set(new WechatError('REFUSED', 'requestTopicTaken', { topic, holder }));
  }

  async #open(): Promise<Components> {
    const store = await this.#managedStore.open();
    try {
      return await this.#createComponents(store);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  async #createComponents(store: KeyValueStore): Promise<Components> {
    const { maxCommandAge, outboxMaxBytes } = this.#settings;
    const outbox = new Outbox({
      store,
      maxBytes: outboxMaxBytes || memoryOutboxBytes,
      durable: outboxMaxBytes > 0,
      onDropped: () => {
        void this.#publishProperties(true);
        this.#host.onStatusChange();
      },
    });
    await outbox.open();
    const idempotencyStore = new IdempotencyStore(store);
    const processor = new CommandProcessor({
      dispatcher: this.#dispatcher,
      idempotencyStore,
      outbox,
      responseTopic: (reqId) => this.topics.response(reqId),
      orderingKeys: (command, params) => orderingKeysOf(this.#bot, command, params),
      maxAgeMs: maxCommandAge > 0 ? maxCommandAge * 1000 : Infinity,
    });
    const pipeline = new InboundPipeline(
      processor,
      this.#cipher,
      this.topics,
      () => {
        this.#host.onStatusChange();
      },
      (sentence) => {
        this.#problems.warnOnce(`${this.topics.request}: ${sentence}`);
      },
    );
    const session = new SessionState(store);
    const connected = this.#createConnection(store, session, outbox, pipeline);
    store.onRecovered = () => {
      connected.connection.redeliver();
      outbox.onReady();
    };
    return { store, outbox, idempotencyStore, processor, pipeline, session, ...connected };
  }

  #createConnection(
    store: KeyValueStore,
    session: SessionState,
    outbox: Outbox,
    pipeline: InboundPipeline,
  ): Pick<Components, 'connection' | 'properties'> {
    const connection = new MqttConnection(
      {
        ...this.#settings,
        nodeId: this.#host.nodeId ?? '',
        sessionId: session.clientId,
        requestTopic: this.topics.request,
        will: () => ({
          topic: this.topics.property,
          payload: this.#cipher.encrypt(this.#encodeProperties(false)),
        }),
      },
      {
        onConnected: (missing) => {
          for (const sentence of missing) this.#problems.warnOnce(sentence);
          pipeline.onReconnect(session.awayMs);
          session.touch();
          this.#since = Date.now();
          this.#reason = '';
          this.#problems.set(undefined);
          // The outbox follows: if the broker hangs up then, it was not because of the properties.
          void properties.publish(true);
        },
        onDisconnected: ({ reason: cause, problem, refused }) => {
          const reason = this.#bot.redact(cause);
          if (this.#reason === '') this.#since = Date.now();
          this.#reason = reason;
          outbox.requeueUnacknowledged();
          if (refused) for (const one of [properties, publisher]) one.setAside(refused, reason);
          this.#problems.set(problem);
        },
        onPublish: async (publish) => {
          if (store.failure) throw store.failure;
          await pipeline.handle(publish);
        },
      },
      this.#timeouts,
    );
    const warn = (message: string): void => {
      this.#host.log('warn', message);
    };
    const publisher = new OutboxPublisher({
      outbox,
      connection,
      encrypt: (body) => this.#cipher.encrypt(body),
      eventTopic: this.topics.event,
      warn,
    });
    const properties = new PropertiesPublisher({
      connection,
      topic: this.topics.property,
      encode: (online) => this.#cipher.encrypt(this.#encodeProperties(online)),
      onAcknowledged: () => {
        publisher.flush();
      },
      warn,
    });
    return { connection, properties };
  }

  #encodeProperties(online: boolean): string {
    const { name, user } = this.#bot.state;
    const dropped = this.#components?.outbox.dropped ?? 0;
    return encodeProperties({
      online,
      state: online ? name : 'offline',
      user: user ?? null,
      version: this.#settings.version,
      ...(dropped > 0 ? { lost: dropped } : {}),
    });
  }

  #publishProperties(online: boolean): Promise<void> {
    return this.#components?.properties.publish(online) ?? Promise.resolve();
  }
}
