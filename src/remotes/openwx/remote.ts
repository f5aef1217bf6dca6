/** Openwx server of a bot: serves the HTTP API, queues and posts events. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Bot } from '../../bot/bot';
import { WechatError } from '../../bot/errors';
import { runUntrustedCommand } from '../../commands/run';
import { KeyedMutex } from '../../util/keyed-mutex';
import { StartStopGuard } from '../../util/start-stop';
import { settleWithin } from '../../util/timeout';
import { CommandDispatcher } from '../dispatch/command-dispatcher';
import { redactParams } from '../dispatch/redact';
import { Authenticator } from '../http/auth';
import { HttpClient } from '../http/http-client';
import { type HttpServerLimits, ManagedHttpServer } from '../http/http-server';
import { readBody } from '../http/read-body';
import { type OutgoingResponse, writeResponse } from '../http/response';
import type { Remote, RemoteHost } from '../remote';
import { MediaCache } from '../storage/media-cache';
import { OpaqueTokens } from '../wechat/opaque-tokens';
import { DeferredTasks } from './deferred-tasks';
import { EventDispatcher } from './events/event-dispatcher';
import type { Post } from './events/event-mapper';
import { EventQueue } from './events/event-queue';
import { pollLoop } from './events/poll-api';
import { WebhookClient } from './events/webhook';
import { imageResponse } from './image-response';
import { MessageSender } from './messages/message-sender';
import type { SendOrigin } from './messages/messages';
import { SentMessageTracker } from '../wechat/sent-message-tracker';
import {
  ImageResult,
  type Operation,
  type OperationContext,
  type OperationResult,
} from './operations/operation';
import { operations } from './operations/table';
import type { RunCommand } from './people/contact-query';
import { RecipientCache } from './people/recipient-cache';
import { mergeParams, parseBody, parseForm, type RequestParams } from './request-params';
import { tokenOf } from './request-token';
import {
  defaultTimeouts,
  type OpenwxRemoteSettings,
  type OpenwxRemoteStatus,
  type OpenwxTimeouts,
} from './settings';
import {
  authFailureResult,
  blockedResponse,
  failureResult,
  jsonResponse,
  notFoundResponse,
  outcomeOf,
  preflightResponse,
  unknownPathResponse,
} from './wire';

/** How long `stop` waits for running operations, in ms. */
const stopTimeoutMs = 3_000;

/** Limits of the media cache. */
const mediaLimits = { maxBytes: 256 * 1024 * 1024, maxAgeMs: 24 * 60 * 60 * 1000 };

/** Body limit for unauthenticated requests, in bytes. */
const unauthenticatedBodyLimit = 64 * 1024;

/** Parameters that audit records do not contain. */
const redaction = { secrets: new Set(['token', 'ticket']), files: new Set(['media_data']) };

const operationsByPath = new Map(operations.map((operation) => [`/openwx/${operation.path}`, operation]));

/** Serves a bot to Openwx clients. */
export class OpenwxRemote implements Remote<OpenwxRemoteStatus> {
  readonly #bot: Bot;
  readonly #settings: OpenwxRemoteSettings;
  readonly #dispatcher: CommandDispatcher;
  readonly #server: ManagedHttpServer;
  readonly #authenticator: Authenticator;
  readonly #httpClient = new HttpClient();
  readonly #media: MediaCache;
  readonly #events: EventDispatcher;
  readonly #deferredTasks: DeferredTasks;
  readonly #context: OperationContext;
  readonly #guard = new StartStopGuard<[removed: boolean]>(
    () => this.#start(),
    (removed) => this.#stop(removed),
  );
  readonly #log: RemoteHost['log'];
  readonly #timeouts: OpenwxTimeouts;
  #polling: Promise<void> | undefined;

  /** @throws WechatError INVALID_PARAMS (`urlInvalid`) when `postApi` or `pollApi` is not an http(s) URL. */
  constructor(
    bot: Bot,
    settings: OpenwxRemoteSettings,
    host: RemoteHost,
    {
      timeouts = {},
      limits,
    }: { timeouts?: Partial<OpenwxTimeouts>; limits?: Partial<HttpServerLimits> } = {},
  ) {
    for (const url of [settings.postApi, settings.pollApi]) {
      if (url !== '' && !isHttpUrl(url)) throw new WechatError('INVALID_PARAMS', 'urlInvalid', { url });
    }
    this.#bot = bot;
    this.#settings = settings;
    this.#timeouts = { ...defaultTimeouts, ...timeouts };
    this.#log = (level, message) => {
      host.log(level, this.#redact(message));
    };
    this.#dispatcher = new CommandDispatcher(bot, settings, host);
    const { port, token, postApi, directory } = settings;
    this.#authenticator = new Authenticator([token]);
    this.#server = new ManagedHttpServer(
      {
        host: settings.host,
        port,
        authenticator: this.#authenticator,
        blockedResponse,
        ...(limits ? { limits } : {}),
      },
      {
        onStatusChange: () => {
          host.onStatusChange();
        },
        log: this.#log,
        onRequest: (request, response) => this.#handleRequest(request, response),
      },
    );
    const mediaDirectory = join(directory, 'media');
    this.#media = new MediaCache({ ...mediaLimits, directory: mediaDirectory });
    const { local } = settings.files;
    // Clients may send cached media again by the path they received.
    const files = { ...settings.files, local: local === 'any' ? local : [...local, mediaDirectory] };
    const run: RunCommand = (command, params) => runUntrustedCommand(bot, command, params, { files });
    const tracker = new SentMessageTracker<SendOrigin>();
    this.#deferredTasks = new DeferredTasks(this.#dispatcher);
    this.#context = {
      bot,
      runCommand: run,
      sender: new MessageSender(run, tracker),
      recipients: new RecipientCache(run),
      media: this.#media,
      files,
      tickets: new OpaqueTokens(),
      queue: new EventQueue<Post>(settings.eventQueueSize),
      mutex: new KeyedMutex(),
      version: settings.version,
      allowStop: settings.allowStop,
      startedAt: Date.now(),
      defer: (name, delayMs, task) => {
        this.#deferredTasks.schedule(name, delayMs, task);
      },
    };
    const webhook =
      postApi === ''
        ? undefined
        : new WebhookClient({
            client: this.#httpClient,
            url: postApi,
            timeouts: this.#timeouts,
            signal: this.#guard.signal,
            log: this.#log,
          });
    this.#events = new EventDispatcher({
      ...this.#context,
      dispatcher: this.#dispatcher,
      tracker,
      wantedEvents: new Set(settings.postEvents),
      loadFiles: postApi !== '' && settings.postMediaData,
      webhook,
    });
  }

  get status(): OpenwxRemoteStatus {
    const { pending, lost } = this.#events;
    return { ...this.#server.status, waiting: pending, lost };
  }

  start(): Promise<void> {
    return this.#guard.start();
  }

  stop(removed = false): Promise<void> {
    return this.#guard.stop(removed);
  }

  async #start(): Promise<void> {
    this.#events.start();
    await this.#server.start();
    const { pollApi, pollIntervalMs } = this.#settings;
    if (pollApi === '' || this.#guard.signal.aborted) return;
    this.#polling = pollLoop({
      client: this.#httpClient,
      url: pollApi,
      intervalMs: pollIntervalMs,
      timeoutMs: this.#timeouts.poll,
      signal: this.#guard.signal,
      address: () => this.#server.address,
      isBotReady: () => this.#bot.state.name === 'ready',
      runCall: (url) => this.#runPolledCall(url),
      log: this.#log,
    });
  }

  async #stop(removed: boolean): Promise<void> {
    this.#events.stop();
    this.#deferredTasks.close();
    await this.#server.stop();
    await settleWithin(this.#dispatcher.whenIdle(), stopTimeoutMs);
    this.#httpClient.close();
    await this.#polling;
    await this.#media.close(removed);
  }

  async #handleRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    writeResponse(response, await this.#respond(request, () => this.#abortOnClose(response)));
  }

  /** Aborts when the client disconnects or the remote stops. Created on demand: most operations do not wait. */
  #abortOnClose(response: ServerResponse): AbortSignal {
    const controller = new AbortController();
    const abort = (): void => {
      controller.abort();
    };
    this.#guard.signal.addEventListener('abort', abort);
    response.once('close', () => {
      this.#guard.signal.removeEventListener('abort', abort);
      abort();
    });
    if (this.#guard.signal.aborted || response.destroyed) abort();
    return controller.signal;
  }

  async #respond(request: IncomingMessage, getSignal: () => AbortSignal): Promise<OutgoingResponse> {
    const { url = '', method = '' } = request;
    const [path, search] = splitOnce(url, '?');
    if (!path.startsWith('/openwx/')) return notFoundResponse;
    if (method === 'OPTIONS') return preflightResponse;
    const operation = operationsByPath.get(path);
    if (!operation || !['GET', 'POST', 'HEAD'].includes(method)) return unknownPathResponse;
    try {
      const query = parseForm(search);
      const { remoteAddress } = request.socket;
      const isPost = method === 'POST';
      let auth = this.#authenticator.authenticate(tokenOf(request, query), remoteAddress);
      if (auth !== 'granted' && !(auth === 'missing' && isPost))
        return jsonResponse(authFailureResult, query);
      const limit = auth === 'granted' ? this.#bodyLimit() : unauthenticatedBodyLimit;
      const body = isPost ? await this.#readParams(request, limit) : new Map<string, string>();
      if (auth === 'missing') auth = this.#authenticator.authenticate(body.get('token'), remoteAddress);
      if (auth !== 'granted') return jsonResponse(authFailureResult, query);
      const params = mergeParams(query, body);
      const result = await this.#runOperation(operation, params, getSignal);
      const isJson = typeof result === 'object' && !(result instanceof ImageResult);
      return isJson ? jsonResponse(result, params) : imageResponse(result, request);
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      const status = error.key === 'payloadTooLarge' ? 413 : 200;
      return jsonResponse(failureResult(error, operation), undefined, status);
    }
  }

  async #readParams(request: IncomingMessage, limit: number): Promise<RequestParams> {
    const body = await readBody(request, limit);
    return parseBody(request.headers['content-type'], body);
  }

  /** A file in Base64, some characters of which a form encodes as three. */
  #bodyLimit(): number {
    return Math.ceil(this.#settings.files.maxBytes * 1.5) + unauthenticatedBodyLimit;
  }

  /** Runs an operation if its command is permitted. @throws only what is not a WechatError. */
  async #runOperation(
    operation: Operation,
    params: RequestParams,
    getSignal: () => AbortSignal,
  ): Promise<OperationResult> {
    const { command, path } = operation;
    const run = (): Promise<OperationResult> => operation.run(this.#context, params, getSignal);
    if (command === undefined) return run();
    try {
      return await this.#dispatcher.runAudited(
        { name: path, params: redactParams(params, redaction) },
        () => {
          if (this.#dispatcher.isPermitted(command)) return run();
          throw new WechatError('REFUSED', 'commandDenied', { name: command });
        },
        (result) => outcomeOf(typeof result === 'object' ? result : {}),
        (error) => outcomeOf(failureResult(error, operation)),
      );
    } catch (error) {
      if (error instanceof WechatError) return failureResult(error, operation);
      throw error;
    }
  }

  /** Runs the call to which `poll_api` redirects. */
  async #runPolledCall(url: URL): Promise<void> {
    const operation = operationsByPath.get(url.pathname);
    try {
      if (operation)
        await this.#runOperation(operation, parseForm(url.search.slice(1)), () => this.#guard.signal);
      else this.#log('warn', `poll_api redirects to ${url.pathname}, which is no path of this API.`);
    } catch (error) {
      this.#log('warn', `poll_api: ${(error as Error).message}`);
    }
  }

  #redact(message: string): string {
    const { token } = this.#settings;
    return this.#bot.redact(token === '' ? message : message.replaceAll(token, '***'));
  }
}

function isHttpUrl(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
