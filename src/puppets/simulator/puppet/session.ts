import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { Puppet, type PuppetOptions, types } from 'wechaty-puppet';

import type { SimulatorOptions } from '../options';
import type { WeChat } from '../wechat';
import type { SimulatorClient } from '../client-channel';
import { Simulation } from '../simulation';
import { DeferredEvents } from './deferred-events';

const SESSION_KEY = 'simulator-session';
const HEARTBEAT_MS = 30_000;

/** The puppet's options: those of a new simulation, or an existing one. */
export type PuppetSimulatorOptions = PuppetOptions &
  SimulatorOptions & {
    /** An existing simulation to connect to, which outlives the puppet; the options of a new one are then ignored. */
    simulation?: Simulation;
  };

/** The used part of Wechaty's memory card, whose own types cannot be resolved from CommonJS. */
interface SessionStorage {
  get(name: string): Promise<unknown>;
  set(name: string, value: unknown): Promise<unknown>;
  delete(name: string): Promise<boolean>;
  save(): Promise<void>;
}

/** Start, stop, login and logout of the puppet; counting, latency and faults of every call. */
export abstract class SimulatedSession extends Puppet {
  /** The simulation this puppet is connected to. */
  readonly simulation: Simulation;
  protected readonly wechat: WeChat;
  readonly #deferredEvents = new DeferredEvents();
  readonly #client: SimulatorClient = this.#createClient();
  #connectionError: string | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #stopController = new AbortController();

  constructor({ simulation, ...options }: PuppetSimulatorOptions = {}) {
    super(options);
    this.simulation = simulation ?? new Simulation(options);
    this.wechat = this.simulation.wechat;
  }

  override name(): string {
    return 'wechaty-puppet-simulator';
  }

  override async onStart(): Promise<void> {
    this.#applyStartFault();
    if (this.wechat.faults.hangStart) {
      await new Promise(() => undefined);
    }
    this.#connectionError = undefined;
    this.#stopController = new AbortController();
    setMaxListeners(0, this.#stopController.signal);
    await this.wechat.channel.attach(this.#client);
    this.#heartbeat = setInterval(() => {
      this.emit('heartbeat', { data: 'simulator' });
    }, HEARTBEAT_MS).unref();
    await this.#startLogin();
  }

  override async onStop(): Promise<void> {
    this.#stopController.abort();
    this.#disconnect();
    await Promise.resolve();
  }

  override async logout(reason = 'logout()'): Promise<void> {
    this.wechat.login.endSession();
    await this.#logOut(reason);
  }

  override ding(data?: string): void {
    if (this.#connectionError === undefined && !this.wechat.faults.rejectAll) {
      this.#deferredEvents.enqueue(() => this.emit('dong', { data }));
    }
  }

  /** Wraps every call: counts it, adds the latency, rejects it while unavailable, then runs `action`. */
  protected async perform<T>(method: string, action: () => T | Promise<T>): Promise<T> {
    this.wechat.calls.record(method);
    const latency = this.wechat.settings.latency + (this.wechat.faults.slow ?? 0);
    if (latency > 0) {
      await delay(latency, undefined, { signal: this.#stopController.signal });
    }
    this.#throwIfUnavailable();
    return action();
  }

  /** Wraps every call that sends; resolves to the id of the message or post. */
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

  /** Applies the faults `malformedPayloads` and `noDirtyEvents`. */
  protected payload<T extends object>(payload: T): T {
    const { malformedPayloads, noDirtyEvents } = this.wechat.faults;
    if (!malformedPayloads) {
      return noDirtyEvents ? structuredClone(payload) : payload;
    }
    const damaged = Object.entries(payload).map(([key, value]: [string, unknown]) => [
      key,
      key === 'id' ? value : null,
    ]);
    return Object.fromEntries(damaged) as T;
  }

  get #storage(): SessionStorage {
    return this.memory as SessionStorage;
  }

  #disconnect(): void {
    clearInterval(this.#heartbeat);
    this.#deferredEvents.clear();
    if (this.wechat.channel.client === this.#client) {
      this.wechat.login.clearQrCode();
      this.wechat.channel.detach();
    }
  }

  #applyStartFault(): void {
    const { faults } = this.wechat;
    if (typeof faults.failStart === 'number' && faults.failStart > 0) {
      this.wechat.faults = { ...faults, failStart: faults.failStart - 1 };
      throw new Error('starting fails on purpose (fault failStart)');
    }
    if (faults.failStart === true) {
      throw new Error('starting fails on purpose (fault failStart)');
    }
  }

  #throwIfUnavailable(): void {
    if (this.#connectionError !== undefined) {
      throw new Error(`connection lost: ${this.#connectionError}`);
    }
    if (this.wechat.faults.rejectAll) {
      throw new Error('every call fails on purpose (fault rejectAll)');
    }
    if (!this.isLoggedIn) {
      throw new Error('not logged in');
    }
  }

  async #startLogin(): Promise<void> {
    const { login, settings } = this.wechat;
    const stored: unknown = settings.login === 'auto' ? undefined : await this.#storage.get(SESSION_KEY);
    if (settings.login === 'auto' || this.#isValid(stored)) {
      this.#deferredEvents.enqueue(() => {
        this.#completeLogin();
      });
    } else {
      login.showQrCode();
    }
  }

  #isValid(stored: unknown): boolean {
    if (typeof stored !== 'object' || stored === null) {
      return false;
    }
    const { userId, session } = stored as Record<string, unknown>;
    return this.wechat.login.acceptsSession(userId, session);
  }

  #completeLogin(): void {
    this.login(this.wechat.contacts.self.id);
    this.emit('heartbeat', { data: 'simulator' });
    this.emit('ready', { data: 'simulator' });
  }

  async #logOut(reason: string): Promise<void> {
    if (!this.isLoggedIn) {
      return;
    }
    await this.#storage.delete(SESSION_KEY);
    await this.#storage.save();
    await super.logout(reason);
    if (this.wechat.channel.client === this.#client && this.wechat.settings.login === 'scan') {
      this.wechat.login.showQrCode();
    }
  }

  #createClient(): SimulatorClient {
    return {
      emit: (event, payload) => {
        this.#deferredEvents.enqueue(() => {
          if (this.isLoggedIn) {
            this.emit(event, payload);
          }
        });
      },
      invalidate: (payloadType, payloadId) => {
        if (payloadType === types.Dirty.Post) {
          // Wechaty answers a `dirty` event of a post with an error, so only our own cache is invalidated.
          this.cache.post.delete(payloadId);
        } else if (this.isLoggedIn && !this.wechat.faults.noDirtyEvents) {
          this.emit('dirty', { payloadType, payloadId });
        }
      },
      showScan: (scan) => {
        this.#deferredEvents.enqueue(() => this.emit('scan', scan));
      },
      logIn: async (session) => {
        await this.#storage.set(SESSION_KEY, { userId: this.wechat.contacts.self.id, session });
        await this.#storage.save();
        await new Promise<void>((resolve) => {
          this.#deferredEvents.enqueue(() => {
            this.#completeLogin();
            resolve();
          });
        });
      },
      logOut: (reason) => this.#logOut(reason),
      logOutReplaced: () => super.logout('logged in elsewhere'),
      failConnection: (reason) => {
        this.#connectionError = reason;
        this.#disconnect();
        this.#deferredEvents.enqueue(() => this.emit('error', new Error(reason)));
      },
    };
  }
}
