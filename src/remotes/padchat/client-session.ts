/** Session of one client of any protocol version and transport: runs its requests and sends it events. */
import { errorMessage, WechatError } from '../../bot/errors';
import { validateParams } from '../../commands/validate-params';
import { fingerprintOf } from '../storage/idempotency-store';
import type { CommandDispatcher } from '../dispatch/command-dispatcher';
import { redactParams } from '../dispatch/redact';
import { KeyedMutex } from '../../util/keyed-mutex';
import { type PadchatEvent, type PushItem, type WireEvent, toWireEvent } from './events/events';
import type {
  Operation,
  OperationClient,
  OperationContext,
  OperationResult,
  OperationServices,
} from './operations/operation';
import { findOperation } from './operations/table';
import type { QrCache } from './qr-cache';
import { ReplyCache } from './reply-cache';
import type { ProtocolVersion } from './field-case';
import type { PayloadField, Reply, Request } from './wire';

/** Services shared by all sessions of a remote. */
export interface SharedServices extends OperationServices {
  readonly dispatcher: CommandDispatcher;
  readonly qrCache: QrCache;
  /** Replies to clients of version A, whose request ids are unique across connections. */
  readonly replyCache: ReplyCache;
}

/** Parameters that audit records do not contain. `rawMsgData` is a pushed message, perhaps with an image. */
const redaction = {
  secrets: new Set(['authKey', 'token', 'deviceData', 'wxData', 'password', 'code', 'ticket']),
  files: new Set(['image', 'file', 'rawMsgData']),
};

/** WeChat's error numbers in a reply's `status`. */
const statuses = { failed: -1, unsupported: -19 };

/** A reply, and a callback to run after it was sent. */
export interface RequestResult {
  readonly reply: Reply;
  readonly afterReply?: (() => void) | undefined;
}

/** The reply to a failed request. */
export function errorReply({ code, message }: WechatError): Reply {
  const status = code === 'UNSUPPORTED' ? statuses.unsupported : statuses.failed;
  return { success: false, msg: message, data: { message, status, code } };
}

/** An authenticated client. */
export class ClientSession implements OperationClient {
  readonly version: ProtocolVersion;
  awaitsLogin = false;
  isDetached = false;
  device: Readonly<Record<string, string>> = {};
  page = 0;
  /** The payload field of its last request, by which clients of version C show how old they are. */
  lastField: PayloadField | undefined;
  /** Whether the client was notified of a login and expects contacts and rooms. */
  #awaitsAddressBook = false;
  readonly #shared: SharedServices;
  readonly #sendEvent: (event: WireEvent) => void;
  readonly #mutex = new KeyedMutex();
  readonly #replyCache: ReplyCache;
  readonly #context: OperationContext;

  /** @param sendEvent encodes and sends an event over the client's transport. */
  constructor(version: ProtocolVersion, shared: SharedServices, sendEvent: (event: WireEvent) => void) {
    this.version = version;
    this.#shared = shared;
    this.#sendEvent = sendEvent;
    // The request ids of version C count from 1 on every connection.
    this.#replyCache = version === 'A' ? shared.replyCache : new ReplyCache();
    this.#context = {
      ...shared,
      client: this,
      notifyLogin: () => {
        this.notifyLogin();
      },
    };
  }

  /** The payload field of events. */
  get field(): PayloadField {
    return this.lastField ?? 'payload';
  }

  get requestsPages(): boolean {
    return this.version === 'C' && this.field === 'payload';
  }

  /** Sends an event to this client only. */
  notify(event: PadchatEvent): void {
    const wireEvent = this.isDetached ? undefined : toWireEvent(this.version, event);
    if (wireEvent) this.#sendEvent(wireEvent);
  }

  /** Sends a broadcast event that `toWireEvent` already mapped. */
  forward(wireEvent: WireEvent): void {
    if (!this.isDetached) this.#sendEvent(wireEvent);
  }

  /** Sends the state of the login to a client that requested one. */
  notifyLogin(): void {
    const { state, qrCode } = this.#shared.bot;
    if (!this.awaitsLogin) return;
    if (qrCode) this.sendQrCode(qrCode.url);
    if (state.name !== 'logged-in' && state.name !== 'ready') return;
    this.onLogin(true);
    if (state.name === 'ready') this.onReady();
  }

  /** Notifies the client of a login. @param isNew whether a QR code was scanned for it. */
  onLogin(isNew: boolean): void {
    // After a relogin a client of A requests contacts itself, a newer one of C already has them.
    const knowsRelogin = this.version === 'A' || this.requestsPages;
    const kind = isNew || this.awaitsLogin || !knowsRelogin ? 'login' : 'relogin';
    this.awaitsLogin = false;
    this.#awaitsAddressBook = kind === 'login';
    this.notify({ kind });
  }

  /** Contacts and rooms are loaded: sends them to a client that was notified of a login. */
  onReady(): void {
    if (this.#awaitsAddressBook) this.#sendAddressBook();
    this.#awaitsAddressBook = false;
  }

  /** Sends the QR code of a login the client requested. */
  sendQrCode(url: string): void {
    if (!this.awaitsLogin) return;
    const picture = this.requestsPages ? '' : this.#shared.qrCache.get(url);
    this.notify({ kind: 'qrcode', url, picture });
  }

  /** A newer client of version C only gets a notification and requests the pages itself. */
  #sendAddressBook(): void {
    if (this.requestsPages) {
      this.page = 0;
      this.notify({ kind: 'notify', type: 4 });
      return;
    }
    this.#shared.addressBook.pages().then(
      (pages) => {
        this.pushPages(pages);
      },
      (error: unknown) => {
        this.notify({ kind: 'problem', msg: errorMessage(error) });
      },
    );
  }

  pushPages(pages: readonly PushItem[][]): void {
    for (const items of pages) if (items.length > 0) this.notify({ kind: 'contacts', items });
    this.notify({ kind: 'loaded' });
  }

  /** Runs a request. Never rejects. */
  async handleRequest(request: Request): Promise<RequestResult> {
    const { name, params, cmdId } = request;
    this.lastField = request.field;
    const operation = findOperation(name);
    let afterReply: OperationResult['afterReply'];
    const work = async (): Promise<Reply> => {
      try {
        const result = await this.#shared.dispatcher.runAudited(
          {
            name,
            params: redactParams(Object.entries(params), redaction),
            reqId: cmdId === undefined ? '' : String(cmdId),
            commands: operation?.commands ?? [],
          },
          () => this.#run(operation, request),
          () => ({ code: 0, message: '' }),
          (error) => ({ code: error.code, message: error.message }),
        );
        afterReply = result.afterReply;
        return { success: true, msg: '', data: result.data, literalData: result.literalData };
      } catch (error) {
        return errorReply(error as WechatError);
      }
    };
    if (cmdId === undefined || !operation || operation.readOnly) {
      const reply = await work();
      return { reply, afterReply };
    }
    const { reply, isFirst } = this.#replyCache.getOrRun(fingerprintOf(String(cmdId), name, params), work);
    const sharedReply = await reply;
    return { reply: sharedReply, afterReply: isFirst ? afterReply : undefined };
  }

  async #run(operation: Operation | undefined, { name, params }: Request): Promise<OperationResult> {
    if (!operation) throw new WechatError('UNSUPPORTED', 'unknownCommand', { name });
    validateParams(name, operation.params, params);
    const to = operation.to === undefined ? undefined : params[operation.to];
    const run = (): Promise<OperationResult> => operation.handle(this.#context, params);
    return typeof to === 'string' ? this.#mutex.runExclusive([to], run) : run();
  }
}
