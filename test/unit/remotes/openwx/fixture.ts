/** A simulated bot that Openwx clients can call. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListenerLimits } from '../../../../src/remotes/http/http-server';
import type { Handled } from '../../../../src/remotes/dispatch/audit';
import { usualPostEvents } from '../../../../src/remotes/openwx/events/event-types';
import { OpenwxRemote } from '../../../../src/remotes/openwx/remote';
import type {
  OpenwxRemoteSettings,
  OpenwxRemoteStatus,
  OpenwxTimes,
} from '../../../../src/remotes/openwx/settings';
import { Inbox } from '../../../support/async-queue';
import { SimulatedBot, type SimulatedBotOptions } from '../../../support/simulated-bot';

/** An answer as it came. */
export interface Came {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed; undefined where it is no JSON. */
  readonly json: unknown;
}

/** How a served bot differs from a usual one. */
export interface ServedBotOptions {
  readonly settings?: Partial<OpenwxRemoteSettings>;
  readonly bot?: SimulatedBotOptions;
  readonly times?: Partial<OpenwxTimes>;
  readonly limits?: Partial<ListenerLimits>;
}

/** A bot, the remote that serves it, and what the remote told its owner. */
export class ServedBot {
  private constructor(
    readonly simulated: SimulatedBot,
    readonly remote: OpenwxRemote,
    readonly handled: Inbox<Handled>,
    readonly log: Inbox<string>,
    readonly statuses: Inbox<OpenwxRemoteStatus>,
    readonly directory: string,
  ) {}

  /** Starts both; resolves when the remote listens. */
  static async start({ settings, bot, times = {}, limits = {} }: ServedBotOptions = {}): Promise<ServedBot> {
    const simulated = await SimulatedBot.start(bot);
    return ServedBot.serve(simulated, { settings, times, limits });
  }

  /** Serves a bot, whatever state it is in. @throws what the remote throws. */
  static async serve(
    simulated: SimulatedBot,
    { settings, times = {}, limits = {} }: Omit<ServedBotOptions, 'bot'> = {},
  ): Promise<ServedBot> {
    const directory = await mkdtemp(join(tmpdir(), 'openwx-'));
    const handled = new Inbox<Handled>('handled');
    const log = new Inbox<string>('log');
    const statuses = new Inbox<OpenwxRemoteStatus>('statuses');
    const remote = new OpenwxRemote(
      simulated.bot,
      {
        host: '127.0.0.1',
        port: 0,
        token: '',
        postApi: '',
        postEvents: usualPostEvents,
        postMediaData: true,
        pollApi: '',
        pollInterval: 10,
        eventQueueSize: 20,
        allowStop: false,
        permits: { allow: [], deny: [] },
        files: { local: [], privateAddresses: 'refuse', maxBytes: 1024 * 1024 },
        directory,
        version: '1.2.3',
        ...settings,
      },
      {
        changed: () => statuses.add(remote.status),
        handled: (one) => handled.add(one),
        log: (level, sentence) => log.add(`${level}: ${sentence}`),
      },
      { times, limits },
    );
    const served = new ServedBot(simulated, remote, handled, log, statuses, directory);
    try {
      await remote.start();
    } catch (error) {
      await served.end();
      throw error;
    }
    return served;
  }

  get world(): SimulatedBot['world'] {
    return this.simulated.world;
  }

  /** Where it listens, without a slash at the end. */
  get url(): string {
    return `http://${this.remote.status.address}`;
  }

  /** Resolves when it is in this state, now or later. */
  async state(name: OpenwxRemoteStatus['state']): Promise<void> {
    if (this.remote.status.state !== name) await this.statuses.following(({ state }) => state === name);
  }

  /** Calls a path with parameters in the query. */
  get(path: string, params: Record<string, string> = {}, init: RequestInit = {}): Promise<Came> {
    return this.fetch(`/openwx/${path}?${new URLSearchParams(params).toString()}`, init);
  }

  /** Calls a path and gives the answer's JSON. */
  async ask<Answer = Record<string, unknown>>(
    path: string,
    params: Record<string, string> = {},
  ): Promise<Answer> {
    return (await this.get(path, params)).json as Answer;
  }

  /** Calls a path with a form. */
  post(path: string, form: Record<string, string>): Promise<Came> {
    return this.fetch(`/openwx/${path}`, { method: 'POST', body: new URLSearchParams(form) });
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Came> {
    const response = await fetch(`${this.url}${path}`, init);
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    const { status, headers } = response;
    return { status, type: headers.get('content-type') ?? '', headers, text, json };
  }

  /** Stops both and removes what they kept. */
  async end(): Promise<void> {
    await this.remote.stop(true);
    await this.simulated.end();
    await rm(this.directory, { recursive: true, force: true });
  }
}
