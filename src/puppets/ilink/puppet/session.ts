/** The Wechaty puppet on WeChat's own bot API (iLink): direct chats with the people who have scanned its QR code. */
import { setImmediate as turn } from 'node:timers/promises';
import type { payloads, PuppetOptions } from 'wechaty-puppet';
import { types } from 'wechaty-puppet';
import { IlinkAccount, type UnboundReason } from '../account';
import type { Invitation } from '../invitation';
import type { Binding, StoredMessage } from '../bindings/records';
import type { LoginCode } from '../client/wire-types';
import { type Quota, quotaOf } from '../quota';
import { type IlinkOptions, type IlinkSettings, parseOptions } from '../settings';
import { untypedEmitter } from '../../../util/untyped-emitter';
import { UnsupportedCalls } from './unsupported';

/** The options of the puppet. */
export type PuppetIlinkOptions = PuppetOptions & IlinkOptions;

/** A person who is connected. */
export interface PersonView extends Quota {
  readonly id: string;
  /** The name given to the person here; empty: none. */
  readonly alias: string;
  /** The number of messages held for the person. */
  readonly held: number;
}

/** What tests replace. */
export interface IlinkDependencies {
  /** The clock, in ms since 1970. */
  readonly now?: () => number;
}

/** The key of the bot's own id, which stays the same while people come and go. */
const selfKey = 's!self';

const heartbeatMs = 30_000;

/** The data of a `scan` event while the phone shows digits, which must be given to `submitVerifyCode`. */
export const digitsData = { wanted: 'verify-code', wrong: 'verify-code-wrong' } as const;

/** Start, stop, login and logout of the puppet. */
export abstract class IlinkSession extends UnsupportedCalls {
  readonly #settings: IlinkSettings;
  readonly #now: () => number;
  #account: IlinkAccount | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #offlineReason: string | undefined;

  /** @throws Error when an option is wrong */
  constructor(options: PuppetIlinkOptions = {}, { now = Date.now }: IlinkDependencies = {}) {
    super(options);
    this.#settings = parseOptions(options);
    this.#now = now;
  }

  override name(): string {
    return 'wechaty-puppet-ilink';
  }

  /** The account. @throws Error before the start, after the stop, and while the network is away */
  protected get account(): IlinkAccount {
    if (!this.#account) throw new Error('The puppet is not started.');
    return this.#account;
  }

  override async onStart(): Promise<void> {
    this.#offlineReason = undefined;
    const account = await IlinkAccount.open(this.#settings, this.#now, (problem) => {
      this.emit('error', new Error(problem));
    });
    this.#account = account;
    account.typing.isAutomatic = this.#settings.showsTyping;
    this.#listen(account);
    try {
      await account.connect();
    } catch (error) {
      await this.onStop();
      throw error;
    }
    this.#heartbeat = setInterval(() => {
      if (this.#offlineReason === undefined) this.emit('heartbeat', { data: 'ilink' });
    }, heartbeatMs).unref();
    if (account.bindings.length > 0) this.#logIn(account);
  }

  override async onStop(): Promise<void> {
    clearInterval(this.#heartbeat);
    const account = this.#account;
    this.#account = undefined;
    await account?.close();
  }

  /** Logs everybody out and shows a QR code again. */
  override async logout(reason = 'logout()'): Promise<void> {
    if (!this.isLoggedIn) return;
    await this.account.logOut();
    await this.#logOut(reason);
  }

  override ding(data?: string): void {
    // Without an answer the bot takes the connection for lost, and starts again with a back-off.
    if (this.#offlineReason !== undefined) return;
    // Not at once: that would be taken for an answer that says nothing about the connection.
    void turn().then(() => this.emit('dong', { data: data ?? '' }));
  }

  /** Gives the digits that a phone shows, of the login or of an invitation. @returns whether they were awaited */
  submitVerifyCode(code: string, invitationId?: string): boolean {
    return this.account.submitVerifyCode(code, invitationId);
  }

  /** A QR code with which one more person joins; events `invitation` tell what becomes of it. */
  createInvitation(): Promise<Invitation> {
    return this.account.invite();
  }

  /** The people who are connected, with what may be sent to them. */
  people(): PersonView[] {
    const { account } = this;
    return account.bindings.map(({ userId }) => ({
      id: userId,
      alias: account.store.alias(userId),
      ...quotaOf(account.store.conversation(userId), account.now),
      held: account.sender.heldFor(userId),
    }));
  }

  /** Shows a person, or ceases to show, that the bot is typing. */
  async showTyping(userId: string, isTyping: boolean): Promise<void> {
    const { typing } = this.account;
    await (isTyping ? typing.show(userId) : typing.hide(userId));
  }

  #listen(account: IlinkAccount): void {
    const scan = (code: LoginCode, status: types.ScanStatus, data = ''): void => {
      this.emit('scan', { qrcode: code.url, status, data });
    };
    account.on('code', (code) => {
      scan(code, types.ScanStatus.Waiting);
    });
    account.on('scanned', (code) => {
      scan(code, types.ScanStatus.Scanned);
    });
    account.on('digits', (code, isWrong) => {
      scan(code, types.ScanStatus.Scanned, isWrong ? digitsData.wrong : digitsData.wanted);
    });
    account.on('problem', (error) => this.emit('error', error));
    account.on('offline', (reason) => {
      this.#offlineReason = reason;
      this.emit('error', new Error(reason));
    });
    // Wechaty does not know the names of these events.
    const emitter = untypedEmitter(this);
    account.on('outcome', (outcome) => emitter.emit('sent', outcome));
    account.on('invitation', (change) => emitter.emit('invitation', change));
    account.on('message', ({ id }) => {
      this.#tell(id);
    });
    account.on('bound', (binding) => {
      this.#onBound(account, binding);
    });
    account.on('unbound', (binding, reason) => {
      this.#onUnbound(account, binding, reason);
    });
  }

  /** The account is connected: tells what nobody was told of, and receives more. */
  #logIn(account: IlinkAccount): void {
    this.#enter(account, account.bindings[0]?.botId ?? '');
    for (const id of account.store.untold()) this.#tell(id);
    account.startPolling();
  }

  #enter(account: IlinkAccount, botId: string): void {
    const known = account.store.raw.get(selfKey);
    const selfId = known ?? botId;
    if (known === undefined) {
      void account.store.raw.commitToLog([{ type: 'put', key: selfKey, value: selfId }]);
    }
    this.login(selfId);
    this.emit('ready', { data: 'ilink' });
  }

  #onBound(account: IlinkAccount, { userId, botId }: Binding): void {
    this.cache.contact.delete(userId);
    if (this.isLoggedIn) this.emit('dirty', { payloadType: types.Dirty.Contact, payloadId: userId });
    else this.#enter(account, botId);
  }

  #onUnbound(account: IlinkAccount, { userId }: Binding, reason: UnboundReason): void {
    this.cache.contact.delete(userId);
    if (reason !== 'replaced') untypedEmitter(this).emit('contact-leave', { userId, reason });
    if (reason !== 'token-dead') return;
    const sentence = `The connection with ${userId} has ended: scanned elsewhere, or too old`;
    this.emit('error', new Error(`${sentence}; scan the QR code again.`));
    if (account.bindings.length > 0) {
      this.emit('dirty', { payloadType: types.Dirty.Contact, payloadId: userId });
    } else this.#logOut(sentence).catch(() => undefined);
  }

  async #logOut(reason: string): Promise<void> {
    const { account } = this;
    await account.store.raw.commit([{ type: 'del', key: selfKey }]);
    await super.logout(reason);
    account.showLogin();
  }

  /** Emits a message, and marks it as told once its payload was read and could be passed on. */
  #tell(id: string): void {
    try {
      this.emit('message', { messageId: id });
    } catch (error) {
      this.emit('error', error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** The payload of a message was read by somebody. */
  protected onRead({ id, isOwn }: StoredMessage): void {
    if (isOwn) return;
    const { store } = this.account;
    // Whoever reads it passes it on within the same turn; if the process is killed before that, it is told again.
    void turn().then(() => {
      if (!this.#account?.signal.aborted) store.markTold(id);
    });
  }

  /** What is needed of a contact. */
  protected isKnown(id: string): boolean {
    const { store } = this.account;
    return (
      this.account.bindingOf(id) !== undefined ||
      store.conversation(id).receivedAt > 0 ||
      store.alias(id) !== ''
    );
  }

  override messageRawPayloadParser(payload: payloads.Message): Promise<payloads.Message> {
    return Promise.resolve(payload);
  }

  override contactRawPayloadParser(payload: payloads.Contact): Promise<payloads.Contact> {
    return Promise.resolve(payload);
  }
}
