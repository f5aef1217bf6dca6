/** Fixture: an Openwx remote on a simulated bot, and an HTTP client of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpServerLimits } from '../../../../src/remotes/http/http-server';
import type { AuditRecord } from '../../../../src/remotes/dispatch/audit';
import { declaration } from '../../../../src/nodes/openwx-remote/properties';
import { readProperties } from '../../../../src/nodes/runtime/read-properties';
import { OpenwxRemote } from '../../../../src/remotes/openwx/remote';
import type {
  OpenwxRemoteSettings,
  OpenwxRemoteStatus,
  OpenwxTimeouts,
} from '../../../../src/remotes/openwx/settings';
import { AsyncQueue } from '../../../support/async-queue';
import { SimulatedBot, type SimulatedBotOptions } from '../../../support/simulated-bot';

/** A received response. */
export interface ReceivedResponse {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when it is not JSON. */
  readonly json: unknown;
}

/** Deviations from the default settings. */
export interface OpenwxFixtureOptions {
  readonly settings?: Partial<OpenwxRemoteSettings>;
  readonly bot?: SimulatedBotOptions;
  readonly timeouts?: Partial<OpenwxTimeouts>;
  readonly limits?: Partial<HttpServerLimits>;
}

/** A bot, its remote, and what the remote reports to its host. */
export class OpenwxFixture {
  private constructor(
    readonly simulated: SimulatedBot,
    readonly remote: OpenwxRemote,
    readonly audits: AsyncQueue<AuditRecord>,
    readonly log: AsyncQueue<string>,
    readonly statuses: AsyncQueue<OpenwxRemoteStatus>,
    readonly directory: string,
  ) {}

  /** Starts both. */
  static async start({ settings, bot, timeouts, limits }: OpenwxFixtureOptions = {}): Promise<OpenwxFixture> {
    const simulated = await SimulatedBot.start(bot);
    return OpenwxFixture.serve(simulated, { settings, timeouts, limits });
  }

  /** Starts a remote for a bot in any state. @throws what `start` of the remote throws. */
  static async serve(
    simulated: SimulatedBot,
    { settings, timeouts = {}, limits = {} }: Omit<OpenwxFixtureOptions, 'bot'> = {},
  ): Promise<OpenwxFixture> {
    const directory = await mkdtemp(join(tmpdir(), 'openwx-'));
    const audits = new AsyncQueue<AuditRecord>('audits');
    const log = new AsyncQueue<string>('log');
    const statuses = new AsyncQueue<OpenwxRemoteStatus>('statuses');
    const remote = new OpenwxRemote(
      simulated.bot,
      {
        host: '127.0.0.1',
        port: 0,
        token: '',
        postApi: '',
        postEvents: readProperties({}, declaration).postEvents,
        postMediaData: true,
        pollApi: '',
        pollIntervalMs: 10,
        eventQueueSize: 20,
        allowStop: false,
        permissions: { allow: [], deny: [] },
        files: { local: [], privateAddresses: 'refuse', maxBytes: 1024 * 1024 },
        directory,
        version: '1.2.3',
        ...settings,
      },
      {
        nodeId: 'openwx-node',
        onStatusChange: () => statuses.add(remote.status),
        onAudit: (record) => audits.add(record),
        log: (level, message) => log.add(`${level}: ${message}`),
      },
      { timeouts, limits },
    );
    const fixture = new OpenwxFixture(simulated, remote, audits, log, statuses, directory);
    try {
      await remote.start();
    } catch (error) {
      await fixture.stop();
      throw error;
    }
    return fixture;
  }

  get simulation(): SimulatedBot['simulation'] {
    return this.simulated.simulation;
  }

  /** The base URL, without a trailing slash. */
  get url(): string {
    return `http://${this.remote.status.address}`;
  }

  /** Resolves when the server is in this state. */
  async whenState(name: OpenwxRemoteStatus['state']): Promise<void> {
    if (this.remote.status.state !== name) await this.statuses.nextArrival(({ state }) => state === name);
  }

  /** Calls an operation with parameters in the query. */
  get(path: string, params: Record<string, string> = {}, init: RequestInit = {}): Promise<ReceivedResponse> {
    return this.fetch(`/openwx/${path}?${new URLSearchParams(params).toString()}`, init);
  }

  /** Calls an operation and returns the JSON. */
  async call<Result = Record<string, unknown>>(
    path: string,
    params: Record<string, string> = {},
  ): Promise<Result> {
    return (await this.get(path, params)).json as Result;
  }

  /** Calls an operation with a form body. */
  post(path: string, form: Record<string, string>): Promise<ReceivedResponse> {
    return this.fetch(`/openwx/${path}`, { method: 'POST', body: new URLSearchParams(form) });
  }

  async fetch(path: string, init: RequestInit = {}): Promise<ReceivedResponse> {
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

  /** Stops both and deletes their files. */
  async stop(): Promise<void> {
    await this.remote.stop(true);
    await this.simulated.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
