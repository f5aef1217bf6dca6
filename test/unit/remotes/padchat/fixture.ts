/** A bot on a simulated WeChat, a PadChat remote in front of it, and plain clients of all generations. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Handled } from '../../../../src/remotes/dispatch/audit';
import { PadchatRemote } from '../../../../src/remotes/padchat/remote';
import type { PadchatLimits, PadchatRemoteSettings } from '../../../../src/remotes/padchat/settings';
import { Inbox } from '../../../support/async-queue';
import { SimulatedBot, type SimulatedBotOptions } from '../../../support/simulated-bot';

/** A frame as it came; which fields it has is for the test to find out. */
export type Frame = Readonly<Record<string, unknown>> & {
  readonly event?: string;
  readonly cmdId?: string;
  readonly success?: boolean;
  readonly msg?: string;
  // Tests look into it as far as they expect something.
  readonly data?: Fields;
  readonly payload?: Fields;
};

/** What is in a frame. */
export type Fields = Readonly<Record<string, unknown>>;

/** A client on a WebSocket that knows nothing but frames. */
export class FrameClient {
  readonly frames = new Inbox<Frame>('frame');
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

  /** The same, while nobody listens there yet. */
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

  /** Connects to generation A and shows a key. */
  static async authenticated(url: string, authKey = 'any'): Promise<FrameClient> {
    const client = await FrameClient.connect(`${url}/ws`);
    await client.call('auth', undefined, { authKey });
    return client;
  }

  send(frame: object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Asks in generation A, and waits for the reply. */
  async call(code: string, data?: object, more: object = {}): Promise<Frame> {
    const cmdId = `call-${++this.#id}`;
    this.send({ code, data, cmdId, ...more });
    return this.frames.next((frame) => frame.cmdId === cmdId);
  }

  /** The same in generation C; resolves to what is in the reply. */
  async cmd(cmd: string, payload: object = {}, field: 'payload' | 'data' = 'payload'): Promise<Fields> {
    const cmdId = `cmd-${++this.#id}`;
    this.send({ type: 'user', cmd, cmdId, [field]: payload });
    const reply = await this.frames.next((frame) => frame.cmdId === cmdId);
    return reply[field] ?? {};
  }

  /** The next event of this name. */
  event(name: string, fits: (frame: Frame) => boolean = () => true): Promise<Frame> {
    return this.frames.next((frame) => frame.event === name && fits(frame));
  }

  /** The next item pushed in generation A that fits. */
  async pushed(fits: (item: Fields) => boolean): Promise<Fields> {
    const has = (frame: Frame): Fields | undefined =>
      Array.isArray(frame.data) ? (frame.data as Fields[]).find(fits) : undefined;
    const found = has(await this.event('push', (frame) => has(frame) !== undefined));
    return found ?? {};
  }

  end(): void {
    this.socket.terminate();
  }
}

/** Bot, remote and what the remote told its owner. */
export class Setting {
  readonly handled: Handled[] = [];
  readonly log: string[] = [];

  private constructor(
    readonly simulated: SimulatedBot,
    readonly remote: PadchatRemote,
  ) {}

  /** Makes it all and starts it; the bot is ready unless it has to be scanned. */
  static async start(
    settings: Partial<PadchatRemoteSettings> = {},
    limits: Partial<PadchatLimits> = {},
    options: SimulatedBotOptions = {},
  ): Promise<Setting> {
    const simulated =
      options.simulator?.login === 'scan'
        ? await SimulatedBot.make(options)
        : await SimulatedBot.start(options);
    const setting: Setting = new Setting(
      simulated,
      Setting.#remote(simulated, () => setting, settings, limits),
    );
    await setting.remote.start();
    return setting;
  }

  static #remote(
    simulated: SimulatedBot,
    setting: () => Setting,
    settings: Partial<PadchatRemoteSettings>,
    limits: Partial<PadchatLimits>,
  ): PadchatRemote {
    return new PadchatRemote(
      simulated.bot,
      {
        host: '127.0.0.1',
        port: 0,
        generations: ['A', 'B', 'C'],
        authKeys: [],
        permits: { allow: [], deny: [] },
        files: { local: [], privateAddresses: 'refuse', maxBytes: 1024 * 1024 },
        ...settings,
      },
      {
        changed: () => undefined,
        handled: (one) => setting().handled.push(one),
        log: (_level, sentence) => setting().log.push(sentence),
      },
      limits,
    );
  }

  get world(): SimulatedBot['world'] {
    return this.simulated.world;
  }

  get url(): string {
    return `ws://${this.remote.status.address}`;
  }

  async end(): Promise<void> {
    await this.remote.stop();
    await this.simulated.end();
  }
}
