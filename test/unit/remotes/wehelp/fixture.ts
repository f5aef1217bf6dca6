/** A bot as WeHelp, and the web service of its user: a real HTTP server that can be away, slow or out of its mind. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Handled } from '../../../../src/remotes/dispatch/audit';
import { WehelpRemote } from '../../../../src/remotes/wehelp/remote';
import type { WehelpRemoteSettings, WehelpTimes } from '../../../../src/remotes/wehelp/settings';
import { SimulatedBot, type SimulatedBotOptions } from '../../../support/simulated-bot';

/** How long a test waits for something that should happen at once, in ms. */
const patience = 10_000;

/** What is in a callback. */
export type Data = Readonly<Record<string, unknown>>;

/** The user's web service: takes callbacks at `/callback`, hands out tasks at `/poll`. */
export class UserService {
  /** Callbacks that were taken, in their order. */
  readonly taken: Data[] = [];
  /** Every request, as method and path. */
  readonly requests: IncomingMessage[] = [];
  /** What stands in place of the usual answer to a callback; true if it answered. */
  onCallback: (data: Data, response: ServerResponse) => boolean = () => false;
  /** What stands in place of the usual answer to a poll; true if it answered. */
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

  /** Begins, or comes back on the same port. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.requests.push(request);
      if (request.url === '/poll') this.#hand(response);
      else void this.#take(request, response);
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

  /** Hangs up on everybody, and is not there any more. */
  async away(): Promise<void> {
    const closed = this.#server && once(this.#server, 'close');
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Hands these out in answer to one poll, and forgets them. */
  give(...tasks: unknown[]): void {
    this.#tasks.push(tasks);
  }

  /** Whether all tasks were handed out. */
  get isEmpty(): boolean {
    return this.#tasks.length === 0;
  }

  /** Resolves with the first callback that fits, taken already or not. */
  async told(fits: (data: Data) => boolean): Promise<Data> {
    let found: Data | undefined;
    await this.until(() => (found = this.taken.find(fits)) !== undefined);
    return found ?? {};
  }

  /** Resolves when this holds, which is looked at after every request and now and then. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        end();
        reject(new Error(`not within ${patience} ms; taken: ${JSON.stringify(this.taken.slice(-5))}`));
      }, patience);
      const look = (): void => {
        if (!holds()) return;
        end();
        resolve();
      };
      const looking = setInterval(() => {
        look();
      }, 20);
      const end = (): void => {
        clearTimeout(timer);
        clearInterval(looking);
        this.#watchers.delete(look);
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** To be called when something changed that is waited for. */
  looked(): void {
    for (const look of this.#watchers) look();
  }

  #hand(response: ServerResponse): void {
    if (!this.onPoll(response)) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(this.#tasks.shift() ?? []));
    }
    this.looked();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces = (await request.toArray().catch(() => [])) as Buffer[];
    if (!request.complete) return;
    const { data } = JSON.parse(Buffer.concat(pieces).toString()) as { data: Data };
    if (!this.onCallback(data, response)) {
      this.taken.push(data);
      response.setHeader('content-type', 'application/json');
      response.end('[]');
    }
    this.looked();
  }
}

/** How a remote of a test differs from a usual one. */
export interface SettingOptions {
  readonly settings?: Partial<WehelpRemoteSettings>;
  readonly times?: Partial<WehelpTimes>;
  readonly simulator?: SimulatedBotOptions['simulator'];
}

/** A bot, its remote and the service. */
export class Setting {
  readonly service = new UserService();
  readonly handled: Handled[] = [];
  readonly log: string[] = [];
  remote!: WehelpRemote;

  private constructor(
    readonly simulated: SimulatedBot,
    readonly directory: string,
    readonly options: SettingOptions,
  ) {}

  /** A bot that is ready, a service and a remote between them. */
  static async start(options: SettingOptions = {}): Promise<Setting> {
    const { simulator } = options;
    const simulated = await SimulatedBot.make(simulator ? { simulator } : {});
    simulated.bot.start();
    if (simulator?.login === 'scan') {
      await simulated.state('scanning');
      await simulated.world.scan();
    }
    await simulated.state('ready');
    const directory = await mkdtemp(join(tmpdir(), 'wehelp-'));
    const setting = new Setting(simulated, directory, options);
    await setting.service.start();
    await setting.begin();
    return setting;
  }

  get world(): SimulatedBot['world'] {
    return this.simulated.world;
  }

  /** The id of somebody, or of a room. */
  id(name: string): string {
    return this.world.contact(name).id;
  }

  /** Starts a remote: the first one, or the next life of the one before. */
  async begin(changes: Partial<WehelpRemoteSettings> = {}): Promise<void> {
    const { settings, times } = this.options;
    this.remote = new WehelpRemote(
      this.simulated.bot,
      {
        callbackUrl: this.service.callbackUrl,
        pollUrl: this.service.pollUrl,
        pollInterval: 10,
        timeUnit: 1000,
        directory: join(this.directory, 'store'),
        outboxMaxBytes: 50 * 1024 * 1024,
        permits: { allow: [], deny: [] },
        files: { local: [], privateAddresses: 'refuse', maxBytes: 1024 * 1024 },
        ...settings,
        ...changes,
      },
      {
        changed: () => {
          this.service.looked();
        },
        handled: (handled) => {
          this.handled.push(handled);
          this.service.looked();
        },
        log: (_level, sentence) => this.log.push(sentence),
      },
      { answer: 2000, againFirst: 10, againAtMost: 50, ...times },
    );
    await this.remote.start();
  }

  /** What the bot was made to say, in a conversation with somebody. */
  said(to: string): string[] {
    const { world } = this;
    return world
      .messages({ conversation: world.contact(to) })
      .filter(({ talkerId }) => talkerId === world.self.id)
      .map(({ text }) => text);
  }

  async end(): Promise<void> {
    await this.remote.stop();
    await this.service.away();
    await this.simulated.end();
    await rm(this.directory, { recursive: true, force: true });
  }
}
