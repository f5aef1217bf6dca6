/**
 * Brings a bot up and keeps it up: the one owner of restarts. It knows nothing of messages; it is given a way
 * to open a connection and tells in which state the bot is.
 */
import type { StatusKey } from '../../i18n/catalogue';
import { errorMessage, WechatError } from '../errors';
import type { BotState, BotStateName } from '../state';

/** A connection as the life cycle sees it. */
export interface Life {
  /** @throws Error when it could not be started. */
  start(): Promise<void>;
  /** Ends it within a bounded time; idempotent. */
  stop(): Promise<void>;
}

/** What the life cycle needs from outside. */
export interface LifecycleEffects {
  /** Prepares a new connection; `end` is to be called when it breaks. @throws WechatError when settings are wrong. */
  open(end: (error: Error) => void): Promise<Life>;
  /** Told of every change. */
  changed(state: BotState): void;
  /** Told of every error that ends a connection; answers with what may be said of it. */
  failed(error: Error): string;
}

/** Times in ms; shorter ones make tests quick. */
export interface LifecycleTimes {
  readonly firstRetry: number;
  readonly longestRetry: number;
  /** After this long without trouble the next retry is a first one again. */
  readonly healthy: number;
  /** How long a QR code waits for a phone. */
  readonly scan: number;
}

const usualTimes: LifecycleTimes = {
  firstRetry: 1_000,
  longestRetry: 5 * 60_000,
  healthy: 60_000,
  scan: 5 * 60_000,
};

/** Errors that trying again cannot heal: somebody must change the settings. */
function needsSomeone(error: unknown): boolean {
  return error instanceof WechatError && ['INVALID_PARAMS', 'NOT_FOUND', 'REFUSED'].includes(error.code);
}

/** The life cycle of one bot. */
export class Lifecycle {
  readonly #effects: LifecycleEffects;
  readonly #times: LifecycleTimes;
  #state: BotState = { name: 'stopped', reason: { key: 'stopped', values: {} }, since: Date.now() };
  /** Changes with every start and stop; what an earlier life still tells is ignored. */
  #era = 0;
  #life: Life | undefined;
  #ending: Promise<void> = Promise.resolve();
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #health: NodeJS.Timeout | undefined;
  #scanLimit: NodeJS.Timeout | undefined;
  #scanEndsAt: number | undefined;

  constructor(effects: LifecycleEffects, times: Partial<LifecycleTimes> = {}) {
    this.#effects = effects;
    this.#times = { ...usualTimes, ...times };
  }

  get state(): BotState {
    return this.#state;
  }

  /** When a QR code stops waiting for a phone, in ms since 1970; undefined while none does. */
  get scanEndsAt(): number | undefined {
    return this.#scanLimit && this.#scanEndsAt;
  }

  /** Wants the bot to run. Does nothing when it already does or is on its way. */
  start(): void {
    if (['stopped', 'failed', 'login-required'].includes(this.#state.name) && !this.#life) this.#begin();
  }

  /** Wants the bot not to run; resolves when nothing of it runs any more. Idempotent. */
  async stop(): Promise<void> {
    await this.#quit('stopped', 'stopped');
  }

  /** Asks for a login: a QR code that waits keeps waiting for its full time, anything else begins anew. */
  login(): void {
    if (this.#state.name === 'scanning') this.#limitScan();
    else if (this.#state.name === 'login-required' || !this.#life) this.#begin();
  }

  /** To be called when the puppet shows a QR code. */
  scanning(): void {
    if (this.#state.name !== 'scanning' || this.#state.reason.key !== 'scanQr')
      this.#set('scanning', 'scanQr');
    if (!this.#scanLimit) this.#limitScan();
  }

  /** To be called when a phone has scanned the code and must still confirm. */
  scanned(): void {
    this.#clearScanLimit();
    this.#set('scanning', 'confirmOnPhone');
  }

  /** To be called when an account is logged in. */
  loggedIn(user: { id: string; name: string }, ready: boolean): void {
    this.#clearScanLimit();
    if (!this.#health) {
      this.#health = setTimeout(() => {
        this.#failures = 0;
      }, this.#times.healthy);
      this.#health.unref();
    }
    const values = { user: user.name || user.id };
    if (ready) this.#set('ready', { key: 'ready', values }, user);
    else this.#set('logged-in', { key: 'loggedIn', values }, user);
  }

  /** To be called when the account was logged out; the puppet goes on and may show a QR code. */
  loggedOut(): void {
    this.#set('login-required', 'loggedOut');
  }

  #begin(): void {
    this.#era += 1;
    const era = this.#era;
    this.#clearTimers();
    this.#end();
    this.#set('starting', 'starting');
    // Part of the ending, so that a stop meanwhile waits for what is being opened.
    this.#ending = this.#ending.then(() => this.#open(era));
  }

  async #open(era: number): Promise<void> {
    if (era !== this.#era) return;
    const broke = (thrown: unknown): void => {
      this.#broke(era, thrown instanceof Error ? thrown : new Error(errorMessage(thrown)));
    };
    try {
      const life = await this.#effects.open(broke);
      if (era !== this.#era) {
        await life.stop();
        return;
      }
      this.#life = life;
      life.start().catch(broke);
    } catch (error) {
      broke(error);
    }
  }

  #broke(era: number, error: Error): void {
    if (era !== this.#era) return;
    this.#era += 1;
    const next = this.#era;
    this.#clearTimers();
    this.#end();
    const sentence = this.#effects.failed(error);
    const cause = error instanceof WechatError ? { cause: { key: error.key, values: error.values } } : {};
    if (needsSomeone(error)) {
      this.#set('failed', { key: 'failed', values: { error: sentence }, ...cause });
      return;
    }
    const pause = this.#pause();
    this.#failures += 1;
    const values = { error: sentence, seconds: Math.round(pause / 1000) };
    this.#set('restarting', { key: 'restarting', values, ...cause });
    this.#retry = setTimeout(() => {
      if (next === this.#era) this.#begin();
    }, pause);
  }

  /** Doubles with every failure, with jitter, so that many bots do not come back at the same moment. */
  #pause(): number {
    const { firstRetry, longestRetry } = this.#times;
    const full = Math.min(longestRetry, firstRetry * 2 ** this.#failures);
    return Math.max(firstRetry, full * (0.5 + Math.random() / 2));
  }

  async #quit(name: BotStateName, key: StatusKey): Promise<void> {
    this.#era += 1;
    this.#failures = 0;
    this.#clearTimers();
    this.#end();
    if (this.#state.reason.key !== key) this.#set(name, key);
    await this.#ending;
  }

  /** Ends the present connection; the next one waits for that. */
  #end(): void {
    const life = this.#life;
    this.#life = undefined;
    if (!life) return;
    this.#ending = Promise.all([this.#ending, life.stop()]).then(
      () => undefined,
      (error: unknown) => {
        this.#effects.failed(error instanceof Error ? error : new Error(errorMessage(error)));
      },
    );
  }

  #limitScan(): void {
    clearTimeout(this.#scanLimit);
    this.#scanEndsAt = Date.now() + this.#times.scan;
    this.#scanLimit = setTimeout(() => {
      void this.#quit('login-required', 'qrExpired');
    }, this.#times.scan);
  }

  #clearScanLimit(): void {
    clearTimeout(this.#scanLimit);
    this.#scanLimit = undefined;
  }

  #clearTimers(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#health);
    this.#health = undefined;
    this.#clearScanLimit();
  }

  #set(name: BotStateName, reason: StatusKey | BotState['reason'], user?: BotState['user']): void {
    this.#state = {
      name,
      reason: typeof reason === 'string' ? { key: reason, values: {} } : reason,
      since: Date.now(),
      ...(user ? { user } : {}),
    };
    this.#effects.changed(this.#state);
  }
}
