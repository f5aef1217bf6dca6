import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { Puppet, type PuppetOptions, types } from 'wechaty-puppet';

import type { SimulatorOptions } from '../options';
import type { WeChat } from '../wechat';
import type { Client } from '../client-channel';
import { World } from '../simulation';
import { Outbox } from './deferred-events';

const SESSION_KEY = 'simulator-session';
const HEARTBEAT_MS = 30_000;

/** Options of the puppet: those of the world it makes, or a world that is there already. */
export type PuppetSimulatorOptions = PuppetOptions &
  SimulatorOptions & {
    /** A world to live in, so that a bot that starts anew finds everything as it was. The world's options hold. */
    world?: World;
  };

/** The part of Wechaty's memory card that is used here; its own types cannot be resolved from CommonJS. */
interface SessionStorage {
  get(name: string): Promise<unknown>;
  set(name: string, value: unknown): Promise<unknown>;
  delete(name: string): Promise<boolean>;
  save(): Promise<void>;
}

/** Starting, logging in and out, and the way every call takes: counted, delayed, refused. */
export abstract class SimulatedSession extends Puppet {
  /** The world this puppet lives in, for whoever wants to act for the others. */
  readonly world: World;
  protected readonly wechat: WeChat;
  readonly #outbox = new Outbox();
  readonly #client: Client = this.#makeClient();
  #lost: string | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #running = new AbortController();

  constructor({ world, ...options }: PuppetSimulatorOptions = {}) {
    super(options);
    this.world = world ?? new World(options);
    this.wechat = this.world.wechat;
  }

  override name(): string {
    return 'wechaty-puppet-simulator';
  }

  override async onStart(): Promise<void> {
    this.#failOnPurpose();
    if (this.wechat.faults.hangStart) {
      await new Promise(() => undefined);
    }
    this.#lost = undefined;
    this.#running = new AbortController();
    setMaxListeners(0, this.#running.signal);
    await this.wechat.wire.attach(this.#client);
    this.#heartbeat = setInterval(() => {
      this.emit('heartbeat', { data: 'simulator' });
    }, HEARTBEAT_MS).unref();
    await this.#enter();
  }

  override async onStop(): Promise<void> {
    this.#running.abort();
    this.#disconnect();
    await Promise.resolve();
  }

  override async logout(reason = 'logout()'): Promise<void> {
    this.wechat.login.endSession();
    await this.#leave(reason);
  }

  override ding(data?: string): void {
    if (this.#lost === undefined && !this.wechat.faults.rejectAll) {
      this.#outbox.put(() => this.emit('dong', { data }));
    }
  }

  /** The one way in for every call: counts it, waits for the latency, refuses what cannot be, and then does it. */
  protected async perform<T>(method: string, action: () => T | Promise<T>): Promise<T> {
    this.wechat.calls.note(method);
    const latency = this.wechat.settings.latency + (this.wechat.faults.slow ?? 0);
    if (latency > 0) {
      await delay(latency, undefined, { signal: this.#running.signal });
    }
    this.#refuse();
    return action();
  }

  /** The way in for calls that send something; resolves to the id of what was sent. */
  protected async send(
    method: string,
    action: () => { readonly id: string } | Promise<{ readonly id: string }>,
  ): Promise<string | undefined> {
    return this.perform(method, async () => {
      const { faults } = this.wechat;
      if (faults.rejectSends) {
        throw new Error('sending fails on purpose (fault rejectSends)');
      }
      if (faults.hangSends) {
        await new Promise(() => undefined);
      }
      const { id } = await action();
      return this.wechat.faults.noMessageIds ? undefined : id;
    });
  }

  /** A payload as it is, or with all but its id lost when that is asked for. */
  protected payload<T extends object>(payload: T): T {
    if (!this.wechat.faults.malformedPayloads) {
      return payload;
    }
    const lost = Object.entries(payload).map(([key, value]: [string, unknown]) => [
      key,
      key === 'id' ? value : null,
    ]);
    return Object.fromEntries(lost) as T;
  }

  get #storage(): SessionStorage {
    return this.memory as SessionStorage;
  }

  #disconnect(): void {
    clearInterval(this.#heartbeat);
    this.#outbox.clear();
    if (this.wechat.wire.client === this.#client) {
      this.wechat.login.withdrawQrCode();
      this.wechat.wire.detach();
    }
  }

  #failOnPurpose(): void {
    const { faults } = this.wechat;
    if (typeof faults.failStart === 'number' && faults.failStart > 0) {
      this.wechat.faults = { ...faults, failStart: faults.failStart - 1 };
      throw new Error('starting fails on purpose (fault failStart)');
    }
    if (faults.failStart === true) {
      throw new Error('starting fails on purpose (fault failStart)');
    }
  }

  #refuse(): void {
    if (this.#lost !== undefined) {
      throw new Error(`connection lost: ${this.#lost}`);
    }
    if (this.wechat.faults.rejectAll) {
      throw new Error('every call fails on purpose (fault rejectAll)');
    }
    if (!this.isLoggedIn) {
      throw new Error('not logged in');
    }
  }

  async #enter(): Promise<void> {
    const { login, settings } = this.wechat;
    const stored: unknown = settings.login === 'auto' ? undefined : await this.#storage.get(SESSION_KEY);
    if (settings.login === 'auto' || this.#isValid(stored)) {
      this.#outbox.put(() => {
        this.#arrive();
      });
    } else {
      login.offerQrCode();
    }
  }

  #isValid(stored: unknown): boolean {
    if (typeof stored !== 'object' || stored === null) {
      return false;
    }
    const { userId, session } = stored as Record<string, unknown>;
    return this.wechat.login.accepts(userId, session);
  }

  #arrive(): void {
    this.login(this.wechat.people.self.id);
    this.emit('heartbeat', { data: 'simulator' });
    this.emit('ready', { data: 'simulator' });
  }

  async #leave(reason: string): Promise<void> {
    if (!this.isLoggedIn) {
      return;
    }
    await this.#storage.delete(SESSION_KEY);
    await this.#storage.save();
    await super.logout(reason);
    if (this.wechat.wire.client === this.#client && this.wechat.settings.login === 'scan') {
      this.wechat.login.offerQrCode();
    }
  }

  #makeClient(): Client {
    return {
      tell: (event, payload) => {
        this.#outbox.put(() => {
          if (this.isLoggedIn) {
            this.emit(event, payload);
          }
        });
      },
      forget: (payloadType, payloadId) => {
        if (payloadType === types.Dirty.Post) {
          // Wechaty answers a dirty post with an error event, so only our own cache is told.
          this.cache.post.delete(payloadId);
        } else if (this.isLoggedIn) {
          this.emit('dirty', { payloadType, payloadId });
        }
      },
      showScan: (scan) => {
        this.#outbox.put(() => this.emit('scan', scan));
      },
      logIn: async (session) => {
        await this.#storage.set(SESSION_KEY, { userId: this.wechat.people.self.id, session });
        await this.#storage.save();
        await new Promise<void>((resolve) => {
          this.#outbox.put(() => {
            this.#arrive();
            resolve();
          });
        });
      },
      logOut: (reason) => this.#leave(reason),
      giveWay: () => super.logout('logged in elsewhere'),
      loseConnection: (reason) => {
        this.#lost = reason;
        this.#disconnect();
        this.#outbox.put(() => this.emit('error', new Error(reason)));
      },
    };
  }
}
