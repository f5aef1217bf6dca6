/** The connection state machine of a bot: starts puppet sessions, restarts them after errors, times logins out. */
import type { StatusKey, TextValues } from '../../i18n/catalogue';
import { Backoff } from '../../util/backoff';
import { errorMessage, puppetFailure, WechatError } from '../errors';
import type { BotState, BotStateName } from '../state';

/** A puppet session as the state machine needs it. */
export interface Startable {
  /** @throws Error when it failed to start. */
  start(): Promise<void>;
  /** Resolves within a bounded time; idempotent. */
  stop(): Promise<void>;
}

/** The dependencies of a `Lifecycle`. */
export interface LifecycleCallbacks {
  /** Creates a session that calls `onLost` when it breaks. @throws WechatError when the settings are wrong. */
  createSession(onLost: (error: Error) => void): Promise<Startable>;
  onStateChange(state: BotState): void;
  /** Called with every error that ends a session; returns its message without secrets. */
  onError(error: Error): string;
  /** Masks secrets in a text. */
  redact(text: string): string;
}

/** In ms; shorter ones speed up tests. */
export interface LifecycleTimings {
  readonly minRetryMs: number;
  readonly maxRetryMs: number;
  /** A login that lasted this long resets the retry delay. */
  readonly healthyAfterMs: number;
  /** How long QR codes are shown before a login attempt ends. */
  readonly scanTimeoutMs: number;
}

const defaultTimings: LifecycleTimings = {
  minRetryMs: 1_000,
  maxRetryMs: 5 * 60_000,
  healthyAfterMs: 60_000,
  scanTimeoutMs: 5 * 60_000,
};

/** How long after the start of the puppet the state says that there is no login yet. */
const waitingForLoginMs = 5_000;

/** Configuration errors; retrying cannot succeed. */
function isConfigurationError(error: unknown): boolean {
  return error instanceof WechatError && ['INVALID_PARAMS', 'NOT_FOUND', 'REFUSED'].includes(error.code);
}

/** The connection state machine of one bot. */
export class Lifecycle {
  readonly #callbacks: LifecycleCallbacks;
  readonly #timings: LifecycleTimings;
  readonly #backoff: Backoff;
  #state: BotState = { name: 'stopped', reason: { key: 'stopped', values: {} }, since: Date.now() };
  /** Changes with every start and stop; callbacks of earlier sessions are ignored. */
  #generation = 0;
  #current: Startable | undefined;
  #stopping: Promise<void> = Promise.resolve();
  #retryTimer: NodeJS.Timeout | undefined;
  #startedTimer: NodeJS.Timeout | undefined;
  #healthTimer: NodeJS.Timeout | undefined;
  #scanTimer: NodeJS.Timeout | undefined;
  /** By the monotonic clock. */
  #scanEndsAt = 0;

  constructor(callbacks: LifecycleCallbacks, timings: Partial<LifecycleTimings> = {}) {
    this.#callbacks = callbacks;
    this.#timings = { ...defaultTimings, ...timings };
    const { minRetryMs, maxRetryMs } = this.#timings;
    this.#backoff = new Backoff({ minMs: minRetryMs, maxMs: maxRetryMs });
  }

  get state(): BotState {
    return this.#state;
  }

  /** When the login attempt times out, in ms since 1970; undefined while no QR code is shown. */
  get scanEndsAt(): number | undefined {
    return this.#scanTimer && Date.now() + (this.#scanEndsAt - performance.now());
  }

  /** Starts a session, unless one runs or is being started. */
  start(): void {
    if (['stopped', 'failed', 'login-required'].includes(this.#state.name) && !this.#current)
      this.#startAttempt();
  }

  /** Stops the session; resolves when it has stopped. Idempotent. */
  async stop(): Promise<void> {
    await this.#shutDown('stopped', 'stopped');
  }

  /** Requests a login: extends the timeout of a QR code that is shown, else starts a new session. */
  login(): void {
    if (this.#state.name === 'scanning') this.#startScanTimer();
    else if (this.#state.name === 'login-required' || !this.#current) this.#startAttempt();
  }

  /** Called when the puppet shows a QR code. */
  onQrCode(): void {
    if (this.#state.name !== 'scanning' || this.#state.reason.key !== 'scanQr')
      this.#setState('scanning', 'scanQr');
    if (!this.#scanTimer) this.#startScanTimer();
  }

  /** Called when a phone has scanned the code and must still confirm. */
  onScanned(): void {
    this.#clearScanTimer();
    this.#setState('scanning', 'confirmOnPhone');
  }

  /** Called when the phone shows digits that must be typed here. @param isWrong whether those typed before were */
  onDigits(isWrong: boolean): void {
    this.#clearScanTimer();
    this.#setState('scanning', isWrong ? 'digitsWrong' : 'typeDigits');
  }

  /** Called when an account has logged in, and again with `ready` when everything is loaded. */
  onLoggedIn(user: { id: string; name: string }, ready: boolean): void {
    this.#clearScanTimer();
    if (!this.#healthTimer) {
      this.#healthTimer = setTimeout(() => {
        this.#backoff.reset();
      }, this.#timings.healthyAfterMs);
      this.#healthTimer.unref();
    }
    const values = { user: user.name || user.id };
    if (ready) this.#setState('ready', { key: 'ready', values }, user);
    else this.#setState('logged-in', { key: 'loggedIn', values }, user);
  }

  /** Called when the account was logged out; the puppet still runs and may show a QR code. */
  onLoggedOut(): void {
    this.#setState('login-required', 'loggedOut');
  }

  #startAttempt(): void {
    this.#generation += 1;
    const generation = this.#generation;
    this.#clearTimers();
    this.#stopCurrent();
    this.#setState('starting', 'starting');
    // Chained to `#stopping`, so that a stop meanwhile waits for the session that is being created.
    this.#stopping = this.#stopping.then(() => this.#startSession(generation));
  }

  async #startSession(generation: number): Promise<void> {
    if (generation !== this.#generation) return;
    const onLost = (thrown: unknown): void => {
      const isReason = thrown instanceof Error && !(thrown instanceof TypeError);
      const error = isReason ? thrown : puppetFailure(thrown);
      this.#onConnectionLost(generation, error);
    };
    try {
      const session = await this.#callbacks.createSession(onLost);
      if (generation !== this.#generation) {
        await session.stop();
        return;
      }
      this.#current = session;
      session.start().then(() => {
        this.#onStarted(generation);
      }, onLost);
    } catch (error) {
      onLost(error);
    }
  }

  /** A puppet may start and then neither show a QR code nor log in; without a network, for example. */
  #onStarted(generation: number): void {
    if (generation !== this.#generation) return;
    this.#startedTimer = setTimeout(() => {
      if (this.#state.reason.key === 'starting') this.#setState('starting', 'waitingForLogin');
    }, waitingForLoginMs);
    this.#startedTimer.unref();
  }

  #onConnectionLost(generation: number, error: Error): void {
    if (generation !== this.#generation) return;
    this.#generation += 1;
    const next = this.#generation;
    this.#clearTimers();
    this.#stopCurrent();
    const message = this.#callbacks.onError(error);
    const cause = error instanceof WechatError ? { cause: this.#translatable(error) } : {};
    if (isConfigurationError(error)) {
      this.#setState('failed', { key: 'failed', values: { error: message }, ...cause });
      return;
    }
    const delayMs = this.#backoff.next();
    const values = { error: message, seconds: Math.round(delayMs / 1000) };
    this.#setState('restarting', { key: 'restarting', values, ...cause });
    this.#retryTimer = setTimeout(() => {
      if (next === this.#generation) this.#startAttempt();
    }, delayMs);
  }

  #translatable({ key, values }: WechatError): NonNullable<BotState['reason']['cause']> {
    const redacted = Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? this.#callbacks.redact(value) : value,
    ]);
    return { key, values: Object.fromEntries(redacted) as TextValues };
  }

  async #shutDown(name: BotStateName, key: StatusKey): Promise<void> {
    this.#generation += 1;
    this.#backoff.reset();
    this.#clearTimers();
    this.#stopCurrent();
    if (this.#state.reason.key !== key) this.#setState(name, key);
    await this.#stopping;
  }

  /** Stops the current session; the next one starts after that. */
  #stopCurrent(): void {
    const session = this.#current;
    this.#current = undefined;
    if (!session) return;
    this.#stopping = Promise.all([this.#stopping, session.stop()]).then(
      () => undefined,
      (error: unknown) => {
        this.#callbacks.onError(error instanceof Error ? error : new Error(errorMessage(error)));
      },
    );
  }

  #startScanTimer(): void {
    clearTimeout(this.#scanTimer);
    this.#scanEndsAt = performance.now() + this.#timings.scanTimeoutMs;
    this.#scanTimer = setTimeout(() => {
      void this.#shutDown('login-required', 'qrExpired');
    }, this.#timings.scanTimeoutMs);
  }

  #clearScanTimer(): void {
    clearTimeout(this.#scanTimer);
    this.#scanTimer = undefined;
  }

  #clearTimers(): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#startedTimer);
    clearTimeout(this.#healthTimer);
    this.#healthTimer = undefined;
    this.#clearScanTimer();
  }

  #setState(name: BotStateName, reason: StatusKey | BotState['reason'], user?: BotState['user']): void {
    this.#state = {
      name,
      reason: typeof reason === 'string' ? { key: reason, values: {} } : reason,
      since: Date.now(),
      ...(user ? { user } : {}),
    };
    this.#callbacks.onStateChange(this.#state);
  }
}
