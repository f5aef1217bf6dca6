/**
 * One bot as WeHelp: a client of its user's web service, to which it posts what happens, and which it asks for tasks.
 * Nothing here waits for the service: what it has not taken yet is on disk.
 */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Bot } from '../../bot/bot';
import { withTimeout } from '../../util/timeout';
import { errorMessage, WechatError } from '../../bot/errors';
import type { BotEvent } from '../../bot/events';
import { runCommand } from '../../commands/run';
import { Commander } from '../dispatch/command-dispatcher';
import { HttpClient } from '../http/http-client';
import { Outbox } from '../storage/outbox';
import type { Remote, RemoteListener } from '../remote';
import { Store } from '../storage/key-value-store';
import { usualLimits } from '../dispatch/limited-json';
import { Codes } from './v2-codes';
import { Postman } from './callback-sender';
import { Service } from './endpoint';
import { usualTimes, type WehelpRemoteSettings, type WehelpRemoteStatus, type WehelpTimes } from './settings';
import { TaskBook } from './task-store';
import { TaskRunner } from './task-runner';
import { tell } from './event-mapper';
import { type CallbackData, readPoll, writeCallback } from './wire';

/** While so many tasks wait, no more are asked for: the service keeps them better than we do. */
const enoughTasks = 1000;

/** How long a stop waits for tasks and for callbacks, in ms. */
const patience = { tasks: 3_000, callbacks: 1_000 };

interface Running {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly runner: TaskRunner;
  readonly postman: Postman | undefined;
}

/** Plays WeHelp from `start` to `stop`. */
export class WehelpRemote implements Remote<WehelpRemoteStatus> {
  readonly #bot: Bot;
  readonly #settings: WehelpRemoteSettings;
  readonly #listener: RemoteListener;
  readonly #client = new HttpClient(usualLimits.bytes);
  readonly #codes = new Codes();
  readonly #commander: Commander;
  readonly #callbacks: Service;
  readonly #polls: Service;
  /** No more tasks and events. */
  readonly #ending = new AbortController();
  /** No more requests either. */
  readonly #ended = new AbortController();
  readonly #processid: number;
  #unlisten: () => void = () => undefined;
  #starting: Promise<void> | undefined;
  #opening: Promise<Running> | undefined;
  #running: Running | undefined;
  #polling: Promise<void> | undefined;
  #telling: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | undefined;
  #cwxid = '';

  /** @throws WechatError INVALID_PARAMS when a URL is none, or both are missing. */
  constructor(
    bot: Bot,
    settings: WehelpRemoteSettings,
    listener: RemoteListener,
    times: Partial<WehelpTimes> = {},
  ) {
    const { callbackUrl, pollUrl } = settings;
    if (!callbackUrl && !pollUrl) throw new WechatError('INVALID_PARAMS', 'serviceMissing');
    this.#bot = bot;
    this.#settings = settings;
    this.#listener = listener;
    this.#processid = processidOf(bot.id);
    this.#commander = new Commander(bot, settings, listener);
    const service = (url: string, name: 'callbacks' | 'tasks', stopped: AbortSignal): Service => {
      if (url && !isWebAddress(url)) {
        throw new WechatError('INVALID_PARAMS', 'serviceInvalid', { what: name });
      }
      return new Service({
        client: this.#client,
        url,
        name,
        times: { ...usualTimes, ...times },
        stopped,
        changed: () => {
          listener.changed();
        },
        log: (level, sentence) => {
          listener.log(level, sentence);
        },
      });
    };
    this.#callbacks = service(callbackUrl, 'callbacks', this.#ended.signal);
    this.#polls = service(pollUrl, 'tasks', this.#ending.signal);
  }

  get status(): WehelpRemoteStatus {
    const { outbox, runner } = this.#running ?? {};
    return {
      callbacks: this.#callbacks.health,
      polls: this.#polls.health,
      waiting: outbox?.waiting ?? 0,
      lost: outbox?.lost ?? 0,
      tasks: runner?.pending ?? 0,
    };
  }

  /**
   * Begins; resolves when what an earlier life left was found and is being worked on.
   * @throws Error when the folder cannot be written.
   */
  async start(): Promise<void> {
    if (this.#starting || this.#stopping) return;
    this.#starting = this.#start();
    await this.#starting;
  }

  /**
   * Ends: lets running tasks finish and callbacks leave, for a bounded time (under 8 s). Idempotent.
   * @param removed whether the remote will not come back: then the disk is to forget it.
   */
  stop(removed = false): Promise<void> {
    this.#stopping ??= this.#stop(removed);
    return this.#stopping;
  }

  async #start(): Promise<void> {
    this.#opening = this.#open();
    this.#telling = this.#opening.then(
      () => undefined,
      () => undefined,
    );
    if (this.#settings.callbackUrl) {
      this.#unlisten = this.#bot.on('event', (event) => {
        this.#hear(event);
      });
    }
    const running = await this.#opening;
    this.#running = running;
    running.postman?.start();
    await running.runner.resume();
    if (this.#settings.pollUrl) this.#polling = this.#poll(running.runner);
  }

  async #open(): Promise<Running> {
    const { directory, outboxMaxBytes, timeUnit, callbackUrl } = this.#settings;
    const store = await Store.open(directory, (problem) => {
      this.#listener.log('warn', problem);
    });
    let isUnwritable = false;
    const outbox = new Outbox({
      store,
      maxBytes: outboxMaxBytes,
      durable: true,
      onLoss: () => {
        this.#listener.changed();
      },
      onUnwritable: (error) => {
        if (isUnwritable || this.#stopping) return;
        isUnwritable = true;
        this.#listener.log('error', `${directory} cannot be written: ${errorMessage(error)}`);
      },
    });
    await outbox.open();
    const runner = new TaskRunner({
      book: new TaskBook(store),
      commander: this.#commander,
      context: () => ({
        ask: (command, params) => this.#commander.ask(command, params),
        codes: this.#codes,
        selfId: this.#selfId(),
        qrCode: this.#bot.qrCode?.url,
      }),
      answer: async (data, changes) => {
        const letters = callbackUrl ? data.map((one) => ({ body: this.#body(one) })) : [];
        const written = letters.length > 0 ? outbox.answer(letters, changes) : store.commit(changes);
        // The outbox itself tells of what it cannot write, and sends it all the same.
        await written.catch(() => undefined);
      },
      timeUnit,
    });
    const postman = callbackUrl
      ? new Postman(outbox, this.#callbacks, this.#ended.signal, (sentence) => {
          this.#listener.log('warn', sentence);
        })
      : undefined;
    return { store, outbox, runner, postman };
  }

  /** What happens one after the other is told in the same order, however long it takes to put it into words. */
  #hear(event: BotEvent): void {
    const ask = (command: string, params: object): Promise<unknown> =>
      runCommand(this.#bot, command, params, { files: this.#settings.files });
    const told = tell(event, { ask, codes: this.#codes, selfId: this.#selfId() }).catch((error: unknown) => {
      const reason = this.#bot.redact(errorMessage(error));
      this.#listener.log('warn', `The event ${event.event} could not be told: ${reason}`);
      return [];
    });
    this.#telling = this.#telling.then(async () => {
      const letters = (await told).map((data) => ({ body: this.#body(data) }));
      const opened = await this.#opening?.catch(() => undefined);
      // Not waited for: the outbox keeps the order, and writes what comes in one moment together.
      if (letters.length > 0) opened?.outbox.append('events', letters).catch(() => undefined);
    });
  }

  async #poll(runner: TaskRunner): Promise<void> {
    // What a cache on the way gave again would be done again.
    const headers = { accept: 'application/json', 'cache-control': 'no-cache, no-store' };
    while (!this.#ending.signal.aborted) {
      if (runner.pending < enoughTasks) {
        const given = await this.#polls.ask({ method: 'GET', headers }, readPoll).catch(() => []);
        await runner.take(given);
      }
      await this.#polls.pause(this.#settings.pollInterval);
    }
  }

  /** The account that is logged in, or was last. */
  #selfId(): string {
    this.#cwxid = this.#bot.state.user?.id ?? this.#cwxid;
    return this.#cwxid;
  }

  #body(data: CallbackData): string {
    return writeCallback(data, { processid: this.#processid, cwxid: this.#selfId() });
  }

  async #stop(removed: boolean): Promise<void> {
    this.#unlisten();
    this.#ending.abort();
    await this.#starting?.catch(() => undefined);
    const running = this.#running;
    if (running) {
      running.runner.stop();
      // A poll that is under way may bring tasks that the service will not give again.
      await atMost(patience.tasks, Promise.all([this.#polling, running.runner.idle(), this.#telling]));
      if (this.#callbacks.health.isFine) await running.outbox.drained(patience.callbacks);
    }
    this.#ended.abort();
    this.#client.close();
    await running?.postman?.idle();
    this.#running = undefined;
    await running?.store.close();
    if (removed) await rm(this.#settings.directory, { recursive: true, force: true });
  }
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
}

/** A number for the client that stays the same: WeHelp has the id of its WeChat's process. */
function processidOf(botId: string): number {
  return 1000 + (createHash('sha256').update(botId).digest().readUInt16BE() % 64_000);
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  await withTimeout(work, ms, () => new Error('not done in time')).catch(() => undefined);
}
