/**
 * WXBot server: HTTP requests send messages, WebSocket clients receive them. One key gives access to all bots that have a
 * token.
 */
import { WechatError } from '../../bot/errors';
import { StartStopGuard } from '../../util/start-stop';
import { Authenticator } from '../http/auth';
import { ManagedHttpServer } from '../http/http-server';
import type { Remote, RemoteHost, ServerStatus } from '../remote';
import { type BotLookup, BotsByToken } from './bots-by-token';
import { blockedResponse, RequestHandler } from './request-handler';
import type { WxbotRemoteSettings } from './settings';
import { SubscriberHub } from './subscriber-hub';

/** Serves WXBot clients, from `start` to `stop`. */
export class WxbotRemote implements Remote<ServerStatus> {
  readonly #bots: BotsByToken;
  readonly #subscribers: SubscriberHub;
  readonly #server: ManagedHttpServer;
  readonly #guard = new StartStopGuard(
    () => this.#start(),
    () => this.#stop(),
  );

  constructor(lookup: BotLookup, settings: WxbotRemoteSettings, host: RemoteHost) {
    const { port, key, tokens, permissions, files, limits } = settings;
    const authenticator = new Authenticator([key]);
    const onStatusChange = (): void => {
      host.onStatusChange();
    };
    this.#subscribers = new SubscriberHub(authenticator, onStatusChange, limits);
    this.#bots = new BotsByToken(tokens, lookup, { permissions, files }, host, this.#subscribers);
    const handler = new RequestHandler({
      authenticator,
      bots: this.#bots,
      maxFileBytes: files.maxBytes,
      onAudit: (record) => {
        host.onAudit(record);
      },
    });
    this.#server = new ManagedHttpServer(
      { host: settings.host, port, authenticator, blockedResponse, limits: limits?.server ?? {} },
      {
        onRequest: (request, response) => handler.handle(request, response),
        onUpgrade: (request, socket, head) => {
          this.#subscribers.handleUpgrade(request, socket, head);
        },
        onStatusChange,
        log: (level, message, problem) => {
          host.log(level, message, problem);
        },
      },
    );
  }

  get status(): ServerStatus {
    const status = this.#server.status;
    const { missing } = this.#bots;
    const error =
      missing.length > 0
        ? new WechatError('NOT_FOUND', 'tokenBotMissing', { bots: missing.join(', ') })
        : undefined;
    const lastError = status.lastError || (error?.message ?? '');
    return { ...status, clients: this.#subscribers.count, lastError };
  }

  start(): Promise<void> {
    return this.#guard.start();
  }

  stop(): Promise<void> {
    return this.#guard.stop();
  }

  async #start(): Promise<void> {
    this.#bots.start();
    await this.#server.start();
  }

  async #stop(): Promise<void> {
    this.#bots.stop();
    await Promise.all([this.#server.stop(), this.#subscribers.stop()]);
  }
}
