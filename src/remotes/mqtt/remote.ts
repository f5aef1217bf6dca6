/**
 * MQTT remote: publishes a bot's events, executes commands and publishes the responses. The outbox and the idempotency
 * store are durable, so that neither depends on the connection.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Bot } from '../../bot/bot';
import { withTimeout } from '../../util/timeout';
import { errorMessage, WechatError } from '../../bot/errors';
import type { BotEvent } from '../../bot/events';
import { runUntrustedCommand } from '../../commands/run';
import { IdempotencyStore } from '../storage/idempotency-store';
import { Outbox } from '../storage/outbox';
import { createCommandFilter } from '../dispatch/command-policy';
import type { Remote, RemoteHost } from '../remote';
import { KeyValueStore } from '../storage/key-value-store';
import type { RunCommand } from './codec/response-mappers';
import { type Cipher, noCipher, gcmCipher, cbcCipher } from './codec/cipher';
import { MqttConnection, type ConnectionTimeouts } from './connection/mqtt-connection';
import { orderingKeysOf } from './ordering-keys';
import { encodeEvent, encodeProperties } from './codec/codec';
import { mapEvent } from './codec/event-mappers';
import { CommandProcessor } from './command-processor';
import { OutboxPublisher } from './connection/outbox-publisher';
import { InboundPipeline } from './inbound-pipeline';
import { legacyEventsFor } from './codec/legacy-events';
import type { MqttRemoteSettings, MqttRemoteStatus } from './settings';
import { type Topics, createTopics } from './codec/topics';

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
  readonly connection: MqttConnection;
}

/** Connects a bot to an MQTT broker from `start` to `stop`. */
export class MqttRemote implements Remote<MqttRemoteStatus> {
  readonly topics: Topics;
  readonly #bot: Bot;
  readonly #settings: MqttRemoteSettings;
  readonly #host: RemoteHost;
  readonly #timeouts: Partial<ConnectionTimeouts>;
  readonly #cipher: Cipher;
  readonly #unsubscribe: (() => void)[] = [];
  #bufferedEvents: BotEvent[] = [];
  #opening: Promise<Components> | undefined;
  #components: Components | undefined;
  #stopping: Promise<void> | undefined;
  #since = Date.now();
  #reason = '';
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
    const { clientId, secretKey, sealed } = settings;
    this.topics = createTopics(clientId, settings.topics);
    if (sealed && !secretKey) throw new WechatError('INVALID_PARAMS', 'sealNeedsKey');
    if (sealed) this.#cipher = gcmCipher(secretKey, clientId);
    else this.#cipher = secretKey ? cbcCipher(secretKey) : noCipher;
  }

  get status(): MqttRemoteStatus {
    const { outbox, connection, pipeline } = this.#components ?? {};
    return {
      isConnected: connection?.isConnected ?? false,
      since: this.#since,
      reason: this.#reason,
      pending: outbox?.pending ?? 0,
      dropped: outbox?.dropped ?? 0,
      rejected: pipeline?.rejected ?? 0,
    };
  }

  /**
   * Starts; resolves when the stored state is loaded and the first connection attempt has begun.
   * @throws WechatError INVALID_PARAMS (invalid broker URL), Error when the folder cannot be written.
   */
  async start(): Promise<void> {
    if (this.#opening || this.#stopping) return;
    this.#unsubscribe.push(
      this.#bot.on('event', (event) => {
        this.#onEvent(event);
      }),
      this.#bot.on('state', () => {
        void this.#publishProperties(true);
      }),
    );
    this.#opening = this.#open();
    const components = await this.#opening;
    this.#components = components;
    for (const event of this.#bufferedEvents) this.#onEvent(event);
    this.#bufferedEvents = [];
    await components.processor.resume();
    components.connection.start();
    this.#lastSeenTimer = setInterval(() => {
      if (components.connection.isConnected) this.#saveLastSeen(components.store);
    }, lastSeenIntervalMs).unref();
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
    const { outbox } = await (this.#opening ?? Promise.reject(new WechatError('FAILED', 'remoteStopped')));
    await outbox.append('events', [{ body }]);
  }

  /**
   * Stops within 8 s: waits a limited time for running commands and queued messages. Idempotent.
   * @param removed whether the node was deleted: then the broker's session and all stored data are deleted as well.
   */
  stop(removed = false): Promise<void> {
    this.#stopping ??= this.#stop(removed);
    return this.#stopping;
  }

  async #open(): Promise<Components> {
    const { directory, outboxMaxBytes } = this.#settings;
    const store = await KeyValueStore.open(directory, (problem) => {
      this.#host.log('warn', problem);
    });
    let isUnwritable = false;
    const outbox = new Outbox({
      store,
      maxBytes: outboxMaxBytes || memoryOutboxBytes,
      durable: outboxMaxBytes > 0,
      onDropped: () => {
        void this.#publishProperties(true);
        this.#host.onStatusChange();
      },
      onWriteError: (error) => {
        if (isUnwritable || this.#stopping) return;
        isUnwritable = true;
        this.#host.log('error', `${directory} cannot be written: ${errorMessage(error)}`);
      },
    });
    await outbox.open();
    const idempotencyStore = new IdempotencyStore(store);
    const { files } = this.#settings;
    const { nodeId } = this.#host;
    const query: RunCommand = (command, params) => runUntrustedCommand(this.#bot, command, params, { files });
    const run: RunCommand = (command, params) =>
      runUntrustedCommand(this.#bot, command, params, { files, ...(nodeId ? { nodeId: nodeId } : {}) });
    const processor = new CommandProcessor({
      idempotencyStore,
      outbox,
      responseTopic: (reqId) => this.topics.response(reqId),
      isPermitted: createCommandFilter(this.#settings.permissions),
      orderingKeys: (command, params) => orderingKeysOf(this.#bot, command, params),
      run,
      query,
      maxAgeMs: this.#settings.maxCommandAge > 0 ? this.#settings.maxCommandAge * 1000 : Infinity,
      afterCommand: async (command, _params, result) => {
        const bodies = await legacyEventsFor(command, result, query);
        const messages = bodies.map((body) => ({ body }));
        if (messages.length > 0) await outbox.append('events', messages);
      },
      onAudit: (record) => {
        this.#host.onAudit(record);
      },
    });
    const pipeline = new InboundPipeline(processor, this.#cipher, this.topics, () => {
      this.#host.onStatusChange();
    });
    const connection = this.#createConnection(store, outbox, pipeline);
    return { store, outbox, idempotencyStore, processor, pipeline, connection };
  }

  #createConnection(store: KeyValueStore, outbox: Outbox, pipeline: InboundPipeline): MqttConnection {
    const connection = new MqttConnection(
      {
        ...this.#settings,
        sessionId: sessionId(store),
        requestTopic: this.topics.request,
        will: () => ({
          topic: this.topics.property,
          payload: this.#cipher.encrypt(this.#encodeProperties(false)),
        }),
      },
      {
        onConnected: () => {
          const seen = Number(store.get('m!seen') ?? Date.now());
          pipeline.onReconnect(Date.now() - seen);
          this.#saveLastSeen(store);
          this.#since = Date.now();
          this.#reason = '';
          void this.#publishProperties(true);
          publisher.flush();
          this.#host.onStatusChange();
        },
        onDisconnected: (reason) => {
          if (this.#reason === '') this.#since = Date.now();
          this.#reason = this.#bot.redact(reason);
          outbox.requeueUnacknowledged();
          this.#host.onStatusChange();
        },
        onPublish: (publish) => pipeline.handle(publish),
      },
      this.#timeouts,
    );
    const publisher = new OutboxPublisher({
      outbox,
      connection,
      encrypt: (body) => this.#cipher.encrypt(body),
      eventTopic: this.topics.event,
      warn: (sentence) => {
        this.#host.log('warn', sentence);
      },
    });
    return connection;
  }

  #onEvent(event: BotEvent): void {
    const { events, simple } = this.#settings;
    if (events.length > 0 && !events.includes(event.event)) return;
    if (!this.#components) {
      this.#bufferedEvents.push(event);
      return;
    }
    const body = encodeEvent(event.event, mapEvent(event, simple), event.timestamp);
    const priority = event.event === 'heartbeat' ? 'heartbeats' : 'events';
    // The outbox reports write errors itself, and publishes the event nevertheless.
    this.#components.outbox.append(priority, [{ body }]).catch(() => undefined);
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
    const connection = this.#components?.connection;
    if (!connection?.isConnected) return Promise.resolve();
    return new Promise((resolve) => {
      const body = this.#cipher.encrypt(this.#encodeProperties(online));
      connection.publish(this.topics.property, body, { retain: true }, () => {
        resolve();
      });
    });
  }

  #saveLastSeen(store: KeyValueStore): void {
    store.commit([{ type: 'put', key: 'm!seen', value: String(Date.now()) }]).catch(() => undefined);
  }

  async #stop(removed: boolean): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    clearInterval(this.#lastSeenTimer);
    const components = await this.#opening?.catch(() => undefined);
    if (!components) return;
    const { store, outbox, idempotencyStore, processor, connection } = components;
    await settleWithin(stopTimeouts.commands, processor.whenIdle());
    if (connection.isConnected) {
      await outbox.drained(stopTimeouts.drain);
      await settleWithin(stopTimeouts.offline, this.#publishProperties(false));
      this.#saveLastSeen(store);
    }
    await connection.stop(removed);
    this.#components = undefined;
    idempotencyStore.close();
    await store.close();
    if (removed) await rm(this.#settings.directory, { recursive: true, force: true });
  }
}

/** The MQTT client id: random, and the same in every run, so that the broker resumes the session. */
function sessionId(store: KeyValueStore): string {
  const known = store.get('m!session');
  if (known !== undefined) return known;
  const value = `wechat${randomBytes(8).toString('hex')}`;
  store.commit([{ type: 'put', key: 'm!session', value }]).catch(() => undefined);
  return value;
}

async function settleWithin(ms: number, work: Promise<unknown>): Promise<void> {
  await withTimeout(work, ms, () => new Error('timeout')).catch(() => undefined);
}
