/** Openwx server of a bot: serves the HTTP API, queues and posts events. */
import { join } from 'node:path';
import type { Bot } from '../../bot/bot';
import { WechatError } from '../../bot/errors';
import { KeyedMutex } from '../../util/keyed-mutex';
import { StartStopGuard } from '../../util/start-stop';
import { settleWithin } from '../../util/timeout';
import { CommandDispatcher } from '../dispatch/command-dispatcher';
import { Authenticator } from '../http/auth';
import { HttpClient, isHttpUrl } from '../http/http-client';
import { type HttpServerLimits, ManagedHttpServer } from '../http/http-server';
import type { Remote, RemoteHost } from '../remote';
import { MediaCache } from '../storage/media-cache';
import { OpaqueTokens } from '../wechat/opaque-tokens';
import { SentMessageTracker } from '../wechat/sent-message-tracker';
import { DeferredTasks } from './deferred-tasks';
import { EventDispatcher } from './events/event-dispatcher';
import type { Post } from './events/event-mapper';
import { EventQueue } from './events/event-queue';
import { pollLoop } from './events/poll-api';
import { WebhookClient } from './events/webhook';
import { MessageSender } from './messages/message-sender';
import type { SendOrigin } from './messages/messages';
import { operationOf, OperationRunner } from './operation-runner';
import type { OperationContext } from './operations/operation';
import { RecipientCache } from './people/recipient-cache';
import { RequestHandler } from './request-handler';
import { parseForm } from './request-params';
import {
  defaultTimeouts,
  type OpenwxRemoteSettings,
  type OpenwxRemoteStatus,
  type OpenwxTimeouts,
} from './settings';
import { blockedResponse } from './wire';

/** How long `stop` waits for running operations, in ms. */
const stopTimeoutMs = 3_000;

/** Limits of the media cache. */
const mediaLimits = { maxBytes: 256 * 1024 * 1024, maxAgeMs: 24 * 60 * 60 * 1000 };

/** Overrides for tests. */
interface OpenwxRemoteOptions {
  readonly timeouts?: Partial<OpenwxTimeouts>;
  readonly limits?: Partial<HttpServerLimits>;
}

/** Serves a bot to Openwx clients. */
export class OpenwxRemote implements Remote<OpenwxRemoteStatus> {
  readonly #bot: Bot;
  readonly #settings: OpenwxRemoteSettings;
  readonly #timeouts: OpenwxTimeouts;
  readonly #log: RemoteHost['log'];
  readonly #httpClient = new HttpClient();
  readonly #media: MediaCache;
  readonly #dispatcher: CommandDispatcher;
  readonly #deferredTasks: DeferredTasks;
  readonly #operations: OperationRunner;
  readonly #events: EventDispatcher;
  readonly #server: ManagedHttpServer;
  readonly #guard = new StartStopGuard<[removed: boolean]>(
    () => this.#start(),
    (removed) => this.#stop(removed),
  );
  #polling: Promise<void> | undefined;

  /** @throws WechatError INVALID_PARAMS (`urlInvalid`) when `postApi` or `pollApi` is not an http(s) URL. */
  constructor(
    bot: Bot,
    settings: OpenwxRemoteSettings,
    host: RemoteHost,
    { timeouts = {}, limits = {} }: OpenwxRemoteOptions = {},
  ) {
    const { token, postApi, pollApi, permissions, directory } = settings;
    for (const url of [postApi, pollApi]) {
      if (url !== '' && !isHttpUrl(url)) throw new WechatError('INVALID_PARAMS', 'urlInvalid', { url });
    }
    this.#bot = bot;
    this.#settings = settings;
    this.#timeouts = { ...defaultTimeouts, ...timeouts };
    this.#log = (level, message, problem) => {
      host.log(level, bot.redact(token === '' ? message : message.replaceAll(token, '***')), problem);
    };
    const mediaDirectory = join(directory, 'media');
    this.#media = new MediaCache({ ...mediaLimits, directory: mediaDirectory });
    const { local } = settings.files;
    // Clients may send cached media again by the path they received.
    const files = { ...settings.files, local: local === 'any' ? local : [...local, mediaDirectory] };
    this.#dispatcher = new CommandDispatcher(bot, { permissions, files }, host);
    this.#deferredTasks = new DeferredTasks(this.#dispatcher);
    const tracker = new SentMessageTracker<SendOrigin>();
    const { run, query } = this.#dispatcher;
    const context: OperationContext = {
      bot,
      run,
      query,
      sender: new MessageSender(run, tracker),
      recipients: new RecipientCache(query),
      media: this.#media,
      files,
      tickets: new OpaqueTokens(),
      queue: new EventQueue<Post>(settings.eventQueueSize),
      mutex: new KeyedMutex(),
      version: settings.version,
      allowStop: settings.allowStop,
      startedAt: Date.now(),
      defer: (name, delayMs, task) => {
        this.#deferredTasks.schedule(name, delayMs, task);
      },
    };
    this.#operations = new OperationRunner(this.#dispatcher, context);
    this.#events = new EventDispatcher({
      ...context,
      dispatcher: this.#dispatcher,
      tracker,
      wantedEvents: new Set(settings.postEvents),
      loadFiles: postApi !== '' && settings.postMediaData,
      webhook: postApi === '' ? undefined : this.#createWebhook(postApi),
    });
    this.#server = this.#createServer(host, limits);
  }

  get status(): OpenwxRemoteStatus {
    const { pending, lost } = this.#events;
    return { ...this.#server.status, waiting: pending, lost };
  }

  start(): Promise<void> {
    return this.#guard.start();
  }

  stop(removed = false): Promise<void> {
    return this.#guard.stop(removed);
  }

  async #start(): Promise<void> {
    this.#events.start();
    await this.#server.start();
    const { pollApi, pollIntervalMs } = this.#settings;
    if (pollApi === '' || this.#guard.signal.aborted) return;
    this.#polling = pollLoop({
      client: this.#httpClient,
      url: pollApi,
      intervalMs: pollIntervalMs,
      timeoutMs: this.#timeouts.poll,
      signal: this.#guard.signal,
      address: () => this.#server.address,
      isBotReady: () => this.#bot.state.name === 'ready',
      runCall: (url) => this.#runPolledCall(url),
      log: this.#log,
    });
  }

  async #stop(removed: boolean): Promise<void> {
    this.#events.stop();
    this.#deferredTasks.close();
    await this.#server.stop();
    await settleWithin(this.#dispatcher.whenIdle(), stopTimeoutMs);
    this.#httpClient.close();
    await this.#polling;
    await this.#media.close(removed);
  }

  #createServer(host: RemoteHost, limits: Partial<HttpServerLimits>): ManagedHttpServer {
    const { token, files } = this.#settings;
    const authenticator = new Authenticator([token]);
    const handler = new RequestHandler({
      authenticator,
      operations: this.#operations,
      maxFileBytes: files.maxBytes,
      signal: this.#guard.signal,
    });
    return new ManagedHttpServer(
      { host: this.#settings.host, port: this.#settings.port, authenticator, blockedResponse, limits },
      {
        onStatusChange: () => {
          host.onStatusChange();
        },
        log: this.#log,
        onRequest: (request, response) => handler.handle(request, response),
      },
    );
  }

  #createWebhook(url: string): WebhookClient {
    return new WebhookClient({
      client: this.#httpClient,
      url,
      timeouts: this.#timeouts,
      signal: this.#guard.signal,
      log: this.#log,
    });
  }

  /** Runs the call to which `poll_api` redirects. */
  async #runPolledCall(url: URL): Promise<void> {
    const operation = operationOf(url.pathname);
    const { signal } = this.#guard;
    try {
      if (operation) await this.#operations.run(operation, parseForm(url.search.slice(1)), () => signal);
      else this.#log('warn', `poll_api redirects to ${url.pathname}, which is no path of this API.`);
    } catch (error) {
      this.#log('warn', `poll_api: ${(error as Error).message}`);
    }
  }
}
