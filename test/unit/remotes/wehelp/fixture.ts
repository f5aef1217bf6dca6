/** A simulated bot with a WeHelp remote, and the user's web service: an HTTP server that can fail in many ways. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditRecord } from '../../../../src/remotes/dispatch/audit';
import { WehelpRemote } from '../../../../src/remotes/wehelp/remote';
import type { WehelpRemoteSettings, WehelpTimes } from '../../../../src/remotes/wehelp/settings';
import { SimulatedBot, type SimulatedBotOptions } from '../../../support/simulated-bot';

/** Until `until` fails. */
const waitTimeoutMs = 10_000;

/** The data of a callback. */
export type Data = Readonly<Record<string, unknown>>;

/** The user's web service: receives callbacks at `/callback`, returns tasks at `/poll`. */
export class FakeService {
  /** Accepted callbacks, in order. */
  readonly callbacks: Data[] = [];
  /** All requests. */
  readonly requests: IncomingMessage[] = [];
  /** Overrides the response to a callback; returns whether it responded. */
  onCallback: (data: Data, response: ServerResponse) => boolean = () => false;
  /** Overrides the response to a poll; returns whether it responded. */
  onPoll: (response: ServerResponse) => boolean = () => false;
  readonly #tasks: unknown[][] = [];
  readonly #watchers = new Set<() => void>();
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  get callbackUrl(): string {
    return `http://127.0.0.1:${this.#port}/callback`;
  }

  get pollUrl(): string {
    return `http://127.0.0.1:${this.#port}/poll`;
  }

  /** Starts, or restarts on the same port. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.requests.push(request);
      if (request.url === '/poll') this.#respondToPoll(response);
      else void this.#receiveCallback(request, response);
    });
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Closes the server and all connections. */
  async goOffline(): Promise<void> {
    const closed = this.#server && once(this.#server, 'close');
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Returns these tasks in the response to one poll. */
  enqueueTasks(...tasks: unknown[]): void {
    this.#tasks.push(tasks);
  }

  /** Whether all tasks were returned. */
  get isEmpty(): boolean {
    return this.#tasks.length === 0;
  }

  /** Resolves with the first matching callback, past or future. */
  async waitForCallback(matches: (data: Data) => boolean): Promise<Data> {
    let found: Data | undefined;
    await this.until(() => (found = this.callbacks.find(matches)) !== undefined);
    return found ?? {};
  }

  /** Resolves when the condition holds; checked after every request and every 20 ms. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        cleanUp();
        reject(
          new Error(`not within ${waitTimeoutMs} ms; taken: ${JSON.stringify(this.callbacks.slice(-5))}`),
        );
      }, waitTimeoutMs);
      const check = (): void => {
        if (!condition()) return;
        cleanUp();
        resolve();
      };
      const checkTimer = setInterval(() => {
        check();
      }, 20);
      const cleanUp = (): void => {
        clearTimeout(timer);
        clearInterval(checkTimer);
        this.#watchers.delete(check);
      };
      this.#watchers.add(check);
      check();
    });
  }

  /** Checks all conditions now. */
  notifyWatchers(): void {
    for (const look of this.#watchers) look();
  }

  #respondToPoll(response: ServerResponse): void {
    if (!this.onPoll(response)) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(this.#tasks.shift() ?? []));
    }
    this.notifyWatchers();
  }

  async #receiveCallback(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks = (await request.toArray().catch(() => [])) as Buffer[];
    if (!request.complete) return;
    const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: Data };
    if (!this.onCallback(data, response)) {
      this.callbacks.push(data);
      response.setHeader('content-type', 'application/json');
      response.end('[]');
    }
    this.notifyWatchers();
  }
}

/** Settings that differ from the defaults. */
export interface FixtureOptions {
  readonly settings?: Partial<WehelpRemoteSettings>;
  readonly times?: Partial<WehelpTimes>;
  readonly simulator?: SimulatedBotOptions['simulator'];
}

/** Bot, remote and service. */
export class WehelpFixture {
  readonly service = new FakeService();
  readonly auditRecords: AuditRecord[] = [];
  readonly log: string[] = [];
  remote!: WehelpRemote;

  private constructor(
    readonly simulated: SimulatedBot,
    readonly directory: string,
    readonly options: FixtureOptions,
  ) {}

  /** Starts everything; the bot is ready, and the service knows who is logged in. */
  static async start(options: FixtureOptions = {}): Promise<WehelpFixture> {
    const fixture = await WehelpFixture.#create(options);
    const { simulated, service } = fixture;
    if (options.simulator?.login === 'scan') {
      await simulated.untilState('scanning');
      await simulated.simulation.scan();
    }
    await simulated.untilState('ready');
    await fixture.startRemote();
    await service.until(() => fixture.remote.status.waiting === 0);
    service.callbacks.splice(0);
    service.requests.splice(0);
    return fixture;
  }

  /** Starts everything; the bot shows a QR code. */
  static async startScanning(options: FixtureOptions = {}): Promise<WehelpFixture> {
    const fixture = await WehelpFixture.#create({ ...options, simulator: { login: 'scan' } });
    await fixture.simulated.untilState('scanning');
    await fixture.startRemote();
    return fixture;
  }

  static async #create(options: FixtureOptions): Promise<WehelpFixture> {
    const { simulator } = options;
    const simulated = await SimulatedBot.create(simulator ? { simulator } : {});
    const directory = await mkdtemp(join(tmpdir(), 'wehelp-'));
    const fixture = new WehelpFixture(simulated, directory, options);
    await fixture.service.start();
    simulated.bot.start();
    return fixture;
  }

  get simulation(): SimulatedBot['simulation'] {
    return this.simulated.simulation;
  }

  /** The id of a contact. */
  idOf(name: string): string {
    return this.simulation.contact(name).id;
  }

  /** Starts a remote on the same store, as after a restart. */
  async startRemote(changes: Partial<WehelpRemoteSettings> = {}): Promise<void> {
    const { settings, times } = this.options;
    this.remote = new WehelpRemote(
      this.simulated.bot,
      {
        callbackUrl: this.service.callbackUrl,
        pollUrl: this.service.pollUrl,
        pollIntervalMs: 10,
        timeUnitMs: 1000,
        directory: join(this.directory, 'store'),
        outboxMaxBytes: 50 * 1024 * 1024,
        permissions: { allow: [], deny: [] },
        files: { local: [], privateAddresses: 'refuse', maxBytes: 1024 * 1024 },
        ...settings,
        ...changes,
      },
      {
        nodeId: 'wehelp-node',
        onStatusChange: () => {
          this.service.notifyWatchers();
        },
        onAudit: (record) => {
          this.auditRecords.push(record);
          this.service.notifyWatchers();
        },
        log: (_level, sentence) => this.log.push(sentence),
      },
      { requestTimeoutMs: 2000, minBackOffMs: 10, maxBackOffMs: 50, ...times },
    );
    await this.remote.start();
  }

  /** Texts that the bot sent to a contact. */
  sentTexts(to: string): string[] {
    const { simulation } = this;
    return simulation
      .messages({ conversation: simulation.contact(to) })
      .filter(({ talkerId }) => talkerId === simulation.self.id)
      .map(({ text }) => text);
  }

  async stop(): Promise<void> {
    await this.remote.stop();
    await this.service.goOffline();
    await this.simulated.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
