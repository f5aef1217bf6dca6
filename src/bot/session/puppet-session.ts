/**
 * One life of a puppet: from its start to its end, whichever way it ends. Wechaty starts and stops it; what the
 * puppet tells is heard directly, because Wechaty reads a room with every member before it passes a message on.
 */
import type { EventEmitter } from 'node:events';
import type { MemoryCard } from 'memory-card';
import { log, WechatyBuilder } from 'wechaty';
import type { Puppet } from 'wechaty-puppet';
import { withTimeout } from '../../util/timeout';
import { errorMessage, WechatError } from '../errors';

/** Wechaty's own listeners for these read whole rooms, or fail where an inviter is missing: ours replace them. */
const replaced = [
  'message',
  'post',
  'friendship',
  'room-invite',
  'room-join',
  'room-leave',
  'room-topic',
  'dirty',
] as const;

// Wechaty prints what it catches, tokens included; what matters reaches us as events.
if (!process.env.WECHATY_LOG) log.level('silent');

/** What a puppet may tell. */
export const puppetEvents = [
  'scan',
  'login',
  'logout',
  'ready',
  'message',
  'post',
  'friendship',
  'room-invite',
  'room-join',
  'room-leave',
  'room-topic',
  'error',
  'heartbeat',
  'dong',
  'dirty',
  'reset',
] as const;

/** The name of something a puppet told. */
export type PuppetEventName = (typeof puppetEvents)[number];

/** Who is told what happens to a connection. */
export interface ConnectionListener {
  /** Something the puppet told, in the puppet's own form. Not called any more once `stop` was. */
  event(name: PuppetEventName, payload: unknown): void;
  /** The connection broke; it is of no use any more and wants to be stopped. Called once at most. */
  end(error: Error): void;
}

/** How long the steps may take, in ms. */
export interface ConnectionDeadlines {
  readonly start: number;
  readonly stop: number;
  /** After an error, or long silence, the puppet must give a sign of life within this time. */
  readonly probe: number;
  /** Silence for this long is too long: not every puppet notices that its own connection is gone. */
  readonly idle: number;
}

const usualDeadlines: ConnectionDeadlines = { start: 60_000, stop: 8_000, probe: 5_000, idle: 60_000 };

/** What our own dings carry, so that their dongs are not taken for somebody else's. */
const lifeSign = 'alive?';

/** A puppet that is being started, runs, or has ended. */
export class Connection {
  readonly puppet: Puppet;
  readonly #listener: ConnectionListener;
  readonly #deadlines: ConnectionDeadlines;
  #wechaty: { stop(): Promise<void> } | undefined;
  #starting: Promise<void> = Promise.resolve();
  #probe: NodeJS.Timeout | undefined;
  #patrol: NodeJS.Timeout | undefined;
  #heardAt = 0;
  /** Whether the puppet ever answered a ding; only of one that did, silence means something. */
  #answers = false;
  #open = true;

  constructor(puppet: Puppet, listener: ConnectionListener, deadlines: Partial<ConnectionDeadlines> = {}) {
    this.puppet = puppet;
    this.#listener = listener;
    this.#deadlines = { ...usualDeadlines, ...deadlines };
  }

  /**
   * Starts the puppet under Wechaty.
   * @throws Error when it did not start; the connection must then be stopped.
   */
  async start(memory: MemoryCard): Promise<void> {
    const emitter = this.puppet as unknown as EventEmitter;
    const own = new Map(replaced.map((name) => [name, new Set(emitter.listeners(name))]));
    const wechaty = WechatyBuilder.build({ memory, puppet: this.puppet });
    wechaty.on('error', () => undefined);
    await wechaty.init();
    for (const name of replaced) {
      for (const added of emitter.listeners(name)) {
        if (!own.get(name)?.has(added)) emitter.off(name, added as (...args: unknown[]) => void);
      }
    }
    this.#listen();
    const outcome = this.#startOutcome();
    this.#wechaty = wechaty;
    const starting = wechaty.start();
    this.#starting = starting;
    const started = Promise.all([outcome, starting]);
    const ms = this.#deadlines.start;
    await withTimeout(started, ms, () => new WechatError('TIMEOUT', 'startTimeout', { seconds: ms / 1000 }));
    if (this.#open) this.#watchSilence();
  }

  /**
   * Ends it, within a bounded time, whatever the puppet does. Idempotent.
   * @param last what the puppet is still needed for; nothing it tells is heard meanwhile.
   */
  async stop(last: Promise<void> = Promise.resolve()): Promise<void> {
    this.#open = false;
    this.#relax();
    clearInterval(this.#patrol);
    const wechaty = this.#wechaty;
    this.#wechaty = undefined;
    if (!wechaty) return;
    await last;
    cancelEventStream(this.puppet);
    const stopped = wechaty.stop();
    stopped.catch(() => undefined);
    await withTimeout(stopped, this.#deadlines.stop, () => new Error('stop timed out')).catch(
      () => undefined,
    );
    // A start that hung may still come through, and would set Wechaty's timers again.
    this.#starting.then(() => wechaty.stop()).catch(() => undefined);
    // Payload caches and late timers of puppets must not keep our listeners, and through them the bot, alive.
    for (const name of puppetEvents) if (name !== 'error') this.puppet.removeAllListeners(name);
  }

  /** Wechaty swallows a failed start, and passes a slow one off as done after 15 s; this tells the truth. */
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
    for (const name of puppetEvents) {
      this.puppet.on(name, (payload: unknown) => {
        this.#hear(name, payload);
      });
    }
    // A puppet that resets itself would be a second owner of restarts beside the bot.
    this.puppet.reset = () => {
      this.#end(new WechatError('FAILED', 'resetWanted', { error: this.puppet.name() }));
      return Promise.resolve();
    };
  }

  #hear(name: PuppetEventName, payload: unknown): void {
    if (!this.#open) return;
    if (name === 'error') this.#expectSignOfLife(payload);
    else {
      this.#heardAt = Date.now();
      if (this.#probe) this.#relax();
    }
    if (name === 'dong') {
      this.#answers = true;
      if ((payload as { data?: unknown } | undefined)?.data === lifeSign) return;
    }
    this.#listener.event(name, payload);
    if (name === 'reset')
      this.#end(new WechatError('FAILED', 'resetWanted', { error: puppetErrorText(payload) }));
  }

  /** Not every error is the end: after one, the puppet is asked to answer, and given up if it does not. */
  #expectSignOfLife(cause: unknown): void {
    if (this.#probe) return;
    this.#probe = setTimeout(() => {
      this.#end(new WechatError('FAILED', 'connectionLost', { error: puppetErrorText(cause) }));
    }, this.#deadlines.probe);
    this.#ding();
  }

  #watchSilence(): void {
    const { idle } = this.#deadlines;
    this.#ding();
    this.#patrol = setInterval(() => {
      if (Date.now() - this.#heardAt < idle) return;
      if (this.#answers) this.#expectSignOfLife(`nothing was heard for ${Math.round(idle / 1000)} s`);
      else this.#ding();
    }, idle).unref();
  }

  #ding(): void {
    try {
      this.puppet.ding(lifeSign);
    } catch {
      // No answer will come, which is what the timers wait for.
    }
  }

  #relax(): void {
    clearTimeout(this.#probe);
    this.#probe = undefined;
  }

  #end(error: Error): void {
    if (!this.#open) return;
    this.#open = false;
    this.#relax();
    clearInterval(this.#patrol);
    this.#listener.end(error);
  }
}

/**
 * Ends the event stream of `wechaty-puppet-service`, which forgets its stream without ending the call: every stop
 * would leave a socket behind.
 */
function cancelEventStream(puppet: Puppet): void {
  const { _grpcManager: service } = puppet as {
    _grpcManager?: { eventStream?: { cancel?: () => void } };
  };
  service?.eventStream?.cancel?.();
}

/** The sentence in an `error` or `reset` event of a puppet, which may come as an Error, JSON in a field, or text. */
export function puppetErrorText(payload: unknown): string {
  if (payload instanceof Error || typeof payload === 'string') return errorMessage(payload);
  const { gerror, data } = (payload ?? {}) as { gerror?: unknown; data?: unknown };
  if (typeof gerror === 'string') {
    try {
      const { message } = JSON.parse(gerror) as { message?: unknown };
      if (typeof message === 'string') return message;
    } catch {
      return gerror;
    }
  }
  return typeof data === 'string' && data ? data : errorMessage(payload);
}
