/**
 * Runs one puppet from start to stop, with a watchdog. Wechaty starts and stops it; events are received from the puppet
 * directly, because Wechaty loads a room with all its members before it emits a message.
 */
import type { MemoryCard } from 'memory-card';
import { log, WechatyBuilder } from 'wechaty';
import { type Puppet, types } from 'wechaty-puppet';
import { extraEvents } from './puppet-extras';
import { settleWithin, withTimeout } from '../../util/timeout';
import { untypedEmitter } from '../../util/untyped-emitter';
import { errorMessage, WechatError } from '../errors';
import { parseLimitedJson } from '../limited-json';
import type { PuppetScope } from './puppet-scope';

/** Events whose Wechaty listeners are removed: they load whole rooms, or fail when an inviter is missing. */
const replacedListeners = [
  'message',
  'post',
  'friendship',
  'room-invite',
  'room-join',
  'room-leave',
  'room-topic',
  'dirty',
] as const;

// Wechaty logs errors with tokens in them; we receive them as events.
if (!process.env.WECHATY_LOG) log.level('silent');

/** The name of an event of a puppet, as Wechaty or a puppet of ours defines it; the event table has an entry for each. */
export type PuppetEventName = types.PuppetEventName | (typeof extraEvents)[number];

const puppetEvents = [...Object.keys(types.PUPPET_EVENT_DICT), ...extraEvents] as PuppetEventName[];

/** The fields of puppet events that the bot itself reads, all of them untrusted. */
export interface PuppetEventFields {
  readonly qrcode?: unknown;
  readonly status?: unknown;
  readonly data?: unknown;
  readonly contactId?: unknown;
  readonly payloadType?: unknown;
  readonly payloadId?: unknown;
  readonly roomId?: unknown;
  readonly roomInvitationId?: unknown;
}

/** The callbacks of a puppet session. */
export interface PuppetSessionListener {
  /** Called with the puppet's own payload; not after `stop`. */
  onEvent(name: PuppetEventName, payload: unknown): void;
  /** Called at most once, when the connection is lost; the session must then be stopped. */
  onEnd(error: Error): void;
  /** Called with what the puppet throws where nothing awaits it while the session stops. */
  onLateError(error: Error): void;
}

/** In ms. */
export interface PuppetSessionTimeouts {
  readonly start: number;
  readonly stop: number;
  /** After an error, or when idle, the puppet must emit something within this time. */
  readonly probe: number;
  /** Without events for this long the puppet is probed: not every puppet notices that its connection is lost. */
  readonly idle: number;
}

const defaultTimeouts: PuppetSessionTimeouts = { start: 60_000, stop: 8_000, probe: 5_000, idle: 60_000 };

/** The data of our own pings (`ding`), so that their `dong` events are not passed on. */
const pingData = 'alive?';

/** One puppet from start to stop, with its watchdog. */
export class PuppetSession {
  readonly puppet: Puppet;
  readonly #listener: PuppetSessionListener;
  readonly #scope: PuppetScope;
  readonly #timeouts: PuppetSessionTimeouts;
  #wechaty: { stop(): Promise<void> } | undefined;
  #starting: Promise<void> = Promise.resolve();
  #probeTimer: NodeJS.Timeout | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #lastActivityAt = 0;
  /** Whether the puppet ever emitted `dong`; only then can it be called lost when it does not. */
  #supportsPing = false;
  /** Whether `ding` is being called. */
  #pinging = false;
  /**
   * Whether `ding` itself emits `dong`, as in wechaty-puppet-wechat4u. That says nothing about the connection: a login
   * is not ended by such a ping, and a start is not kept by it.
   */
  #answersItself = false;
  #open = true;

  constructor(
    puppet: Puppet,
    scope: PuppetScope,
    listener: PuppetSessionListener,
    deadlines: Partial<PuppetSessionTimeouts> = {},
  ) {
    this.puppet = puppet;
    this.#listener = listener;
    this.#scope = scope;
    scope.onError = (error) => {
      if (this.#open) this.#end(error);
      else listener.onLateError(error);
    };
    this.#timeouts = { ...defaultTimeouts, ...deadlines };
  }

  /**
   * Starts the puppet under Wechaty.
   * @throws Error when it failed to start; the session must then be stopped.
   */
  start(memory: MemoryCard): Promise<void> {
    return this.#scope.run(() => this.#start(memory));
  }

  async #start(memory: MemoryCard): Promise<void> {
    // Wechaty types `on` per event name; here the names come from a list.
    const emitter = untypedEmitter(this.puppet);
    const ownListeners = new Map(replacedListeners.map((name) => [name, new Set(emitter.listeners(name))]));
    const wechaty = WechatyBuilder.build({ memory, puppet: this.puppet });
    wechaty.on('error', () => undefined);
    await wechaty.init();
    for (const name of replacedListeners) {
      for (const added of emitter.listeners(name)) {
        if (!ownListeners.get(name)?.has(added)) emitter.off(name, added as (...args: unknown[]) => void);
      }
    }
    this.#listen();
    const outcome = this.#startOutcome();
    this.#wechaty = wechaty;
    const starting = wechaty.start();
    this.#starting = starting;
    const started = Promise.all([outcome, starting]);
    const ms = this.#timeouts.start;
    await withTimeout(started, ms, () => new WechatError('TIMEOUT', 'startTimeout', { seconds: ms / 1000 }));
    if (this.#open) this.#startIdleTimer();
  }

  /**
   * Stops the puppet within a bounded time, even if it hangs. Idempotent.
   * @param pending the puppet is stopped when this settles; its events are ignored at once.
   */
  async stop(pending: Promise<void> = Promise.resolve()): Promise<void> {
    await this.#scope.run(() => this.#stop(pending));
    this.#scope.close();
  }

  async #stop(pending: Promise<void>): Promise<void> {
    this.#open = false;
    this.#clearProbe();
    clearInterval(this.#idleTimer);
    const wechaty = this.#wechaty;
    this.#wechaty = undefined;
    if (!wechaty) return;
    await pending;
    cancelEventStream(this.puppet);
    await settleWithin(wechaty.stop(), this.#timeouts.stop);
    // A start that hung may still finish, and would set Wechaty's timers again.
    this.#starting.then(() => wechaty.stop()).catch(() => undefined);
    // Caches and timers of the puppet must not retain our listeners, and with them the bot.
    const emitter = untypedEmitter(this.puppet);
    for (const name of puppetEvents) if (name !== 'error') emitter.removeAllListeners(name);
  }

  /** The outcome of `onStart`: Wechaty's own promise resolves after a failed start, and after 15 s of a slow one. */
  #startOutcome(): Promise<void> {
    const onStart = this.puppet.onStart.bind(this.puppet);
    return new Promise<void>((resolve, reject) => {
      this.puppet.onStart = async () => {
        const starting = Promise.resolve().then(onStart);
        starting.then(resolve, (error: unknown) => {
          reject(error instanceof Error ? error : new Error(errorMessage(error)));
        });
        await starting;
      };
    });
  }

  #listen(): void {
    // Wechaty types `on` per event name, and does not know the names of our own events.
    const emitter = untypedEmitter(this.puppet);
    for (const name of puppetEvents) {
      emitter.on(name, (payload: unknown) => {
        this.#onPuppetEvent(name, payload);
      });
    }
    // Only the bot's life cycle restarts puppets.
    this.puppet.reset = () => {
      this.#end(new WechatError('FAILED', 'resetWanted', { error: this.puppet.name() }));
      return Promise.resolve();
    };
  }

  #onPuppetEvent(name: PuppetEventName, payload: unknown): void {
    if (!this.#open) return;
    if (name === 'dong' && this.#pinging) {
      this.#answersItself = true;
      return;
    }
    if (name === 'error') this.#startProbe(payload);
    else {
      this.#lastActivityAt = performance.now();
      if (this.#probeTimer) this.#clearProbe();
    }
    if (name === 'dong') {
      this.#supportsPing = true;
      if ((payload as { data?: unknown } | undefined)?.data === pingData) return;
    }
    this.#listener.onEvent(name, payload);
    if (name === 'reset')
      this.#end(new WechatError('FAILED', 'resetWanted', { error: puppetErrorMessage(payload) }));
  }

  /** An error need not end the connection: the puppet is pinged, and lost when it stays silent. */
  #startProbe(cause: unknown): void {
    if (this.#probeTimer) return;
    this.#probeTimer = setTimeout(() => {
      this.#end(new WechatError('FAILED', 'connectionLost', { error: puppetErrorMessage(cause) }));
    }, this.#timeouts.probe);
    this.#sendPing();
    if (this.#answersItself && this.puppet.isLoggedIn) this.#clearProbe();
  }

  #startIdleTimer(): void {
    const { idle } = this.#timeouts;
    this.#sendPing();
    this.#idleTimer = setInterval(() => {
      if (performance.now() - this.#lastActivityAt < idle) return;
      if (this.#supportsPing) this.#startProbe(`no event for ${Math.round(idle / 1000)} s`);
      else this.#sendPing();
    }, idle).unref();
  }

  #sendPing(): void {
    this.#pinging = true;
    try {
      this.puppet.ding(pingData);
    } catch {
      // Without a `dong` the probe times out.
    } finally {
      this.#pinging = false;
    }
  }

  #clearProbe(): void {
    clearTimeout(this.#probeTimer);
    this.#probeTimer = undefined;
  }

  #end(error: Error): void {
    if (!this.#open) return;
    this.#open = false;
    this.#clearProbe();
    clearInterval(this.#idleTimer);
    this.#listener.onEnd(error);
  }
}

/**
 * Cancels the event stream of `wechaty-puppet-service`, which drops its stream without ending the call and would leak
 * a socket with every stop.
 */
function cancelEventStream(puppet: Puppet): void {
  const { _grpcManager: service } = puppet as {
    _grpcManager?: { eventStream?: { cancel?: () => void } };
  };
  service?.eventStream?.cancel?.();
}

/** The message in an `error` or `reset` event of a puppet, which may be an Error, JSON in a field, or text. */
export function puppetErrorMessage(payload: unknown): string {
  if (payload instanceof Error || typeof payload === 'string') return errorMessage(payload);
  const { gerror, data } = (payload ?? {}) as { gerror?: unknown; data?: unknown };
  if (typeof gerror === 'string') {
    try {
      const { message } = parseLimitedJson(Buffer.from(gerror)) as { message?: unknown };
      if (typeof message === 'string') return message;
    } catch {
      return gerror;
    }
  }
  return typeof data === 'string' && data ? data : errorMessage(payload);
}
