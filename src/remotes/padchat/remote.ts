/**
 * PadChat server of one bot, all protocol versions on one port: A at `/ws`, B as Socket.IO, C at `/{token}`. Requests
 * are run by one table of operations; events are broadcast to all clients.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Bot } from '../../bot/bot';
import { StartStopGuard } from '../../util/start-stop';
import { settleWithin } from '../../util/timeout';
import { errorMessage } from '../../bot/errors';
import { asTyped, type EventOf, type TypedEvent } from '../../events/table';
import { CommandDispatcher } from '../dispatch/command-dispatcher';
import { Authenticator } from '../http/auth';
import { ManagedHttpServer } from '../http/http-server';
import { rejectUpgrade } from '../http/response';
import type { ServerStatus, Remote, RemoteHost } from '../remote';
import { OpaqueTokens } from '../wechat/opaque-tokens';
import { KeyedMutex } from '../../util/keyed-mutex';
import { AddressBook } from './address-book';
import type { PadchatEvent, PushItem } from './events/events';
import { WebSocketTransport, webSocketPath } from './transports/websocket-transport';
import { PendingLabels } from './pending-labels';
import { SentMessageTracker } from '../wechat/sent-message-tracker';
import type { ClientSession, SharedServices } from './client-session';
import { systemEventOf, PushMapper, scanStatuses } from './events/push-mapper';
import { uinOf } from './derived-ids';
import { QrCache } from './qr-cache';
import { ReplyCache } from './reply-cache';
import { type PadchatLimits, type PadchatRemoteSettings, defaultLimits } from './settings';
import { socketIoPath, SocketIoTransport } from './transports/socketio-transport';

/** How long a stop waits for running requests. */
const stopTimeoutMs = 3_000;

const everyClient = (): boolean => true;
const awaitsLogin = (client: ClientSession): boolean => client.awaitsLogin;

/** Serves PadChat's clients from `start` to `stop`. */
export class PadchatRemote implements Remote<ServerStatus> {
  readonly #bot: Bot;
  readonly #settings: PadchatRemoteSettings;
  readonly #host: RemoteHost;
  readonly #server: ManagedHttpServer;
  readonly #dispatcher: CommandDispatcher;
  readonly #addressBook: AddressBook;
  readonly #webSocket: WebSocketTransport;
  readonly #socketIo: SocketIoTransport;
  readonly #pushMapper: PushMapper;
  readonly #sentMessages = new SentMessageTracker<'client'>();
  readonly #sentInvitations = new SentMessageTracker<'client'>();
  readonly #mutex = new KeyedMutex();
  readonly #guard = new StartStopGuard(
    () => this.#start(),
    () => this.#stop(),
  );
  /** Whether the current login used a QR code, not the saved session. */
  #isNewLogin = false;

  constructor(
    bot: Bot,
    settings: PadchatRemoteSettings,
    remoteHost: RemoteHost,
    limits: Partial<PadchatLimits> = {},
  ) {
    this.#bot = bot;
    this.#settings = settings;
    this.#host = remoteHost;
    const allLimits = { ...defaultLimits, ...limits };
    const { host, port, authKeys, permissions, files } = settings;
    const tokens = new OpaqueTokens();
    const authenticator = new Authenticator(authKeys);
    this.#dispatcher = new CommandDispatcher(bot, { permissions, files }, remoteHost);
    this.#addressBook = new AddressBook(this.#dispatcher.run);
    const shared: SharedServices = {
      bot,
      run: this.#dispatcher.run,
      query: this.#dispatcher.query,
      dispatcher: this.#dispatcher,
      tokens,
      pendingLabels: new PendingLabels(),
      addressBook: this.#addressBook,
      sentMessages: this.#sentMessages,
      sentInvitations: this.#sentInvitations,
      qrCache: new QrCache(),
      replyCache: new ReplyCache(),
    };
    const onStatusChange = (): void => {
      remoteHost.onStatusChange();
    };
    this.#webSocket = new WebSocketTransport(shared, authenticator, onStatusChange, allLimits);
    this.#socketIo = new SocketIoTransport(shared, authenticator, onStatusChange, allLimits);
    this.#pushMapper = new PushMapper(bot, tokens, this.#dispatcher);
    this.#server = new ManagedHttpServer(
      { host, port, authenticator },
      {
        onStatusChange,
        log: (level, sentence, problem) => {
          remoteHost.log(level, sentence, problem);
        },
        onRequest: (request, response) => {
          this.#onRequest(request, response);
        },
        onUpgrade: (request, socket, head) => {
          this.#onUpgrade(request, socket, head);
        },
      },
    );
  }

  get status(): ServerStatus {
    return { ...this.#server.status, clients: this.#webSocket.count + this.#socketIo.count };
  }

  /** Starts listening. @throws WechatError INVALID_PARAMS (`remoteUnprotected`) */
  start(): Promise<void> {
    return this.#guard.start();
  }

  /** Stops: waits a bounded time for running requests, then closes all connections. Idempotent. */
  stop(): Promise<void> {
    return this.#guard.stop();
  }

  async #start(): Promise<void> {
    const unsubscribe = this.#bot.on('event', (event) => {
      this.#onBotEvent(asTyped(event));
    });
    this.#guard.signal.addEventListener('abort', unsubscribe);
    await this.#server.start();
  }

  async #stop(): Promise<void> {
    const serverStopped = this.#server.stop();
    await settleWithin(this.#dispatcher.whenIdle(), stopTimeoutMs);
    await Promise.all([this.#webSocket.stop(), this.#socketIo.stop(), serverStopped]);
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    const pathname = pathOf(request);
    if (pathname === socketIoPath && this.#settings.protocolVersions.includes('B')) {
      this.#socketIo.handleRequest(request, response);
      return;
    }
    response.writeHead(pathname === webSocketPath ? 426 : 404, { connection: 'close' }).end();
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { protocolVersions } = this.#settings;
    const pathname = pathOf(request);
    if (pathname === webSocketPath && protocolVersions.includes('A')) {
      this.#webSocket.handleUpgrade(request, socket, head);
    } else if (pathname === socketIoPath && protocolVersions.includes('B')) {
      this.#socketIo.handleUpgrade(request, socket, head);
    } else if (protocolVersions.includes('C') && pathname !== webSocketPath && /^\/[^/]*$/.test(pathname)) {
      this.#webSocket.handleUpgrade(request, socket, head, tokenFromPath(pathname));
    } else rejectUpgrade(socket, 404);
  }

  #clients(): ClientSession[] {
    return [...this.#webSocket.clients, ...this.#socketIo.clients];
  }

  #broadcast(event: PadchatEvent, matches: (client: ClientSession) => boolean = everyClient): void {
    this.#webSocket.broadcast(event, matches);
    this.#socketIo.broadcast(event, matches);
  }

  #onBotEvent(event: TypedEvent): void {
    if (event.event === 'scan') this.#onScan(event);
    else if (event.event === 'login') this.#onLogin(event);
    else if (event.event === 'ready') for (const client of this.#clients()) client.onReady();
    const systemEvent = systemEventOf(event);
    if (systemEvent) this.#broadcast(systemEvent);
    if (this.#clients().length > 0) this.#push(event);
  }

  #onScan({ status, qrcode }: EventOf<'scan'>): void {
    this.#isNewLogin = true;
    const numbers: Readonly<Record<string, number>> = scanStatuses;
    const number = numbers[status];
    // Who confirmed becomes known with the login, which follows at once.
    if (number === undefined || number === scanStatuses.Confirmed) return;
    if (status === 'Waiting' && qrcode) for (const client of this.#clients()) client.sendQrCode(qrcode);
    this.#broadcast({ kind: 'scan', status: number }, awaitsLogin);
  }

  #onLogin({ contact: { id, name, avatar = '' } }: EventOf<'login'>): void {
    this.#addressBook.invalidate();
    if (this.#isNewLogin) {
      const user = { userName: id, nickName: name, uin: uinOf(id), headUrl: avatar };
      this.#broadcast({ kind: 'scan', status: scanStatuses.Confirmed, user }, awaitsLogin);
    }
    for (const client of this.#clients()) client.onLogin(this.#isNewLogin);
    this.#isNewLogin = false;
  }

  /** Who sent a message of the bot, if a client did. */
  #originOf({ id, conversation, isLink }: OwnMessage): 'client' | undefined | Promise<'client' | undefined> {
    const sent = this.#sentMessages.originOf(id, conversation);
    if (!isLink) return sent;
    const invited = (): typeof sent => this.#sentInvitations.originOf(id, conversation);
    return sent instanceof Promise ? sent.then((origin) => origin ?? invited()) : (sent ?? invited());
  }

  /** Pushes in order within a conversation, although some items are loaded asynchronously. */
  #push(event: TypedEvent): void {
    const ownMessage = ownMessageOf(event);
    const origin = ownMessage && this.#originOf(ownMessage);
    if (origin === 'client') return;
    const push = origin === undefined ? this.#pushMapper.map(event) : undefined;
    const conversation = push?.conversation ?? ownMessage?.conversation;
    if (conversation === undefined) return;
    const pushItem = (item: PushItem): void => {
      this.#broadcast({ kind: 'messages', items: [item] });
    };
    if (push && !(push.item instanceof Promise) && this.#mutex.isFree([conversation])) {
      pushItem(push.item);
      return;
    }
    this.#mutex
      .runExclusive([conversation], async () => {
        const item = (await origin) ? undefined : (push ?? this.#pushMapper.map(event))?.item;
        if (item) pushItem(await item);
      })
      .catch((error: unknown) => {
        this.#host.log('error', `A message could not be pushed: ${errorMessage(error)}`);
      });
  }
}

/** A message sent by the bot. */
interface OwnMessage {
  readonly id: string;
  readonly conversation: string;
  readonly isLink: boolean;
}

/** The message of the bot in an event; undefined for any other event. */
function ownMessageOf(event: TypedEvent): OwnMessage | undefined {
  if (event.event !== 'message' || !event.message.self) return undefined;
  const { message, room, listener } = event;
  const conversation = room?.id ?? listener?.id ?? '';
  return { id: message.id, conversation, isLink: message.type === 'Url' };
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

/** The token in a path; empty if it cannot be decoded. */
function tokenFromPath(pathname: string): string {
  try {
    return decodeURIComponent(pathname.slice(1));
  } catch {
    return '';
  }
}
