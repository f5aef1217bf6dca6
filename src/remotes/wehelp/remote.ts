/**
 * WeHelp client of one bot: posts events as callbacks to the user's web service and polls it for tasks. Callbacks are
 * queued on disk until the service accepts them.
 */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Bot } from '../../bot/bot';
import { canSend } from '../../bot/state';
import { contactView } from '../../bot/view-mappers';
import { StartStopGuard } from '../../util/start-stop';
import { settleWithin } from '../../util/timeout';
import { errorMessage, WechatError } from '../../bot/errors';
import { asTyped, type TypedEvent } from '../../events/table';
import { CommandDispatcher } from '../dispatch/command-dispatcher';
import { HttpClient, isHttpUrl } from '../http/http-client';
import { Outbox } from '../storage/outbox';
import type { Remote, RemoteHost } from '../remote';
import { EarlyMessages } from '../storage/early-messages';
import type { KeyValueStore } from '../storage/key-value-store';
import { ManagedStore } from '../storage/managed-store';
import { defaultJsonLimits } from '../../bot/limited-json';
import { V2Codes } from './v2-codes';
import { CallbackSender } from './callback-sender';
import { Endpoint } from './endpoint';
import {
  defaultTimes,
  type WehelpRemoteSettings,
  type WehelpRemoteStatus,
  type WehelpTimes,
} from './settings';
import { TaskStore } from './task-store';
import { TaskRunner } from './task-runner';
import { loginCallbacks, mapEvent, mapLoginEvent } from './event-mapper';
import { type CallbackData, parsePollResponse, encodeCallback } from './wire';

/** Polling pauses while this many tasks are pending, so that further ones stay with the service. */
const maxPendingTasks = 1000;

/** How long a stop waits for tasks and for callbacks, in ms. */
const stopTimeouts = { tasks: 3_000, callbacks: 1_000 };

/** What exists while the store is open. */
interface OpenedParts {
  readonly store: KeyValueStore;
  readonly outbox: Outbox;
  readonly runner: TaskRunner;
  readonly callbackSender: CallbackSender | undefined;
}

/** Posts callbacks and runs tasks from `start` to `stop`. */
export class WehelpRemote implements Remote<WehelpRemoteStatus> {
  readonly #bot: Bot;
  readonly #settings: WehelpRemoteSettings;
  readonly #host: RemoteHost;
  readonly #httpClient = new HttpClient(defaultJsonLimits.maxBytes);
  readonly #v2Codes = new V2Codes();
  readonly #dispatcher: CommandDispatcher;
  readonly #callbackEndpoint: Endpoint;
  readonly #pollEndpoint: Endpoint;
  /** Its signal ends polling and events. */
  readonly #guard = new StartStopGuard<[removed: boolean]>(
    () => this.#start(),
    (removed) => this.#stop(removed),
  );
  /** Ends all requests. */
  readonly #requestAbort = new AbortController();
  readonly #processid: number;
  readonly #managedStore: ManagedStore;
  readonly #events = new EarlyMessages();
  #parts: OpenedParts | undefined;
  #polling: Promise<void> | undefined;
  #mapping: Promise<void> = Promise.resolve();
  #cwxid = '';
  /** Whether the callbacks that tell who is logged in are queued. Answers to tasks come after them. */
  #isLoginPosted = false;

  /** @throws WechatError INVALID_PARAMS if a URL is invalid or both are missing. */
  constructor(
    bot: Bot,
    settings: WehelpRemoteSettings,
    remoteHost: RemoteHost,
    times: Partial<WehelpTimes> = {},
  ) {
    const { callbackUrl, pollUrl } = settings;
    if (!callbackUrl && !pollUrl) throw new WechatError('INVALID_PARAMS', 'serviceMissing');
    this.#bot = bot;
    this.#settings = settings;
    this.#host = remoteHost;
    this.#managedStore = new ManagedStore(settings.directory, remoteHost, this.#guard.signal);
    this.#processid = processidOf(bot.id);
    this.#dispatcher = new CommandDispatcher(bot, settings, remoteHost);
    const createEndpoint = (url: string, name: 'callbacks' | 'tasks', stopped: AbortSignal): Endpoint => {
      if (url && !isHttpUrl(url)) {
        throw new WechatError('INVALID_PARAMS', 'serviceInvalid', { what: name });
      }
      return new Endpoint({
        client: this.#httpClient,
        url,
        name,
        times: { ...defaultTimes, ...times },
        stopped,
        onChange: () => {
          remoteHost.onStatusChange();
        },
        log: (level, sentence) => {
          remoteHost.log(level, sentence);
        },
      });
    };
    this.#callbackEndpoint = createEndpoint(callbackUrl, 'callbacks', this.#requestAbort.signal);
    this.#pollEndpoint = createEndpoint(pollUrl, 'tasks', this.#guard.signal);
  }

  get status(): WehelpRemoteStatus {
    const { outbox, runner } = this.#parts ?? {};
    return {
      callbacks: this.#callbackEndpoint.health,
      polls: this.#pollEndpoint.health,
      waiting: outbox?.pending ?? this.#events.count,
      lost: outbox?.dropped ?? this.#events.dropped,
      tasks: runner?.pending ?? 0,
      store: this.#managedStore.status,
    };
  }

  /**
   * Starts; resolves when tasks and callbacks of the previous run are resumed.
   * While the store cannot be opened, that is tried again until `stop`.
   * @throws WechatError the problem of the store when stopped meanwhile.
   */
  start(): Promise<void> {
    return this.#guard.start();
  }

  /**
   * Stops: waits a bounded time (under 8 s) for running tasks and queued callbacks. Idempotent.
   * @param removed whether the node was deleted: then its folder is deleted as well.
   */
  stop(removed = false): Promise<void> {
    return this.#guard.stop(removed);
  }

  async #start(): Promise<void> {
    const unsubscribes = [
      this.#bot.on('event', (event) => {
        this.#onBotEvent(asTyped(event));
      }),
      this.#bot.on('state', () => {
        if (canSend(this.#bot.state)) return;
        this.#isLoginPosted = false;
        this.#parts?.runner.release();
      }),
    ];
    this.#guard.signal.addEventListener('abort', () => {
      for (const unsubscribe of unsubscribes) unsubscribe();
    });
    const parts = await this.#open();
    this.#parts = parts;
    this.#events.open(parts.outbox);
    await this.#postCurrentLogin();
    parts.callbackSender?.start();
    await parts.runner.resume();
    if (this.#settings.pollUrl) this.#polling = this.#poll(parts.runner);
  }

  async #open(): Promise<OpenedParts> {
    const { outboxMaxBytes, timeUnitMs, callbackUrl } = this.#settings;
    const store = await this.#managedStore.open();
    const outbox = new Outbox({
      store,
      maxBytes: outboxMaxBytes,
      durable: true,
      onDropped: () => {
        this.#host.onStatusChange();
      },
    });
    await outbox.open();
    store.onRecovered = () => {
      outbox.onReady();
    };
    const runner = new TaskRunner({
      taskStore: new TaskStore(store),
      dispatcher: this.#dispatcher,
      context: () => ({
        run: this.#dispatcher.run,
        query: this.#dispatcher.query,
        v2Codes: this.#v2Codes,
        selfId: this.#selfId(),
        qrCode: this.#bot.qrCode?.url,
      }),
      respond: async (data, changes) => {
        const messages = callbackUrl ? data.map((one) => ({ body: this.#encode(one) })) : [];
        const written =
          messages.length > 0
            ? outbox.appendResponse(messages, changes, 'wait')
            : store.commit(changes, 'wait');
        // Rejected only when the store is closed: the next run resumes the task.
        await written.catch(() => undefined);
      },
      mayStart: ({ runsWithoutLogin = false }) => {
        return canSend(this.#bot.state) ? this.#isLoginPosted : runsWithoutLogin;
      },
      timeUnitMs,
    });
    const callbackSender = callbackUrl
      ? new CallbackSender(outbox, this.#callbackEndpoint, this.#requestAbort.signal, (problem) => {
          this.#host.log('warn', problem.message, problem);
        })
      : undefined;
    return { store, outbox, runner, callbackSender };
  }

  /** Maps events concurrently but appends their callbacks in the order of the events. */
  #onBotEvent(event: TypedEvent): void {
    const loginData = mapLoginEvent(event);
    if (loginData) {
      this.#postLogin(loginData, event.event === 'login');
      return;
    }
    if (!this.#settings.callbackUrl) return;
    const callbacks = mapEvent(event, {
      query: this.#dispatcher.query,
      v2Codes: this.#v2Codes,
      selfId: this.#selfId(),
    }).catch((error: unknown) => {
      const reason = this.#bot.redact(errorMessage(error));
      this.#host.log('warn', `The event ${event.event} could not be posted: ${reason}`);
      return [];
    });
    this.#mapping = this.#mapping.then(async () => {
      for (const data of await callbacks) this.#events.append('events', { body: this.#encode(data) });
    });
  }

  /** Tells who is logged in when the node is deployed later than that. */
  async #postCurrentLogin(): Promise<void> {
    const { user } = this.#bot.state;
    if (!canSend(this.#bot.state) || !user) return;
    const self = await this.#dispatcher
      .query('wechatyUserSelf', {})
      .catch(() => ({ ...contactView(user.id, undefined), name: user.name }));
    if (canSend(this.#bot.state)) this.#postLogin(loginCallbacks(self), true);
  }

  /** Posts callbacks about the login like answers: ahead of queued events, and in order with the answers to tasks. */
  #postLogin(data: readonly CallbackData[], isLogin: boolean): void {
    if (isLogin && this.#isLoginPosted) return;
    if (this.#settings.callbackUrl) {
      for (const one of data) this.#events.append('responses', { body: this.#encode(one) });
    }
    this.#isLoginPosted = isLogin && canSend(this.#bot.state);
    this.#parts?.runner.release();
  }

  async #poll(runner: TaskRunner): Promise<void> {
    // A cached response would run its tasks again.
    const headers = { accept: 'application/json', 'cache-control': 'no-cache, no-store' };
    while (!this.#guard.signal.aborted) {
      // The service does not return a task again: one that could not be stored would be lost.
      if (runner.pending < maxPendingTasks && !this.#managedStore.status.problem) {
        const tasks = await this.#pollEndpoint
          .request({ method: 'GET', headers }, parsePollResponse)
          .catch(() => []);
        await runner.accept(tasks);
      }
      await this.#pollEndpoint.backOff(this.#settings.pollIntervalMs);
    }
  }

  /** The current account, or the last one. */
  #selfId(): string {
    this.#cwxid = this.#bot.state.user?.id ?? this.#cwxid;
    return this.#cwxid;
  }

  #encode(data: CallbackData): string {
    return encodeCallback(data, { processid: this.#processid, cwxid: this.#selfId() });
  }

  async #stop(removed: boolean): Promise<void> {
    const parts = this.#parts;
    if (parts) {
      parts.runner.stop();
      // A poll in flight may return tasks, which the service does not return again.
      const work = Promise.all([this.#polling, parts.runner.whenIdle(), this.#mapping]);
      await settleWithin(work, stopTimeouts.tasks);
      if (this.#callbackEndpoint.health.isHealthy) await parts.outbox.drained(stopTimeouts.callbacks);
    }
    this.#requestAbort.abort();
    this.#httpClient.close();
    await parts?.callbackSender?.whenIdle();
    this.#parts = undefined;
    await parts?.store.close();
    if (removed) await rm(this.#settings.directory, { recursive: true, force: true });
  }
}

/** A stable number of the bot, in place of the process id of WeHelp's WeChat. */
function processidOf(botId: string): number {
  return 1000 + (createHash('sha256').update(botId).digest().readUInt16BE() % 64_000);
}
