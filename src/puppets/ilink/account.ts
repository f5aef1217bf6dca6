/** All bindings of one bot: logins, pollers, sends and what is on disk. Knows nothing of Wechaty. */
import { randomUUID } from 'node:crypto';
import { EventEmitter, setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage } from '../../util/error-message';
import { settleWithin } from '../../util/timeout';
import { CredentialsFile } from './bindings/credentials-file';
import { MessageStore } from './bindings/message-store';
import type { Binding, StoredMessage } from './bindings/records';
import { IlinkClient } from './client/ilink-client';
import { IlinkError } from './client/ilink-error';
import type { LoginCode } from './client/wire-types';
import type { Invitation, InvitationChange } from './invitation';
import { codeLifetimeMs, followCode, type LoginResult, VerifyCodePrompt } from './login';
import { pollMessages } from './poller';
import { PuppetError } from './puppet-error';
import { Sender, type HeldOutcome } from './sender';
import type { IlinkSettings } from './settings';
import { Typing } from './typing';

/** A person dropped out: logged out here, or the token is dead, or a newer scan took its place. */
export type UnboundReason = 'logout' | 'token-dead' | 'replaced';

/** Open invitations at the same time. */
const maxInvitations = 100;

/** What an account tells. */
export interface AccountEvents {
  /** A QR code is to be shown. */
  code: [LoginCode];
  scanned: [LoginCode];
  /** The phone shows digits; whether those typed before were wrong. */
  digits: [LoginCode, boolean];
  bound: [Binding];
  unbound: [Binding, UnboundReason];
  /** A message is on disk and waits to be told. */
  message: [StoredMessage];
  outcome: [HeldOutcome];
  invitation: [InvitationChange];
  /** Nothing works any more, with the reason: the network is away. */
  offline: [string];
  problem: [Error];
}

/** After this many failed polls in a row of every binding, the network is taken to be away. */
const offlineFailures = 3;

/** How long a failed login waits before it shows another code, in ms. */
const loginRetryMs = 3_000;

/** How long WeChat may take to be told of the end, in ms. */
const farewellMs = 500;

const pruneIntervalMs = 60 * 60 * 1000;

/** One bot with any number of people. */
export class IlinkAccount extends EventEmitter<AccountEvents> {
  readonly store: MessageStore;
  readonly client: IlinkClient;
  readonly signal: AbortSignal;
  readonly typing: Typing;
  readonly #settings: IlinkSettings;
  readonly #now: () => number;
  readonly #file: CredentialsFile;
  readonly #stopper = new AbortController();
  readonly #pollers = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();
  readonly #failing = new Set<string>();
  readonly #prompt = new VerifyCodePrompt();
  readonly #invitations = new Map<string, VerifyCodePrompt>();
  readonly #pruneTimer: NodeJS.Timeout;
  #sender: Sender | undefined;
  #login: Promise<void> = Promise.resolve();
  #isLoggingIn = false;

  private constructor(
    settings: IlinkSettings,
    now: () => number,
    store: MessageStore,
    file: CredentialsFile,
  ) {
    super();
    this.#settings = settings;
    this.#now = now;
    this.#file = file;
    this.store = store;
    this.client = new IlinkClient(settings);
    this.signal = this.#stopper.signal;
    this.typing = new Typing(this);
    setMaxListeners(0, this.signal);
    this.#pruneTimer = setInterval(() => {
      this.store.prune().catch(this.#onProblem);
    }, pruneIntervalMs).unref();
  }

  /**
   * Opens what is on disk.
   * @param onProblem called with a sentence when something was damaged
   * @throws Error when the folder cannot be written, or another process uses it
   */
  static async open(
    settings: IlinkSettings,
    now: () => number,
    onProblem: (problem: string) => void,
  ): Promise<IlinkAccount> {
    const file = new CredentialsFile(join(settings.dataDir, 'bindings.json'));
    const store = await MessageStore.open(join(settings.dataDir, 'messages'), now, onProblem);
    try {
      if (await file.load()) onProblem('The file of the logins was damaged and was moved aside.');
    } catch (error) {
      await store.close();
      throw error;
    }
    return new IlinkAccount(settings, now, store, file);
  }

  /** The people who are connected, oldest first. */
  get bindings(): Binding[] {
    return this.#file.list();
  }

  bindingOf(userId: string): Binding | undefined {
    return this.bindings.find((binding) => binding.userId === userId);
  }

  get sender(): Sender {
    if (!this.#sender) throw new Error('The account is not open.');
    return this.#sender;
  }

  get now(): number {
    return this.#now();
  }

  /**
   * Connects: checks the network, and that the first token works.
   * @throws Error when WeChat cannot be reached, or gives no QR code
   */
  async connect(): Promise<void> {
    this.#sender = await Sender.open({
      client: this.client,
      store: this.store,
      holdMs: this.#settings.holdMs,
      signal: this.signal,
      now: this.#now,
      bindingOf: (userId) => this.bindingOf(userId),
      onStale: this.#onStale,
      onOutcome: (outcome) => this.emit('outcome', outcome),
    });
    const [first] = this.bindings;
    if (!first) {
      this.#showLogin(await this.client.createCode([], this.signal));
      return;
    }
    await this.client.notify(first, 'start', this.signal).catch((error: unknown) => {
      // Tencent's client ignores refusals here; a dead token shows in the poll.
      if (!(error instanceof IlinkError)) throw error;
    });
  }

  /** Starts to poll for all bindings. */
  startPolling(): void {
    for (const binding of this.bindings) this.#poll(binding);
  }

  /** Shows a QR code until somebody has logged in; idempotent. */
  showLogin(): void {
    this.#showLogin(undefined);
  }

  /**
   * Gives the digits that a phone shows.
   * @param invitationId of whose QR code; default: that of the login
   * @returns whether they were awaited
   */
  submitVerifyCode(code: string, invitationId?: string): boolean {
    const prompt = invitationId === undefined ? this.#prompt : this.#invitations.get(invitationId);
    return prompt?.submit(code.trim()) ?? false;
  }

  /** Shows a QR code to one more person; events tell what becomes of it. @throws PuppetError, Error */
  async invite(): Promise<Invitation> {
    if (this.#invitations.size >= maxInvitations)
      throw new PuppetError('RATE_LIMITED', 'Too many invitations are open: wait until some have expired.');
    const prompt = new VerifyCodePrompt();
    const id = randomUUID();
    this.#invitations.set(id, prompt);
    try {
      const code = await this.client.createCode(this.#tokens(), this.signal);
      void this.#followInvitation(id, code, prompt);
      return { id, url: code.url, expiresAt: this.#now() + codeLifetimeMs };
    } catch (error) {
      this.#invitations.delete(id);
      throw error;
    }
  }

  /** Logs everybody out; the tokens are forgotten. */
  async logOut(): Promise<void> {
    const { bindings } = this;
    await settleWithin(
      Promise.allSettled(bindings.map((binding) => this.client.notify(binding, 'stop'))),
      farewellMs,
    );
    for (const { userId } of bindings) this.#stopPoller(userId);
    await this.#file.clear();
    for (const binding of bindings) this.emit('unbound', binding, 'logout');
  }

  /** Ends everything within a second; idempotent. */
  async close(): Promise<void> {
    if (this.signal.aborted) return;
    this.#stopper.abort();
    clearInterval(this.#pruneTimer);
    this.#sender?.close();
    this.typing.close();
    const farewell = this.bindings.map((binding) => this.client.notify(binding, 'stop'));
    await settleWithin(Promise.allSettled(farewell), farewellMs);
    this.client.close();
    await settleWithin(
      Promise.allSettled([this.#login, ...[...this.#pollers.values()].map(({ ended }) => ended)]),
      farewellMs,
    );
    await this.store.close();
  }

  #showLogin(code: LoginCode | undefined): void {
    if (this.#isLoggingIn || this.signal.aborted) return;
    this.#isLoggingIn = true;
    this.#login = this.#logIn(code).finally(() => {
      this.#isLoggingIn = false;
    });
  }

  /** Shows one code after the other until somebody has logged in. */
  async #logIn(firstCode: LoginCode | undefined): Promise<void> {
    let code = firstCode;
    for (;;) {
      try {
        const shown: LoginCode = code ?? (await this.client.createCode(this.#tokens(), this.signal));
        code = undefined;
        this.emit('code', shown);
        const result = await this.#follow(shown);
        if (result.outcome === 'confirmed') {
          await this.#bind(result.binding);
          return;
        }
        if (result.outcome === 'already-bound')
          throw new Error('WeChat says that this bot is connected already.');
      } catch (error) {
        if (this.signal.aborted) return;
        this.emit('problem', new Error(`The login failed: ${errorMessage(error)}`));
        await delay(loginRetryMs, undefined, { signal: this.signal }).catch(() => undefined);
      }
    }
  }

  async #followInvitation(id: string, code: LoginCode, prompt: VerifyCodePrompt): Promise<void> {
    const tell = (change: Omit<InvitationChange, 'id'>): void => {
      this.emit('invitation', { id, ...change });
    };
    const hooks = {
      now: this.#now,
      onScanned: () => {
        tell({ state: 'scanned' });
      },
      verifyCode: (isWrong: boolean, signal: AbortSignal) => {
        const digits = prompt.wait(signal);
        tell({ state: isWrong ? 'digits-wrong' : 'digits' });
        return digits;
      },
    };
    try {
      const result = await followCode(this.client, code, hooks, this.signal);
      if (result.outcome === 'confirmed') {
        await this.#bind(result.binding);
        tell({ state: 'joined', userId: result.binding.userId });
      } else if (result.outcome === 'already-bound') tell({ state: 'already-joined' });
      else if (result.outcome === 'expired') tell({ state: 'expired' });
      else tell({ state: 'failed', error: 'too many wrong digits' });
    } catch (error) {
      if (!this.signal.aborted) tell({ state: 'failed', error: errorMessage(error) });
    } finally {
      this.#invitations.delete(id);
    }
  }

  #follow(code: LoginCode): Promise<LoginResult> {
    const hooks = {
      now: this.#now,
      onScanned: () => this.emit('scanned', code),
      verifyCode: (isWrong: boolean, signal: AbortSignal) => {
        const digits = this.#prompt.wait(signal);
        this.emit('digits', code, isWrong);
        return digits;
      },
    };
    return followCode(this.client, code, hooks, this.signal);
  }

  #tokens(): string[] {
    return this.bindings.map(({ token }) => token).reverse();
  }

  /** A person has logged in; a newer bot of the same person takes the place of the old one. */
  async #bind(binding: Binding): Promise<void> {
    const old = this.bindingOf(binding.userId);
    await this.#file.set(binding);
    this.#stopPoller(binding.userId);
    if (old) this.emit('unbound', old, 'replaced');
    void this.client.notify(binding, 'start', this.signal).catch(() => undefined);
    this.emit('bound', binding);
    this.#poll(binding);
  }

  #poll(binding: Binding): void {
    const stop = new AbortController();
    const abort = (): void => {
      stop.abort();
    };
    this.signal.addEventListener('abort', abort, { once: true });
    const context = {
      client: this.client,
      store: this.store,
      now: this.#now,
      onMessages: (_: Binding, messages: readonly StoredMessage[]) => {
        for (const message of messages) this.emit('message', message);
        this.typing.onReceived(binding);
        this.sender.flush(binding.userId).catch(this.#onProblem);
      },
      onStale: this.#onStale,
      onHealth: ({ userId }: Binding, failures: number, reason: string) => {
        this.#onHealth(userId, failures, reason);
      },
    };
    const ended = pollMessages(binding, context, stop.signal).finally(() => {
      this.signal.removeEventListener('abort', abort);
    });
    this.#pollers.set(binding.userId, { stop, ended });
  }

  #stopPoller(userId: string): void {
    this.#pollers.get(userId)?.stop.abort();
    this.#pollers.delete(userId);
    this.#failing.delete(userId);
  }

  #onHealth(userId: string, failures: number, reason: string): void {
    if (failures === 0) this.#failing.delete(userId);
    else this.#failing.add(userId);
    const areAllFailing = this.#failing.size === this.#pollers.size;
    if (failures >= offlineFailures && areAllFailing) this.emit('offline', reason);
  }

  readonly #onStale = (binding: Binding): void => {
    if (this.bindingOf(binding.userId)?.botId !== binding.botId) return;
    this.#stopPoller(binding.userId);
    this.#file.remove(binding).then(() => this.emit('unbound', binding, 'token-dead'), this.#onProblem);
  };

  readonly #onProblem = (error: unknown): void => {
    if (this.signal.aborted) return;
    this.emit('problem', error instanceof Error ? error : new Error(errorMessage(error)));
  };
}
