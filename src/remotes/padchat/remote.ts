/**
 * One bot for PadChat's clients, on one port: generation A at `/ws`, B as Socket.IO, C at `/{token}`. What they ask is
 * done by one table, and what the bot tells goes to all.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Bot } from '../../bot/bot';
import { withTimeout } from '../../util/timeout';
import { errorMessage } from '../../bot/errors';
import type { BotEvent } from '../../bot/events';
import { Commander } from '../dispatch/command-dispatcher';
import { Listener } from '../http/http-server';
import type { ListeningStatus, Remote, RemoteListener } from '../remote';
import { Tickets } from '../wechat/opaque-tokens';
import { Turns } from '../../util/keyed-mutex';
import { AddressBook } from './address-book';
import { Doorkeeper } from './api-key-auth';
import type { PadchatEvent, PushItem } from './events/events';
import { FramedDoor, pathOfA } from './transports/websocket-transport';
import { Labels } from './pending-labels';
import { OwnSends } from './sent-message-tracker';
import type { PadchatClient, Shared } from './client-session';
import { announcementOf, Pushes, scanStatuses } from './events/push-mapper';
import { QrPictures } from './qr-cache';
import { Repeats } from './reply-cache';
import { type PadchatLimits, type PadchatRemoteSettings, usualLimits } from './settings';
import { pathOfB, SocketIoDoor } from './transports/socketio-transport';

/** How long a stop waits for what is being done, in ms. */
const patience = 3_000;

const everybody = (): boolean => true;

/** Serves PadChat's clients from `start` to `stop`. */
export class PadchatRemote implements Remote<ListeningStatus> {
  readonly #bot: Bot;
  readonly #settings: PadchatRemoteSettings;
  readonly #listener: RemoteListener;
  readonly #port: Listener;
  readonly #doorkeeper: Doorkeeper;
  readonly #commander: Commander;
  readonly #addressBook: AddressBook;
  readonly #framed: FramedDoor;
  readonly #socketIo: SocketIoDoor;
  readonly #pushes: Pushes;
  readonly #ownSends = new OwnSends();
  readonly #turns = new Turns();
  #unlisten: (() => void) | undefined;
  #stopping: Promise<void> | undefined;
  /** Whether the login that goes on was asked for by a code: otherwise nobody need do anything. */
  #wasScanned = false;

  constructor(
    bot: Bot,
    settings: PadchatRemoteSettings,
    listener: RemoteListener,
    limits: Partial<PadchatLimits> = {},
  ) {
    this.#bot = bot;
    this.#settings = settings;
    this.#listener = listener;
    const all = { ...usualLimits, ...limits };
    const { host, port, authKeys, permits, files } = settings;
    const tickets = new Tickets();
    this.#doorkeeper = new Doorkeeper(authKeys);
    this.#commander = new Commander(bot, { permits, files }, listener);
    const ask = (command: string, params?: Readonly<Record<string, unknown>>): Promise<unknown> =>
      this.#commander.ask(command, params);
    this.#addressBook = new AddressBook(ask);
    const shared: Shared = {
      bot,
      commander: this.#commander,
      tickets,
      labels: new Labels(),
      addressBook: this.#addressBook,
      ownSends: this.#ownSends,
      pictures: new QrPictures(),
      repeats: new Repeats(),
    };
    const changed = (): void => {
      listener.changed();
    };
    this.#framed = new FramedDoor(shared, this.#doorkeeper, changed, all);
    this.#socketIo = new SocketIoDoor(shared, this.#doorkeeper, changed, all);
    this.#pushes = new Pushes(bot, tickets, ask);
    this.#port = new Listener(
      { host, port, isProtected: authKeys.length > 0 },
      {
        changed,
        log: (level, sentence) => {
          listener.log(level, sentence);
        },
        request: (request, response) => {
          this.#request(request, response);
        },
        upgrade: (request, socket, head) => {
          this.#upgrade(request, socket, head);
        },
      },
    );
  }

  get status(): ListeningStatus {
    return { ...this.#port.status, clients: this.#framed.count + this.#socketIo.count };
  }

  /** Begins to listen. @throws WechatError INVALID_PARAMS (`remoteUnprotected`) */
  async start(): Promise<void> {
    if (this.#unlisten || this.#stopping) return;
    this.#unlisten = this.#bot.on('event', (event) => {
      this.#hear(event);
    });
    await this.#port.start();
  }

  /** Ends: lets what is being done finish for a bounded time, and hangs up. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#unlisten?.();
    const freed = this.#port.stop();
    await withTimeout(this.#commander.idle(), patience, () => new Error('not done in time')).catch(
      () => undefined,
    );
    await Promise.all([this.#framed.stop(), this.#socketIo.stop(), freed]);
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = addressOf(request);
    if (pathname === pathOfB && this.#settings.generations.includes('B')) {
      if (this.#doorkeeper.isBlocked(request.socket.remoteAddress)) {
        response.writeHead(429, { connection: 'close' }).end();
      } else this.#socketIo.request(request, response);
      return;
    }
    response.writeHead(pathname === pathOfA ? 426 : 404, { connection: 'close' }).end();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { generations } = this.#settings;
    const { pathname } = addressOf(request);
    if (this.#doorkeeper.isBlocked(request.socket.remoteAddress)) {
      socket.end('HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\n\r\n');
    } else if (pathname === pathOfA && generations.includes('A')) {
      this.#framed.enter(request, socket, head);
    } else if (pathname === pathOfB && generations.includes('B')) {
      this.#socketIo.enter(request, socket, head);
    } else if (generations.includes('C') && pathname !== pathOfA && /^\/[^/]*$/.test(pathname)) {
      this.#framed.enter(request, socket, head, tokenIn(pathname));
    } else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  }

  #clients(): PadchatClient[] {
    return [...this.#framed.clients, ...this.#socketIo.clients];
  }

  #tellAll(event: PadchatEvent, fits: (client: PadchatClient) => boolean = everybody): void {
    this.#framed.tellAll(event, fits);
    this.#socketIo.tellAll(event, fits);
  }

  #hear(event: BotEvent): void {
    if (event.event === 'scan') this.#scanned(event);
    else if (event.event === 'login') this.#loggedIn();
    else if (event.event === 'ready') for (const client of this.#clients()) client.ready();
    const announcement = announcementOf(event);
    if (announcement) this.#tellAll(announcement);
    if (this.#clients().length > 0) this.#push(event);
  }

  #scanned(event: BotEvent): void {
    const { status, qrcode } = event as unknown as { status: string; qrcode: string };
    this.#wasScanned = true;
    const number = scanStatuses[status];
    if (number === undefined) return;
    const awaiting = (client: PadchatClient): boolean => client.awaitsLogin;
    if (status === 'Waiting' && qrcode) for (const client of this.#clients()) client.showQrCode(qrcode);
    this.#tellAll({ kind: 'scan', status: number }, awaiting);
  }

  #loggedIn(): void {
    this.#addressBook.forget();
    for (const client of this.#clients()) client.loggedIn(this.#wasScanned);
    this.#wasScanned = false;
  }

  /** Messages of one conversation keep their order, though some must be waited for. */
  #push(event: BotEvent): void {
    const said = ownMessage(event);
    const isOwn = said !== undefined && this.#ownSends.has(said.id, said.conversation);
    if (isOwn === true) return;
    const push = isOwn === false ? this.#pushes.of(event) : undefined;
    const conversation = push?.conversation ?? said?.conversation;
    if (conversation === undefined) return;
    const tell = (told: PushItem): void => {
      this.#tellAll({ kind: 'messages', items: [told] });
    };
    if (push && !(push.item instanceof Promise) && this.#turns.areFree([conversation])) {
      tell(push.item);
      return;
    }
    this.#turns
      .run([conversation], async () => {
        const item = (await isOwn) ? undefined : (push ?? this.#pushes.of(event))?.item;
        if (item) tell(await item);
      })
      .catch((error: unknown) => {
        this.#listener.log('error', `A message could not be told: ${errorMessage(error)}`);
      });
  }
}

/** A message of the bot's own, if that is what was told. */
function ownMessage(event: BotEvent): { readonly id: string; readonly conversation: string } | undefined {
  if (event.event !== 'message') return undefined;
  const { message, room, listener } = event as unknown as {
    readonly message: { readonly id: string; readonly self: boolean };
    readonly room: { readonly id: string } | null;
    readonly listener: { readonly id: string } | null;
  };
  return message.self ? { id: message.id, conversation: room?.id ?? listener?.id ?? '' } : undefined;
}

/** A request's address; only its path means anything. */
function addressOf({ url = '/' }: IncomingMessage): { pathname: string } {
  const end = url.indexOf('?');
  return { pathname: end < 0 ? url : url.slice(0, end) };
}

/** The token in a path; one that cannot be decoded is no token. */
function tokenIn(pathname: string): string {
  try {
    return decodeURIComponent(pathname.slice(1));
  } catch {
    return '';
  }
}
