/** A bot as an Openwx server: its API is served, its events are queued and posted, from `start` to `stop`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Bot } from '../../bot/bot';
import { withTimeout } from '../../util/timeout';
import { WechatError } from '../../bot/errors';
import { runCommand } from '../../commands/run';
import { Commander } from '../dispatch/command-dispatcher';
import { readBody } from '../http/read-body';
import { HttpClient } from '../http/http-client';
import { Listener, type ListenerLimits } from '../http/http-server';
import { MediaStore } from '../storage/media-cache';
import type { Remote, RemoteListener } from '../remote';
import { Tickets } from '../wechat/opaque-tokens';
import { Turns } from '../../util/keyed-mutex';
import { Acquaintances } from './people/recipient-cache';
import { Afterwards } from './deferred-tasks';
import { Entrance } from './token-auth';
import { EventQueue } from './events/event-queue';
import { fromBody, fromForm, type Given, together } from './request-params';
import { beat } from './events/poll-api';
import type { Ask } from './people/contact-query';
import { type Context, type Operation, Picture, type Reply } from './operations/operation';
import { operations } from './operations/table';
import { OwnSends } from './messages/sent-message-tracker';
import { pictureReply } from './image-response';
import { PostOffice } from './events/webhook';
import { type OpenwxRemoteSettings, type OpenwxRemoteStatus, type OpenwxTimes, usualTimes } from './settings';
import { Speaker } from './messages/message-sender';
import { Telling } from './events/event-dispatcher';
import type { Post } from './events/event-mapper';
import {
  authFailure,
  elsewhere,
  failure,
  type HttpReply,
  jsonReply,
  outcomeOf,
  preflight,
  unknownPath,
} from './wire';

/** How long a stop waits for what is being done, in ms. */
const patience = 3_000;

/** What is kept of media: so many bytes, for so long in ms. */
const mediaLimits = { maxBytes: 256 * 1024 * 1024, maxAgeMs: 24 * 60 * 60 * 1000 };

/** A body from who has given no token yet, in bytes. */
const strangersBody = 64 * 1024;

/** Longer parameters are shortened for the owner's flow. */
const shownParameter = 1000;

const byPath = new Map(operations.map((operation) => [`/openwx/${operation.path}`, operation]));

/** Serves a bot to Openwx clients. */
export class OpenwxRemote implements Remote<OpenwxRemoteStatus> {
  readonly #bot: Bot;
  readonly #settings: OpenwxRemoteSettings;
  readonly #commander: Commander;
  readonly #listener: Listener;
  readonly #entrance: Entrance;
  readonly #client = new HttpClient();
  readonly #media: MediaStore;
  readonly #telling: Telling;
  readonly #afterwards: Afterwards;
  readonly #context: Context;
  readonly #stop = new AbortController();
  readonly #log: RemoteListener['log'];
  readonly #times: OpenwxTimes;
  #beating: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  /** @throws WechatError INVALID_PARAMS (`urlInvalid`) when events could never be posted or polls never be made. */
  constructor(
    bot: Bot,
    settings: OpenwxRemoteSettings,
    listener: RemoteListener,
    { times = {}, limits }: { times?: Partial<OpenwxTimes>; limits?: Partial<ListenerLimits> } = {},
  ) {
    for (const url of [settings.postApi, settings.pollApi]) {
      if (url !== '' && !isWebAddress(url)) throw new WechatError('INVALID_PARAMS', 'urlInvalid', { url });
    }
    this.#bot = bot;
    this.#settings = settings;
    this.#times = { ...usualTimes, ...times };
    this.#log = (level, sentence) => {
      listener.log(level, this.#withoutToken(sentence));
    };
    this.#commander = new Commander(bot, settings, listener);
    const { host, port, token, postApi, directory } = settings;
    this.#entrance = new Entrance(token);
    this.#listener = new Listener(
      { host, port, isProtected: token !== '', ...(limits ? { limits } : {}) },
      {
        changed: () => {
          listener.changed();
        },
        log: this.#log,
        request: (request, response) => this.#answer(request, response),
      },
    );
    const mediaDirectory = join(directory, 'media');
    this.#media = new MediaStore({ ...mediaLimits, directory: mediaDirectory });
    const { local } = settings.files;
    // What was handed in or received may be sent again by the path under which it was told of.
    const files = { ...settings.files, local: local === 'any' ? local : [...local, mediaDirectory] };
    const ask: Ask = (command, params) => runCommand(bot, command, params, { files });
    const sends = new OwnSends();
    const tickets = new Tickets();
    const queue = new EventQueue<Post>(settings.eventQueueSize);
    this.#afterwards = new Afterwards(this.#commander);
    this.#context = {
      bot,
      ask,
      speaker: new Speaker(ask, sends),
      acquaintances: new Acquaintances(ask),
      media: this.#media,
      files,
      tickets,
      queue,
      turns: new Turns(),
      version: settings.version,
      allowStop: settings.allowStop,
      startedAt: Date.now(),
      afterwards: (name, delay, work) => {
        this.#afterwards.plan(name, delay, work);
      },
    };
    const office =
      postApi === ''
        ? undefined
        : new PostOffice({
            client: this.#client,
            url: postApi,
            times: this.#times,
            stopped: this.#stop.signal,
            log: this.#log,
          });
    this.#telling = new Telling({
      ...this.#context,
      commander: this.#commander,
      sends,
      wanted: new Set(settings.postEvents),
      withFiles: postApi !== '' && settings.postMediaData,
      office,
    });
  }

  get status(): OpenwxRemoteStatus {
    const { waiting, lost } = this.#telling;
    return { ...this.#listener.status, waiting, lost };
  }

  async start(): Promise<void> {
    this.#telling.start();
    await this.#listener.start();
    const { pollApi, pollInterval } = this.#settings;
    if (pollApi === '' || this.#stop.signal.aborted) return;
    this.#beating = beat({
      client: this.#client,
      url: pollApi,
      interval: pollInterval,
      timeout: this.#times.poll,
      stopped: this.#stop.signal,
      address: () => this.#listener.address,
      isRunning: () => this.#bot.state.name === 'ready',
      call: (url) => this.#call(url),
      log: this.#log,
    });
  }

  stop(removed = false): Promise<void> {
    this.#stopping ??= this.#end(removed);
    return this.#stopping;
  }

  async #end(removed: boolean): Promise<void> {
    this.#telling.stop();
    this.#stop.abort();
    this.#afterwards.close();
    await this.#listener.stop();
    await withTimeout(this.#commander.idle(), patience, () => new Error('still busy')).catch(() => undefined);
    this.#client.close();
    await this.#beating;
    await this.#media.close(removed);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers, body } = await this.#reply(request, () => this.#goneWith(response));
    response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  /** Most answers wait for nothing, and need not be told that nobody waits for them. */
  #goneWith(response: ServerResponse): AbortSignal {
    const gone = new AbortController();
    const leave = (): void => {
      gone.abort();
    };
    response.once('close', leave);
    this.#stop.signal.addEventListener('abort', leave);
    response.once('close', () => {
      this.#stop.signal.removeEventListener('abort', leave);
    });
    if (this.#stop.signal.aborted || response.destroyed) leave();
    return gone.signal;
  }

  async #reply(request: IncomingMessage, gone: () => AbortSignal): Promise<HttpReply> {
    const { url = '', method = '' } = request;
    const [path, search] = splitAt(url, '?');
    if (!path.startsWith('/openwx/')) return elsewhere;
    if (method === 'OPTIONS') return preflight;
    const operation = byPath.get(path);
    if (!operation || !['GET', 'POST', 'HEAD'].includes(method)) return unknownPath;
    try {
      const query = fromForm(search);
      const verdict = this.#entrance.check(request, query);
      if (verdict === 'blocked') return jsonReply(authFailure, query, 429);
      if (verdict === 'wrong' || (verdict === 'missing' && method !== 'POST'))
        return jsonReply(authFailure, query);
      const limit = verdict === 'missing' ? strangersBody : this.#bodyLimit();
      const body = method === 'POST' ? await this.#bodyOf(request, limit) : new Map<string, string>();
      if (verdict === 'missing' && this.#entrance.checkBody(request, body) !== 'welcome') {
        return jsonReply(authFailure, query);
      }
      const given = together(query, body);
      const reply = await this.#do(operation, given, gone);
      const isJson = typeof reply === 'object' && !(reply instanceof Picture);
      return isJson ? jsonReply(reply, given) : pictureReply(reply, request);
    } catch (error) {
      if (!(error instanceof WechatError)) throw error;
      const status = error.key === 'payloadTooLarge' ? 413 : 200;
      return jsonReply(failure(error, operation), undefined, status);
    }
  }

  async #bodyOf(request: IncomingMessage, limit: number): Promise<Given> {
    const body = await readBody(request, limit);
    return fromBody(request.headers['content-type'], body);
  }

  /** A file in Base64, of which a form spells some letters with three. */
  #bodyLimit(): number {
    return Math.ceil(this.#settings.files.maxBytes * 1.5) + strangersBody;
  }

  /** Does what a path stands for. Never rejects with anything but a WechatError. */
  async #do(operation: Operation, given: Given, gone: () => AbortSignal): Promise<Reply> {
    const { command, path } = operation;
    const work = (): Promise<Reply> => operation.run(this.#context, given, gone);
    if (command === undefined) return work();
    const asked = { name: path, params: shown(given) };
    try {
      return await this.#commander.serve(
        asked,
        () => {
          if (this.#commander.isPermitted(command)) return work();
          throw new WechatError('REFUSED', 'commandDenied', { name: command });
        },
        (reply) => outcomeOf(typeof reply === 'object' ? reply : {}),
        (error) => outcomeOf(failure(error, operation)),
      );
    } catch (error) {
      if (error instanceof WechatError) return failure(error, operation);
      throw error;
    }
  }

  /** A call that `poll_api` sent us to. */
  async #call(url: URL): Promise<void> {
    const operation = byPath.get(url.pathname);
    try {
      if (operation) await this.#do(operation, fromForm(url.search.slice(1)), () => this.#stop.signal);
      else this.#log('warn', `poll_api redirects to ${url.pathname}, which is no path of this API.`);
    } catch (error) {
      this.#log('warn', `poll_api: ${(error as Error).message}`);
    }
  }

  #withoutToken(sentence: string): string {
    const { token } = this.#settings;
    return this.#bot.redact(token === '' ? sentence : sentence.replaceAll(token, '***'));
  }
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** What the owner's flow sees of parameters. */
function shown(given: Given): Readonly<Record<string, string>> {
  const visible = [...given].filter(([name]) => name !== 'token');
  return Object.fromEntries(
    visible.map(([name, value]) => [
      name,
      value.length > shownParameter ? `${value.slice(0, shownParameter)}…` : value,
    ]),
  );
}
