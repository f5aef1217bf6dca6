/** A bot on a simulated WeChat, a PadChat remote in front of it, and plain clients of all generations. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { AuditRecord } from '../../../../src/remotes/dispatch/audit';
import { PadchatRemote } from '../../../../src/remotes/padchat/remote';
import type { PadchatLimits, PadchatRemoteSettings } from '../../../../src/remotes/padchat/settings';
import { AsyncQueue } from '../../../support/async-queue';
import { SimulatedBot, type SimulatedBotOptions } from '../../../support/simulated-bot';

/** A received frame. */
export type Frame = Readonly<Record<string, unknown>> & {
  readonly event?: string;
  readonly cmdId?: string;
  readonly success?: boolean;
  readonly msg?: string;
  readonly data?: Fields;
  readonly payload?: Fields;
};

/** Fields of a frame. */
export type Fields = Readonly<Record<string, unknown>>;

/** A WebSocket client that sends and receives frames. */
export class FrameClient {
  readonly frames = new AsyncQueue<Frame>('frame');
  readonly closed: Promise<number>;
  #id = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.frames.add(JSON.parse(data.toString()) as Frame);
    });
    socket.on('error', () => undefined);
    this.closed = once(socket, 'close').then(([code]) => {
      this.frames.close(new Error(`The connection was closed with ${code as number}.`));
      return code as number;
    });
  }

  /** Resolves when it is connected. */
  static async connect(url: string): Promise<FrameClient> {
    const client = new FrameClient(new WebSocket(url));
    await once(client.socket, 'open');
    return client;
  }

  /** Retries until the server listens. */
  static async retry(url: string): Promise<FrameClient> {
    for (;;) {
      try {
        return await FrameClient.connect(url);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
        await delay(20);
      }
    }
  }

  /** Connects to version A and authenticates. */
  static async authenticated(url: string, authKey = 'any'): Promise<FrameClient> {
    const client = await FrameClient.connect(`${url}/ws`);
    await client.call('auth', undefined, { authKey });
    return client;
  }

  send(frame: object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Sends a request of version A; resolves to its reply. */
  async call(code: string, data?: object, extraFields: object = {}): Promise<Frame> {
    const cmdId = `call-${++this.#id}`;
    this.send({ code, data, cmdId, ...extraFields });
    return this.frames.next((frame) => frame.cmdId === cmdId);
  }

  /** Sends a request of version C; resolves to the payload of its reply. */
  async cmd(cmd: string, payload: object = {}, field: 'payload' | 'data' = 'payload'): Promise<Fields> {
    const cmdId = `cmd-${++this.#id}`;
    this.send({ type: 'user', cmd, cmdId, [field]: payload });
    const reply = await this.frames.next((frame) => frame.cmdId === cmdId);
    return reply[field] ?? {};
  }

  /** The next event of this name. */
  nextEvent(name: string, matches: (frame: Frame) => boolean = () => true): Promise<Frame> {
    return this.frames.next((frame) => frame.event === name && matches(frame));
  }

  /** The next matching item pushed in version A. */
  async nextPushedItem(fits: (item: Fields) => boolean): Promise<Fields> {
    const has = (frame: Frame): Fields | undefined =>
      Array.isArray(frame.data) ? (frame.data as Fields[]).find(fits) : undefined;
    const found = has(await this.nextEvent('push', (frame) => has(frame) !== undefined));
    return found ?? {};
  }

  close(): void {
    this.socket.terminate();
  }
}

/** Bot and remote, with audit records and log of the remote. */
export class PadchatFixture {
  readonly auditRecords: AuditRecord[] = [];
  readonly log: string[] = [];

  private constructor(
    readonly simulated: SimulatedBot,
    readonly remote: PadchatRemote,
  ) {}

  /** Creates and starts everything; the bot is ready unless it needs a scan. */
  static async start(
    settings: Partial<PadchatRemoteSettings> = {},
    limits: Partial<PadchatLimits> = {},
    options: SimulatedBotOptions = {},
  ): Promise<PadchatFixture> {
    const simulated =
      options.simulator?.login === 'scan'
        ? await SimulatedBot.create(options)
        : await SimulatedBot.start(options);
    const fixture: PadchatFixture = new PadchatFixture(
      simulated,
      PadchatFixture.#remote(simulated, () => fixture, settings, limits),
    );
    await fixture.remote.start();
    return fixture;
  }

  static #remote(
    simulated: SimulatedBot,
    fixture: () => PadchatFixture,
    settings: Partial<PadchatRemoteSettings>,
    limits: Partial<PadchatLimits>,
  ): PadchatRemote {
    return new PadchatRemote(
      simulated.bot,
      {
        host: '127.0.0.1',
        port: 0,
        protocolVersions: ['A', 'B', 'C'],
        authKeys: [],
        permissions: { allow: [], deny: [] },
        files: { local: [], privateAddresses: 'refuse', maxBytes: 1024 * 1024 },
        ...settings,
      },
      {
        nodeId: 'padchat-node',
        onStatusChange: () => undefined,
        onAudit: (one) => fixture().auditRecords.push(one),
        log: (_level, sentence) => fixture().log.push(sentence),
      },
      limits,
    );
  }

  get simulation(): SimulatedBot['simulation'] {
    return this.simulated.simulation;
  }

  get url(): string {
    return `ws://${this.remote.status.address}`;
  }

  async stop(): Promise<void> {
    await this.remote.stop();
    await this.simulated.stop();
  }
}
