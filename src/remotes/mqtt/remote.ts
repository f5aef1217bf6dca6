/**
 * One bot on one broker: its events go out, commands come in, answers go back. Nothing here waits for anything else:
 * what is to be kept is in the outbox and the book of answers, and the connection comes and goes.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Bot } from '../../bot/bot';
import { withTimeout } from '../../util/timeout';
import { errorMessage, WechatError } from '../../bot/errors';
import type { BotEvent } from '../../bot/events';
import { runCommand } from '../../commands/run';
import { Answers } from '../storage/idempotency-store';
import { Outbox } from '../storage/outbox';
import { permits } from '../dispatch/command-policy';
import type { Remote, RemoteListener } from '../remote';
import { Store } from '../storage/key-value-store';
import type { Ask } from './codec/response-mappers';
import { type Cipher, plain, sealedCipher, secretCipher } from './codec/cipher';
import { Connection, type ConnectionTimes } from './connection/mqtt-connection';
import { conversationsOf } from './ordering-keys';
import { writeEvent, writeProperties } from './codec/codec';
import { eventParams } from './codec/event-mappers';
import { Executor } from './command-processor';
import { Postman } from './connection/outbox-publisher';
import { Reception } from './inbound-pipeline';
import { eventsAfter } from './codec/legacy-events';
import type { MqttRemoteSettings, MqttRemoteStatus } from './settings';
import { type Topics, topicsOf } from './codec/topics';

/** Without an outbox on disk this much is kept in memory, in bytes. */
const inMemoryOutbox = 16 * 1024 * 1024;

/** Time between two notes of being connected, in ms. */
const noteEvery = 10_000;

/** How long a stop waits for commands, for letters and for the farewell, in ms. */
const patience = { commands: 3_000, letters: 1_000, farewell: 500 };

interface Running {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly answers: Answers;
  readonly executor: Executor;
  readonly reception: Reception;
  readonly connection: Connection;
}

/** Mirrors a bot to MQTT from `start` to `stop`. */
export class MqttRemote implements Remote<MqttRemoteStatus> {
  readonly topics: Topics;
  readonly #bot: Bot;
  readonly #settings: MqttRemoteSettings;
  readonly #listener: RemoteListener;
  readonly #times: Partial<ConnectionTimes>;
  readonly #cipher: Cipher;
  readonly #unlisten: (() => void)[] = [];
  #early: BotEvent[] = [];
  #opening: Promise<Running> | undefined;
  #running: Running | undefined;
  #stopping: Promise<void> | undefined;
  #since = Date.now();
  #reason = '';
  #note: NodeJS.Timeout | undefined;

  /** @throws WechatError INVALID_PARAMS when the settings cannot work. */
  constructor(
    bot: Bot,
    settings: MqttRemoteSettings,
    listener: RemoteListener,
    times: Partial<ConnectionTimes> = {},
  ) {
    this.#bot = bot;
    this.#settings = settings;
    this.#listener = listener;
    this.#times = times;
    const { clientId, secretKey, sealed } = settings;
    this.topics = topicsOf(clientId, settings.topics);
    if (sealed && !secretKey) throw new WechatError('INVALID_PARAMS', 'sealNeedsKey');
    if (sealed) this.#cipher = sealedCipher(secretKey, clientId);
    else this.#cipher = secretKey ? secretCipher(secretKey) : plain;
  }

  get status(): MqttRemoteStatus {
    const { outbox, connection, reception } = this.#running ?? {};
    return {
      isConnected: connection?.isConnected ?? false,
      since: this.#since,
      reason: this.#reason,
      waiting: outbox?.waiting ?? 0,
      lost: outbox?.lost ?? 0,
      refused: reception?.refused ?? 0,
    };
  }

  /**
   * Begins; resolves when what an earlier life left was found and the first connection is being made.
   * @throws WechatError INVALID_PARAMS (no broker's address), Error when the folder cannot be written.
   */
  async start(): Promise<void> {
    if (this.#opening || this.#stopping) return;
    this.#unlisten.push(
      this.#bot.on('event', (event) => {
        this.#hear(event);
      }),
      this.#bot.on('state', () => {
        void this.#postProperties(true);
      }),
    );
    this.#opening = this.#open();
    const running = await this.#opening;
    this.#running = running;
    for (const event of this.#early) this.#hear(event);
    this.#early = [];
    await running.executor.resume();
    running.connection.start();
    this.#note = setInterval(() => {
      if (running.connection.isConnected) this.#noteConnected(running.store);
    }, noteEvery).unref();
  }

  /**
   * Publishes an event of the owner's own.
   * @throws WechatError INVALID_PARAMS when it has no name or is no JSON, Error when it cannot be written down.
   */
  async publish(name: unknown, params: unknown): Promise<void> {
    if (typeof name !== 'string' || name === '') throw new WechatError('INVALID_PARAMS', 'eventNameMissing');
    let body: string;
    try {
      body = writeEvent(name, params, Date.now());
    } catch (error) {
      throw new WechatError('INVALID_PARAMS', 'eventNotJson', { error: errorMessage(error) });
    }
    const { outbox } = await (this.#opening ?? Promise.reject(new WechatError('FAILED', 'remoteStopped')));
    await outbox.append('events', [{ body }]);
  }

  /**
   * Ends: lets running commands finish and letters leave, for a bounded time (under 8 s). Idempotent.
   * @param removed whether the remote will not come back: then the broker and the disk are to forget it.
   */
  stop(removed = false): Promise<void> {
    this.#stopping ??= this.#stop(removed);
    return this.#stopping;
  }

  async #open(): Promise<Running> {
    const { directory, outboxMaxBytes } = this.#settings;
    const store = await Store.open(directory, (problem) => {
      this.#listener.log('warn', problem);
    });
    let isUnwritable = false;
    const outbox = new Outbox({
      store,
      maxBytes: outboxMaxBytes || inMemoryOutbox,
      durable: outboxMaxBytes > 0,
      onLoss: () => {
        void this.#postProperties(true);
        this.#listener.changed();
      },
      onUnwritable: (error) => {
        if (isUnwritable || this.#stopping) return;
        isUnwritable = true;
        this.#listener.log('error', `${directory} cannot be written: ${errorMessage(error)}`);
      },
    });
    await outbox.open();
    const answers = new Answers(store);
    const { files } = this.#settings;
    const { owner } = this.#listener;
    const look: Ask = (command, params) => runCommand(this.#bot, command, params, { files });
    const ask: Ask = (command, params) =>
      runCommand(this.#bot, command, params, { files, ...(owner ? { by: owner } : {}) });
    const executor = new Executor({
      answers,
      outbox,
      responseTopic: (reqId) => this.topics.response(reqId),
      permitted: permits(this.#settings.permits),
      conversations: (command, params) => conversationsOf(this.#bot, command, params),
      ask,
      look,
      maxAge: this.#settings.maxCommandAge > 0 ? this.#settings.maxCommandAge * 1000 : Infinity,
      done: async (command, _params, result) => {
        const bodies = await eventsAfter(command, result, look);
        const letters = bodies.map((body) => ({ body }));
        if (letters.length > 0) await outbox.append('events', letters);
      },
      handled: (handled) => {
        this.#listener.handled(handled);
      },
    });
    const reception = new Reception(executor, this.#cipher, this.topics, () => {
      this.#listener.changed();
    });
    const connection = this.#connection(store, outbox, reception);
    return { store, outbox, answers, executor, reception, connection };
  }

  #connection(store: Store, outbox: Outbox, reception: Reception): Connection {
    const connection = new Connection(
      {
        ...this.#settings,
        sessionId: sessionId(store),
        request: this.topics.request,
        will: () => ({ topic: this.topics.property, payload: this.#cipher.seal(this.#properties(false)) }),
      },
      {
        connected: () => {
          const seen = Number(store.get('m!seen') ?? Date.now());
          reception.connectedAgain(Date.now() - seen);
          this.#noteConnected(store);
          this.#since = Date.now();
          this.#reason = '';
          void this.#postProperties(true);
          postman.go();
          this.#listener.changed();
        },
        lost: (reason) => {
          if (this.#reason === '') this.#since = Date.now();
          this.#reason = this.#bot.redact(reason);
          outbox.rewind();
          this.#listener.changed();
        },
        received: (delivery) => reception.receive(delivery),
      },
      this.#times,
    );
    const postman = new Postman({
      outbox,
      connection,
      seal: (body) => this.#cipher.seal(body),
      topic: this.topics.event,
      warn: (sentence) => {
        this.#listener.log('warn', sentence);
      },
    });
    return connection;
  }

  #hear(event: BotEvent): void {
    const { events, simple } = this.#settings;
    if (events.length > 0 && !events.includes(event.event)) return;
    if (!this.#running) {
      this.#early.push(event);
      return;
    }
    const body = writeEvent(event.event, eventParams(event, simple), event.timestamp);
    const lane = event.event === 'heartbeat' ? 'heartbeats' : 'events';
    // The outbox itself tells of what it cannot write, and sends it all the same.
    this.#running.outbox.append(lane, [{ body }]).catch(() => undefined);
  }

  #properties(online: boolean): string {
    const { name, user } = this.#bot.state;
    const lost = this.#running?.outbox.lost ?? 0;
    return writeProperties({
      online,
      state: online ? name : 'offline',
      user: user ?? null,
      version: this.#settings.version,
      ...(lost > 0 ? { lost } : {}),
    });
  }

  #postProperties(online: boolean): Promise<void> {
    const connection = this.#running?.connection;
    if (!connection?.isConnected) return Promise.resolve();
    return new Promise((resolve) => {
      const body = this.#cipher.seal(this.#properties(online));
      connection.publish(this.topics.property, body, { retain: true }, () => {
        resolve();
      });
    });
  }

  #noteConnected(store: Store): void {
    store.commit([{ type: 'put', key: 'm!seen', value: String(Date.now()) }]).catch(() => undefined);
  }

  async #stop(removed: boolean): Promise<void> {
    for (const unlisten of this.#unlisten.splice(0)) unlisten();
    clearInterval(this.#note);
    const running = await this.#opening?.catch(() => undefined);
    if (!running) return;
    const { store, outbox, answers, executor, connection } = running;
    await atMost(patience.commands, executor.idle());
    if (connection.isConnected) {
      await outbox.drained(patience.letters);
      await atMost(patience.farewell, this.#postProperties(false));
      this.#noteConnected(store);
    }
    await connection.stop(removed);
    this.#running = undefined;
    answers.close();
    await store.close();
    if (removed) await rm(this.#settings.directory, { recursive: true, force: true });
  }
}

/** The name of our session with the broker: made up once, and the same in every life. */
function sessionId(store: Store): string {
  const known = store.get('m!session');
  if (known !== undefined) return known;
  const value = `wechat${randomBytes(8).toString('hex')}`;
  store.commit([{ type: 'put', key: 'm!session', value }]).catch(() => undefined);
  return value;
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  await withTimeout(work, ms, () => new Error('not done in time')).catch(() => undefined);
}
