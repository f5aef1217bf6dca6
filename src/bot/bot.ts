/** One WeChat account in Node-RED: its life, its events in order, its sends at a bearable pace. */
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { Account, callLimits } from './account';
import { claim } from './session/account-lock';
import type { CommandReport } from './command-audit';
import { Connection, type ConnectionDeadlines, type PuppetEventName } from './session/puppet-session';
import { ConversationOrder, type Located } from './events/ordered-delivery';
import { Deliveries } from './events/deduplicator';
import { errorMessage, WechatError } from './errors';
import type { BotEvent, EventBody, EventName, EventReader } from './events';
import { EventSource } from './events/payload-reader';
import { type Life, Lifecycle, type LifecycleTimes } from './session/lifecycle';
import { OpenSends } from './sending/in-flight-sends';
import { Pace, type PaceLimits } from './sending/send-queue';
import { loadPuppetClass, makePuppet, type PuppetClass, puppetOptions } from './session/puppet-loader';
import { SessionFile } from './session/session-file';
import { type BotState, canSend } from './state';
import { ScanStatus, scanStatus } from './session/scan';
import { errorText, type StatusKey, statusText } from '../i18n/catalogue';

/** How long a bot that is stopped waits for what is being sent at that moment, in ms. */
const lastAnswers = 2_000;

/** What changes the lists of contacts, rooms or members. */
const changing = new Set<PuppetEventName>(['friendship', 'room-join', 'room-leave', 'room-topic']);

/** What a bot needs to know. */
export interface BotSettings {
  /** Unique; names the session's folder. */
  readonly id: string;
  readonly name: string;
  /** A puppet of ours by name, or the name of an installed package. */
  readonly puppet: string;
  /** A JSON object, as text, handed to the puppet as it is; empty for none. */
  readonly options: string;
  readonly token?: string;
  readonly pace: PaceLimits;
  /** The folder in which Node-RED keeps its files: sessions go there, puppets are looked for there. */
  readonly userDir: string;
}

/** What a bot is built from. */
export interface BotParts {
  /** How each event is read; the table in `src/events`. */
  readonly events: Readonly<Record<EventName, EventReader>>;
  /** The puppets that need not be installed, by name. */
  readonly puppets: Readonly<Record<string, (botId: string) => PuppetClass>>;
  /** Told in English of what an owner of the machine should know. */
  readonly log: (level: 'info' | 'warn' | 'error', sentence: string) => void;
  /** Shorter ones make tests quick. */
  readonly times?: Partial<LifecycleTimes>;
  readonly deadlines?: Partial<ConnectionDeadlines>;
}

/** A QR code that waits for a phone. For the editor's login panel and remotes only, never for a msg or a log. */
export interface QrCode {
  readonly url: string;
  /** In ms since 1970. */
  readonly since: number;
  /** When the bot gives up waiting for a phone; undefined once one has scanned it. */
  readonly expiresAt?: number | undefined;
}

/** The fields of puppet events that the bot itself looks at, none of them certain. */
interface PuppetFields {
  readonly qrcode?: unknown;
  readonly status?: unknown;
  readonly contactId?: unknown;
  readonly messageId?: unknown;
  readonly payloadType?: unknown;
  readonly payloadId?: unknown;
  readonly roomId?: unknown;
  readonly roomInvitationId?: unknown;
}

interface BotSignals {
  /** The state changed. */
  state: [BotState];
  /** Something happened; the same object for all listeners: copy before changing it. */
  event: [BotEvent];
  /** Something was sent; the id of the contact or room it went to. */
  sent: [string];
  /** A command was executed, or failed. */
  command: [CommandReport];
}

/** One account. Emits `state`, `event`, `sent` and `command`; what a listener throws is logged and does no harm. */
export class Bot {
  readonly settings: BotSettings;
  readonly #parts: BotParts;
  readonly #signals = new EventEmitter<BotSignals>();
  readonly #lifecycle: Lifecycle;
  readonly #order = new ConversationOrder();
  readonly #deliveries = new Deliveries();
  readonly #sends = new OpenSends();
  #pace: Pace;
  #source: EventSource | undefined;
  #account: Account | undefined;
  #qrCode: QrCode | undefined;
  #release: (() => void) | undefined;
  /** The last reason written to the log; the same state with a name that was learned later is no news. */
  #logged: StatusKey = 'stopped';

  constructor(settings: BotSettings, parts: BotParts) {
    this.settings = settings;
    this.#parts = parts;
    this.#pace = new Pace(settings.pace);
    this.#signals.setMaxListeners(0);
    this.#lifecycle = new Lifecycle(
      {
        open: (end) => this.#open(end),
        changed: (state) => {
          this.#changed(state);
        },
        failed: (error) => {
          this.#tell('error', { message: error.message });
          return this.redact(error.message);
        },
      },
      parts.times,
    );
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

  /** Sends that wait for their turn. */
  get waiting(): number {
    return this.#pace.waiting;
  }

  /** The QR code to be scanned, while there is one. */
  get qrCode(): QrCode | undefined {
    return this.#qrCode && { ...this.#qrCode, expiresAt: this.#lifecycle.scanEndsAt };
  }

  /** The folder of this bot's own files. */
  get directory(): string {
    return join(this.settings.userDir, 'wechat', this.settings.id.replace(/[^\w.-]/g, '_'));
  }

  /** Listens; returns what ends the listening. */
  on<Name extends keyof BotSignals>(name: Name, listener: (signal: BotSignals[Name][0]) => void): () => void {
    const guarded = (signal: BotSignals[Name][0]): void => {
      try {
        listener(signal);
      } catch (error) {
        this.#log('error', `A listener of ${name} failed: ${errorMessage(error)}`);
      }
    };
    const emitter = this.#signals as EventEmitter;
    emitter.on(name, guarded);
    return () => emitter.off(name, guarded);
  }

  /** Wants the bot to run. */
  start(): void {
    this.#lifecycle.start();
  }

  /**
   * Wants it not to run: turns waiting sends away, lets those that have begun be answered, and resolves when nothing
   * of it is left, within 11 s. Idempotent.
   */
  async stop(): Promise<void> {
    this.#pace.close();
    this.#pace = new Pace(this.settings.pace);
    await this.#lifecycle.stop();
    this.#giveUpClaim();
  }

  /** Asks for a login: shows a QR code, unless the saved session still works. */
  login(): void {
    this.#lifecycle.login();
  }

  /** Logs the account out of WeChat; the next start needs a login. @throws WechatError NOT_LOGGED_IN, FAILED */
  async logout(): Promise<void> {
    await this.account().call('logout', (puppet) => puppet.logout(), callLimits.write);
  }

  /** The logged-in account. @throws WechatError NOT_LOGGED_IN */
  account(): Account {
    if (!this.#account || !canSend(this.state)) {
      const { key, values } = this.state.reason;
      const told = { state: statusText(key, values) };
      throw new WechatError('NOT_LOGGED_IN', 'notLoggedIn', told, { cause: this.state });
    }
    return this.#account;
  }

  /**
   * Sends something: in order within its conversation, at the account's pace, at most once.
   * @param conversation the id of the contact or room it goes to.
   * @throws WechatError as `Account.call` does, and NOT_LOGGED_IN, RATE_LIMITED, or FAILED when stopped meanwhile.
   */
  async send<T>(
    conversation: string,
    call: string,
    work: (puppet: Account['puppet']) => Promise<T>,
  ): Promise<T> {
    this.account();
    const result = await this.#pace.run(conversation, async () => {
      // Looked up when the turn comes: a restart in between brings another puppet.
      const account = this.account();
      return this.#sends.watch(account.call(call, work, callLimits.send));
    });
    this.#signals.emit('sent', conversation);
    return result;
  }

  /** To be called with every command that was executed, so that those who keep a record hear of it. */
  executed(report: CommandReport): void {
    this.#signals.emit('command', report);
  }

  /** The same words without the token and the QR code of this bot. */
  redact(words: string): string {
    let clean = words;
    for (const secret of [this.settings.token, this.#qrCode?.url]) {
      if (secret) clean = clean.replaceAll(secret, '***');
    }
    return clean;
  }

  async #open(end: (error: Error) => void): Promise<Life> {
    const { id, token, options, puppet: name, userDir } = this.settings;
    const file = join(this.directory, 'session.json');
    this.#release ??= claim({ id, name: this.name }, file, token);
    const PuppetOfAccount = this.#parts.puppets[name]?.(id) ?? loadPuppetClass(name, userDir);
    const puppet = makePuppet(PuppetOfAccount, name, puppetOptions(options, token));
    const source = new EventSource(puppet);
    const connection = new Connection(
      puppet,
      {
        event: (event, payload) => {
          this.#hear(source, event, payload);
        },
        end: (error) => {
          this.#sends.interrupt();
          end(error);
        },
      },
      this.#parts.deadlines,
    );
    const session = new SessionFile(file);
    session.onProblem = (problem) => {
      this.#log('warn', problem.message);
      this.#tell('error', { message: problem.message });
    };
    await session.load();
    return {
      start: async () => {
        this.#source = source;
        this.#tell('puppet', { name: puppet.name(), version: puppet.version() });
        await connection.start(session);
        this.#tell('start', {});
      },
      stop: async () => {
        this.#forgetAccount();
        await connection.stop(this.#sends.answered(lastAnswers));
        this.#sends.interrupt();
        this.#tell('stop', {});
      },
    };
  }

  #hear(source: EventSource, event: PuppetEventName, payload: unknown): void {
    const fields = (payload ?? {}) as PuppetFields;
    if (event === 'scan') this.#scanned(fields);
    else if (event === 'login') void this.#loggedIn(source, String(fields.contactId));
    else if (event === 'ready' && this.state.name === 'logged-in' && this.state.user) {
      this.#lifecycle.loggedIn(this.state.user, true);
    } else if (event === 'logout') {
      this.#forgetAccount();
      this.#lifecycle.loggedOut();
    } else if (event === 'dirty') {
      this.#account?.forget(fields.payloadType, String(fields.payloadId));
    } else if (changing.has(event)) {
      this.#account?.changed(event, fields.roomId);
    } else if (event === 'room-invite') {
      this.#account?.invited(String(fields.roomInvitationId));
    } else if (event === 'message' && !this.#deliveries.isFirst(String(fields.messageId))) return;
    this.#deliver(source, event, payload);
  }

  #scanned(fields: PuppetFields): void {
    const url = fields.qrcode;
    const status = scanStatus(fields.status);
    if (status === ScanStatus.Scanned || status === ScanStatus.Confirmed) {
      this.#lifecycle.scanned();
    } else if (
      typeof url === 'string' &&
      url &&
      status !== ScanStatus.Timeout &&
      status !== ScanStatus.Cancel
    ) {
      this.#qrCode = { url, since: Date.now() };
      this.#lifecycle.scanning();
    }
  }

  async #loggedIn(source: EventSource, userId: string): Promise<void> {
    this.#qrCode = undefined;
    this.#account = new Account(source.puppet, (words) => this.redact(words));
    this.#lifecycle.loggedIn({ id: userId, name: '' }, false);
    const user = await source.contact(userId);
    if (user?.name && this.#source === source && canSend(this.state)) {
      this.#lifecycle.loggedIn({ id: userId, name: user.name }, this.state.name === 'ready');
    }
  }

  #giveUpClaim(): void {
    this.#release?.();
    this.#release = undefined;
  }

  #forgetAccount(): void {
    this.#account = undefined;
    this.#qrCode = undefined;
  }

  /** Reads an event in order and passes it on; one that cannot be read is told of as an error. */
  #deliver(source: EventSource, event: PuppetEventName, payload: unknown): void {
    const timestamp = Date.now();
    let located: Located<EventBody | undefined> | Promise<Located<EventBody | undefined>>;
    try {
      located = this.#parts.events[event](payload, source);
    } catch (error) {
      located = Promise.reject(error instanceof Error ? error : new Error(errorMessage(error)));
    }
    this.#order.push(
      located,
      (body) => {
        if (body) this.#emit(event, body, timestamp);
      },
      (error) => {
        const id = String(Object.values(payload ?? {})[0] ?? '');
        this.#tell('error', {
          message: errorText('eventUnreadable', { event, id, error: errorMessage(error) }),
        });
      },
    );
  }

  /** Tells of something the bot knows of itself. */
  #tell(event: 'error' | 'puppet' | 'start' | 'stop', body: EventBody): void {
    this.#emit(event, body, Date.now());
  }

  #emit(event: EventName, body: EventBody, timestamp: number): void {
    const clean = event === 'error' ? { ...body, message: this.redact(String(body.message)) } : body;
    const head = { bot: { id: this.id, name: this.name }, event, timestamp };
    // Not a spread behind the head's own fields, which V8 adds one by one: this runs for every message.
    this.#signals.emit('event', Object.assign(head, clean));
  }

  #changed(state: BotState): void {
    if (state.name === 'failed') this.#giveUpClaim();
    if (state.name !== 'scanning') this.#qrCode = undefined;
    if (state.reason.key !== this.#logged || state.name === 'restarting') {
      this.#logged = state.reason.key;
      const sentence = `${this.name}: ${statusText(state.reason.key, state.reason.values)}`;
      this.#log(state.name === 'failed' || state.name === 'restarting' ? 'warn' : 'info', sentence);
    }
    this.#signals.emit('state', state);
  }

  #log(level: 'info' | 'warn' | 'error', sentence: string): void {
    this.#parts.log(level, this.redact(sentence));
  }
}
