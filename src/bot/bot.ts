/** One WeChat account: its life cycle, its events in order, its rate-limited sends. */
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { Account, callTimeouts } from './account';
import { acquireAccountLock } from './session/account-lock';
import type { CommandAuditEntry } from './command-audit';
import {
  PuppetSession,
  puppetErrorMessage,
  type PuppetEventFields,
  type PuppetEventName,
} from './session/puppet-session';
import { stateEventBody } from './events/state-event';
import { ErrorThrottle } from './events/error-throttle';
import { DeliveredMessages } from './events/delivered-messages';
import { EventPipeline, type EventPipelineCallbacks } from './events/event-pipeline';
import { errorMessage, WechatError } from './errors';
import type { BotEvent, EventBody } from './events';
import { PayloadReader } from './events/payload-reader';
import { clearPayloadCache } from './payload-cache';
import { type Startable, Lifecycle } from './session/lifecycle';
import { InFlightSends } from './sending/in-flight-sends';
import { LoopGuard } from './sending/loop-guard';
import { SendQueue } from './sending/send-queue';
import { createConfiguredPuppet, installedPackage } from './session/puppet-loader';
import { PuppetScope, runOutsideScopes } from './session/puppet-scope';
import { maskSecrets, puppetSecrets } from './session/puppet-secrets';
import type { BotDependencies, BotEvents, BotSettings, QrCode } from './settings';
import { extrasOf } from './session/puppet-extras';
import { SessionFile } from './session/session-file';
import { type BotState, canSend } from './state';
import { parseScan } from './session/scan';
import { formatError, type StatusKey, formatStatus } from '../i18n/catalogue';

/** How long `stop` waits for sends in flight, in ms. */
const stopGraceMs = 2_000;

export type { BotDependencies, BotSettings, QrCode } from './settings';

/** One account. Emits `state`, `event`, `sent` and `command`; errors thrown by listeners are caught and logged. */
export class Bot {
  readonly settings: BotSettings;
  readonly loopGuard = new LoopGuard();
  readonly #dependencies: BotDependencies;
  readonly #emitter = new EventEmitter<BotEvents>();
  readonly #lifecycle: Lifecycle;
  readonly #eventPipeline: EventPipeline;
  readonly #delivered: DeliveredMessages;
  readonly #errors = new ErrorThrottle((message, count) => {
    this.#emitOwnEvent('error', { message: this.redact(message), count });
  });
  readonly #secrets: readonly string[];
  readonly #inFlightSends = new InFlightSends();
  #sendQueue: SendQueue;
  #reader: PayloadReader | undefined;
  #account: Account | undefined;
  #qrCode: QrCode | undefined;
  #unlockAccount: (() => void) | undefined;
  /** The last reason written to the log: the same state with a user name learned later is not logged again. */
  #lastLoggedReason: StatusKey = 'stopped';

  constructor(settings: BotSettings, dependencies: BotDependencies) {
    this.settings = settings;
    this.#dependencies = dependencies;
    this.#secrets = puppetSecrets(settings.options, settings.token);
    this.#sendQueue = new SendQueue(settings.rateLimits);
    this.#emitter.setMaxListeners(0);
    this.#lifecycle = new Lifecycle(
      {
        createSession: (onLost) => this.#createSession(onLost),
        onStateChange: (state) => this.#onStateChange(state),
        onError: (error) => {
          this.#errors.addOnce(error.message);
          return this.redact(error.message);
        },
        redact: (text) => this.redact(text),
      },
      dependencies.timings,
    );
    this.#delivered = new DeliveredMessages(join(this.dataDir, 'messages.log'), (sentence) => {
      this.#log('warn', sentence);
    });
    const callbacks: EventPipelineCallbacks = {
      onEvent: (event, body, timestamp) => this.#emit(event, body, timestamp),
      onUnreadable: (event, payload, error) => {
        const id = String(Object.values(payload ?? {})[0] ?? '');
        this.#errors.add(formatError('eventUnreadable', { event, id, error: errorMessage(error) }));
      },
    };
    this.#eventPipeline = new EventPipeline(dependencies.events, callbacks, this.#delivered);
  }

  get id(): string {
    return this.settings.id;
  }

  get name(): string {
    return this.settings.name || this.settings.id;
  }

  get state(): BotState {
    return this.#lifecycle.state;
  }

  /** The event `state` of the present state, for a listener that is added later. */
  get stateEvent(): BotEvent {
    const body = stateEventBody(this.state, (text) => this.redact(text));
    return this.#eventOf('state', body, Date.now());
  }

  /** The number of queued sends. */
  get queuedSends(): number {
    return this.#sendQueue.queued;
  }

  /** The QR code to be scanned, if any. */
  get qrCode(): QrCode | undefined {
    return this.#qrCode && { ...this.#qrCode, expiresAt: this.#lifecycle.scanEndsAt };
  }

  /** The folder of this bot's own files. */
  get dataDir(): string {
    return join(this.settings.userDir, 'wechat', this.settings.id.replace(/[^\w.-]/g, '_'));
  }

  /** Adds a listener; returns the function that removes it. */
  on<Name extends keyof BotEvents>(name: Name, listener: (value: BotEvents[Name][0]) => void): () => void {
    const guarded = (value: BotEvents[Name][0]): void => {
      try {
        listener(value);
      } catch (error) {
        this.#log('error', `A listener of ${name} failed: ${errorMessage(error)}`);
      }
    };
    const emitter = this.#emitter as EventEmitter;
    emitter.on(name, guarded);
    return () => emitter.off(name, guarded);
  }

  /** Starts the bot; it restarts by itself until `stop`. Idempotent. */
  start(): void {
    this.#lifecycle.start();
  }

  /**
   * Stops the bot: rejects queued sends, waits briefly for those in flight, and resolves when everything is
   * released, within 11 s. Idempotent.
   */
  async stop(): Promise<void> {
    this.#sendQueue.close();
    this.#sendQueue = new SendQueue(this.settings.rateLimits);
    await this.#lifecycle.stop();
    await this.#delivered.flush();
    this.#errors.flush();
    this.#releaseLock();
  }

  /** Requests a login: shows a QR code unless the saved session is still valid. */
  login(): void {
    this.#lifecycle.login();
  }

  /** Gives the digits that a phone shows during a login or for an invitation. @returns whether they were awaited */
  submitVerifyCode(code: string, invitationId?: string): boolean {
    return extrasOf(this.#reader?.puppet).submitVerifyCode?.(code, invitationId) ?? false;
  }

  /** Logs the account out of WeChat; the next start needs a login. @throws WechatError NOT_LOGGED_IN, FAILED */
  async logout(): Promise<void> {
    await this.account().call('logout', (puppet) => puppet.logout(), callTimeouts.write);
  }

  /** The logged-in account. @throws WechatError NOT_LOGGED_IN */
  account(): Account {
    if (!this.#account || !canSend(this.state)) {
      const { key, values } = this.state.reason;
      const state = formatStatus(key, values);
      throw new WechatError('NOT_LOGGED_IN', 'notLoggedIn', { state }, { cause: this.state });
    }
    return this.#account;
  }

  /**
   * Sends something at most once, rate-limited, in order within its conversation.
   * @param conversation the id of the contact or room.
   * @throws WechatError as `Account.call` does, and NOT_LOGGED_IN, RATE_LIMITED, or FAILED when stopped meanwhile.
   */
  async send<T>(
    conversation: string,
    call: string,
    work: (puppet: Account['puppet']) => Promise<T>,
  ): Promise<T> {
    this.account();
    const result = await this.#sendQueue.run(conversation, async () => {
      // Looked up when the send is due: a restart in between brings another puppet.
      const account = this.account();
      return this.#inFlightSends.track(account.call(call, work, callTimeouts.send));
    });
    this.#notify('sent', conversation);
    return result;
  }

  /** Emits `command` for audit logs; called for every executed command. */
  recordCommand(entry: CommandAuditEntry): void {
    this.#notify('command', entry);
  }

  /** Masks the token, the secrets in the options and the QR code of this bot in a text. */
  redact(text: string): string {
    return maskSecrets(text, this.#qrCode ? [...this.#secrets, this.#qrCode.url] : this.#secrets);
  }

  async #createSession(onLost: (error: Error) => void): Promise<Startable> {
    const { id, token, problem, puppet: name, userDir } = this.settings;
    if (problem) throw problem;
    const file = join(this.dataDir, 'session.json');
    this.#unlockAccount ??= acquireAccountLock({ id, name: this.name }, file, token);
    const builtIn = this.#dependencies.puppets[name]?.(id);
    const folder = builtIn ? undefined : installedPackage(name, userDir)?.folder;
    const scope = new PuppetScope({ label: this.name, secrets: this.#secrets, folder, onError: onLost });
    const puppet = await createConfiguredPuppet(this.settings, builtIn, scope);
    const reader = new PayloadReader(puppet, (payload, id) => {
      this.#account?.invalidate(payload, id);
    });
    const puppetSession = new PuppetSession(
      puppet,
      scope,
      {
        onEvent: (event, payload) => {
          this.#onPuppetEvent(reader, event, payload, scope);
        },
        onEnd: (error) => {
          this.#inFlightSends.abort();
          onLost(error);
        },
        onLateError: (error) => {
          this.#log('warn', `${this.name}: ${error.message}`);
        },
      },
      this.#dependencies.timeouts,
    );
    const session = new SessionFile(file);
    session.onProblem = (problem) => {
      this.#log('warn', problem.message);
      this.#errors.add(problem.message);
    };
    await session.load();
    await this.#delivered.load();
    return {
      start: async () => {
        this.#reader = reader;
        this.#emitOwnEvent('puppet', { name: puppet.name(), version: puppet.version() });
        await puppetSession.start(session);
        this.#emitOwnEvent('start', {});
      },
      stop: async () => {
        this.#clearAccount();
        await puppetSession.stop(this.#inFlightSends.settled(stopGraceMs));
        this.#inFlightSends.abort();
        this.#emitOwnEvent('stop', {});
      },
    };
  }

  #onPuppetEvent(reader: PayloadReader, event: PuppetEventName, payload: unknown, scope: PuppetScope): void {
    if (event === 'error') {
      // As other events, it is never emitted before the puppet's own call has returned.
      queueMicrotask(() => {
        this.#errors.add(puppetErrorMessage(payload));
      });
      return;
    }
    const fields = (payload ?? {}) as PuppetEventFields;
    if (event === 'scan') this.#onScan(fields);
    else if (event === 'login') void this.#onLogin(reader, String(fields.contactId), scope);
    else if (event === 'ready') this.#onReady();
    else if (event === 'logout') {
      this.#clearAccount();
      this.#lifecycle.onLoggedOut();
    } else if (event === 'dirty') {
      this.#account?.onDirty(fields.payloadType, String(fields.payloadId));
    } else if (event === 'room-invite') {
      this.#account?.addInvitation(String(fields.roomInvitationId));
    }
    this.#eventPipeline.push(event, payload, reader);
  }

  #onScan(fields: PuppetEventFields): void {
    const scan = parseScan(fields);
    if (scan === 'scanned') this.#lifecycle.onScanned();
    else if (scan === 'digits' || scan === 'digits-wrong') this.#lifecycle.onDigits(scan === 'digits-wrong');
    else if (scan) {
      this.#qrCode = { url: scan.url, since: Date.now() };
      this.#lifecycle.onQrCode();
    }
  }

  async #onLogin(reader: PayloadReader, userId: string, scope: PuppetScope): Promise<void> {
    this.#qrCode = undefined;
    clearPayloadCache(reader.puppet);
    this.#account = new Account(reader.puppet, this.settings.puppet, (text) => this.redact(text), scope);
    this.#lifecycle.onLoggedIn({ id: userId, name: '' }, false);
    const user = await reader.contact(userId);
    if (user?.name && this.#reader === reader && canSend(this.state)) {
      this.#lifecycle.onLoggedIn({ id: userId, name: user.name }, this.state.name === 'ready');
    }
  }

  #onReady(): void {
    this.#account?.invalidateLists();
    const { name, user } = this.state;
    if (name === 'logged-in' && user) this.#lifecycle.onLoggedIn(user, true);
  }

  #releaseLock(): void {
    this.#unlockAccount?.();
    this.#unlockAccount = undefined;
  }

  #clearAccount(): void {
    this.#account = undefined;
    this.#qrCode = undefined;
  }

  /** Emits an event of the bot itself, not of the puppet. */
  #emitOwnEvent(event: 'error' | 'puppet' | 'start' | 'stop', body: EventBody): void {
    this.#emit(event, body, Date.now());
  }

  #emit(event: string, body: EventBody, timestamp: number): void {
    this.#notify('event', this.#eventOf(event, body, timestamp));
  }

  #eventOf(event: string, body: EventBody, timestamp: number): BotEvent {
    const head = { bot: { id: this.id, name: this.name }, event, timestamp };
    // Object.assign rather than a spread, whose fields V8 adds one by one: this runs for every message.
    return Object.assign(head, body);
  }

  #notify<Name extends keyof BotEvents>(name: Name, value: BotEvents[Name][0]): void {
    const emitter = this.#emitter as EventEmitter;
    runOutsideScopes(() => emitter.emit(name, value));
  }

  #onStateChange(state: BotState): void {
    if (state.name === 'failed') this.#releaseLock();
    if (state.name !== 'scanning') this.#qrCode = undefined;
    if (state.reason.key !== this.#lastLoggedReason || state.name === 'restarting') {
      this.#lastLoggedReason = state.reason.key;
      const sentence = `${this.name}: ${formatStatus(state.reason.key, state.reason.values)}`;
      this.#log(state.name === 'failed' || state.name === 'restarting' ? 'warn' : 'info', sentence);
    }
    this.#notify('state', state);
    this.#notify('event', this.stateEvent);
  }

  #log(level: 'info' | 'warn' | 'error', sentence: string): void {
    const redacted = this.redact(sentence);
    runOutsideScopes(() => {
      this.#dependencies.log(level, redacted);
    });
  }
}
