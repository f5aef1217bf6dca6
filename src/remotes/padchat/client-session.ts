/** One client, whichever generation it speaks and however it is connected: what it asks is done, and it is told. */
import type { Bot } from '../../bot/bot';
import { errorMessage, WechatError } from '../../bot/errors';
import { fingerprintOf } from '../storage/idempotency-store';
import type { Commander } from '../dispatch/command-dispatcher';
import type { Tickets } from '../wechat/opaque-tokens';
import { Turns } from '../../util/keyed-mutex';
import type { AddressBook } from './address-book';
import { auditable } from './redact';
import { type PadchatEvent, type ToldEvent, toldIn } from './events/events';
import type { Labels } from './pending-labels';
import type { Client, Context, Operation, Outcome } from './operations/operation';
import { checkParams, findOperation } from './operations/table';
import type { OwnSends } from './sent-message-tracker';
import type { QrPictures } from './qr-cache';
import { Repeats } from './reply-cache';
import type { Generation } from './field-case';
import type { Reply, Request } from './wire';

/** What all clients of a remote have in common. */
export interface Shared {
  readonly bot: Bot;
  readonly commander: Commander;
  readonly tickets: Tickets;
  readonly labels: Labels;
  readonly addressBook: AddressBook;
  readonly ownSends: OwnSends;
  readonly pictures: QrPictures;
  /** What clients of generation A asked: their ids are the same on every connection. */
  readonly repeats: Repeats;
}

/** WeChat's numbers of what went wrong, in a reply's `status`. */
const statuses = { failed: -1, unsupported: -19 };

/** A reply, and what comes after it. */
export interface Served {
  readonly reply: Reply;
  readonly afterwards?: (() => void) | undefined;
}

/** The reply to something that could not be done. */
export function refusal({ code, message }: WechatError): Reply {
  const status = code === 'UNSUPPORTED' ? statuses.unsupported : statuses.failed;
  return { success: false, msg: message, data: { message, status, code } };
}

/** A client that was let in. */
export class PadchatClient implements Client {
  readonly generation: Generation;
  awaitsLogin = false;
  isDetached = false;
  device: Readonly<Record<string, string>> = {};
  page = 0;
  /** Whether it was told of a login and waits for contacts and rooms. */
  #awaitsAddressBook = false;
  readonly #shared: Shared;
  readonly #tell: (told: ToldEvent) => void;
  readonly #turns = new Turns();
  readonly #repeats: Repeats;
  readonly #context: Context;

  /** @param tell writes an event to wherever the client is. */
  constructor(generation: Generation, shared: Shared, tell: (told: ToldEvent) => void) {
    this.generation = generation;
    this.#shared = shared;
    this.#tell = tell;
    // The ids of generation C count from 1 on every connection.
    this.#repeats = generation === 'A' ? shared.repeats : new Repeats();
    const { bot, tickets, labels, addressBook, ownSends, commander } = shared;
    this.#context = {
      client: this,
      bot,
      tickets,
      labels,
      addressBook,
      ownSends,
      ask: async <Result>(command: string, params?: Readonly<Record<string, unknown>>) =>
        (await commander.ask(command, params)) as Result,
      tellLogin: () => {
        this.tellLogin();
      },
    };
  }

  /** Tells it of something that concerns it alone. */
  tell(event: PadchatEvent): void {
    const told = this.isDetached ? undefined : toldIn(this.generation, event);
    if (told) this.#tell(told);
  }

  /** Tells it of something that all are told; `toldIn` was done before. */
  pass(told: ToldEvent): void {
    if (!this.isDetached) this.#tell(told);
  }

  /** Tells a client that asked for a login where that is. */
  tellLogin(): void {
    const { state, qrCode } = this.#shared.bot;
    if (!this.awaitsLogin) return;
    if (qrCode) this.showQrCode(qrCode.url);
    if (state.name !== 'logged-in' && state.name !== 'ready') return;
    this.loggedIn(true);
    if (state.name === 'ready') this.ready();
  }

  /** Tells it that the account is logged in. @param isNew whether somebody scanned a code for it. */
  loggedIn(isNew: boolean): void {
    const kind = isNew || this.awaitsLogin ? 'login' : 'relogin';
    this.awaitsLogin = false;
    // A client of A that is told `reconnect` asks for contacts by itself, one of C has them already.
    this.#awaitsAddressBook = kind === 'login' || this.generation === 'B';
    this.tell({ kind });
  }

  /** Contacts and rooms are there: sends them to a client that was told of a login. */
  ready(): void {
    if (this.#awaitsAddressBook) this.#loadAddressBook();
    this.#awaitsAddressBook = false;
  }

  /** Shows it the code of a login it asked for. */
  showQrCode(url: string): void {
    if (!this.awaitsLogin) return;
    const picture = this.generation === 'C' ? '' : this.#shared.pictures.of(url);
    this.tell({ kind: 'qrcode', url, picture });
  }

  /** In generation C a client is only told that there is something to ask for. */
  #loadAddressBook(): void {
    if (this.generation === 'C') {
      this.page = 0;
      this.tell({ kind: 'notify', type: 4 });
      return;
    }
    this.#shared.addressBook.pages().then(
      (pages) => {
        for (const items of pages) if (items.length > 0) this.tell({ kind: 'contacts', items });
        this.tell({ kind: 'loaded' });
      },
      (error: unknown) => {
        this.tell({ kind: 'problem', msg: errorMessage(error) });
      },
    );
  }

  /** Does what it asks for. Never rejects. */
  async serve(request: Request): Promise<Served> {
    const { name, params, cmdId } = request;
    const entry = findOperation(name);
    let afterwards: Outcome['afterwards'];
    const work = async (): Promise<Reply> => {
      try {
        const outcome = await this.#shared.commander.serve(
          { name, params: auditable(params), reqId: cmdId === undefined ? '' : String(cmdId) },
          () => this.#run(entry, request),
          () => ({ code: 0, message: '' }),
          (error) => ({ code: error.code, message: error.message }),
        );
        afterwards = outcome.afterwards;
        return { success: true, msg: '', data: outcome.data };
      } catch (error) {
        return refusal(error as WechatError);
      }
    };
    if (cmdId === undefined || !entry || entry.readOnly) return { reply: await work(), afterwards };
    const { reply, isFirst } = this.#repeats.once(fingerprintOf(String(cmdId), name, params), work);
    const told = await reply;
    return { reply: told, afterwards: isFirst ? afterwards : undefined };
  }

  async #run(entry: Operation | undefined, { name, params }: Request): Promise<Outcome> {
    if (!entry) throw new WechatError('UNSUPPORTED', 'unknownCommand', { name });
    checkParams(name, entry, params);
    const to = entry.to === undefined ? undefined : params[entry.to];
    const run = (): Promise<Outcome> => entry.run(this.#context, params);
    return typeof to === 'string' ? this.#turns.run([to], run) : run();
  }
}
