/** A WXBot remote on simulated bots, and clients of it. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { WebSocket } from 'ws';
import type { Bot } from '../../../../src/bot/bot';
import type { Handled } from '../../../../src/remotes/dispatch/audit';
import { WxbotRemote, type WxbotRemoteSettings } from '../../../../src/remotes/wxbot/remote';
import { Inbox } from '../../../support/async-queue';
import { SimulatedBot } from '../../../support/simulated-bot';

/** Lets clients of tests in. */
export const key = 'the-key-of-the-owner';

/** What a client is told by HTTP. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly ok: boolean;
  readonly retCode: number;
  readonly cost: boolean;
  readonly error?: string;
  readonly result?: Readonly<Record<string, unknown>>;
}

/** Bots that can be found by name, and that can come and go. */
export class FoundBots {
  readonly #listeners = new Set<() => void>();

  /** @param known the bots by name; the empty name is the one chosen in the form. */
  constructor(readonly known: Map<string, Bot>) {}

  get listeners(): number {
    return this.#listeners.size;
  }

  find(name: string): Bot | undefined {
    return this.known.get(name);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Says that they are others now. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** One remote with its bot `Shop` (token `t1`) and, where wanted, more. */
export class Setting {
  readonly handled = new Inbox<Handled>('handled');
  readonly logs: string[] = [];
  readonly remote: WxbotRemote;

  private constructor(
    readonly bots: readonly SimulatedBot[],
    readonly found: FoundBots,
    settings: Partial<WxbotRemoteSettings>,
  ) {
    this.remote = new WxbotRemote(
      found,
      {
        host: '127.0.0.1',
        port: 0,
        key,
        tokens: [{ token: 't1', bot: '' }],
        permits: { allow: [], deny: [] },
        files: { local: [], privateAddresses: 'refuse', maxBytes: 2 * 1024 * 1024 },
        ...settings,
      },
      {
        changed: () => undefined,
        handled: (handled) => {
          this.handled.add(handled);
        },
        log: (level, sentence) => this.logs.push(`${level} ${sentence}`),
      },
    );
  }

  /** @param names of further bots. */
  static async start(settings: Partial<WxbotRemoteSettings> = {}, ...names: string[]): Promise<Setting> {
    const bots = await Promise.all(['', ...names].map(() => SimulatedBot.start()));
    const found = new FoundBots(new Map(bots.map(({ bot }, index) => [names[index - 1] ?? '', bot])));
    const setting = new Setting(bots, found, settings);
    try {
      await setting.remote.start();
    } catch (error) {
      await setting.end();
      throw error;
    }
    return setting;
  }

  get world(): SimulatedBot['world'] {
    const [first] = this.bots;
    if (!first) throw new Error('there is a bot');
    return first.world;
  }

  get address(): string {
    return this.remote.status.address;
  }

  async end(): Promise<void> {
    await this.remote.stop();
    await Promise.all(this.bots.map((bot) => bot.end()));
  }

  /** Makes a request; a body that is an object is sent as JSON. */
  post(path: string, body: unknown, query = `?key=${key}`, method = 'POST'): Promise<Answer> {
    return post(
      this.address,
      `${path.startsWith('/') ? path : `/wxapi/pc/message/${path}`}${query}`,
      body,
      method,
    );
  }

  /** Has a text sent to Alice. */
  say(Content: string, more: object = {}): Promise<Answer> {
    return this.post('sendText', { Token: 't1', UserName: 'wxid_alice', Content, ...more });
  }

  /** Opens a WebSocket; resolves when it is open. */
  connect(): Promise<SyncClient> {
    return SyncClient.open(this.address);
  }

  /** Opens a WebSocket that is told everything. */
  async listening(): Promise<SyncClient> {
    const client = await this.connect();
    await client.introduce();
    return client;
  }
}

/** Makes a request as it stands. */
export async function post(address: string, path: string, body: unknown, method = 'POST'): Promise<Answer> {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const [host, port] = address.split(':');
  const asked = request({ host, port, path, method, agent: false });
  // Who is answered before all was sent cannot send the rest; that is no failure.
  asked.on('error', () => undefined);
  asked.end(text);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const pieces = (await response.toArray()) as Buffer[];
  const told = Buffer.concat(pieces).toString();
  return {
    status: response.statusCode ?? 0,
    text: told,
    ...(JSON.parse(told) as Omit<Answer, 'status' | 'text'>),
  };
}

/** An event as clients are told it. */
export interface AddMsg {
  readonly userInfo: { readonly wxid: string; readonly nickname: string };
  readonly eventType: string;
  readonly event: {
    readonly MsgType: number;
    readonly NewMsgId: number;
    readonly FromUserName: { readonly string: string };
    readonly ToUserName: { readonly string: string };
    readonly Content: { readonly string: string };
  };
}

/** Somebody who listens by WebSocket. */
export class SyncClient {
  readonly heard = new Inbox<string>('frame');
  readonly #closed: Promise<number>;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.heard.add(data.toString());
    });
    socket.on('error', () => undefined);
    this.#closed = new Promise((resolve) => {
      socket.once('close', resolve);
    });
  }

  /** @throws Error when it is refused. */
  static async open(address: string): Promise<SyncClient> {
    const socket = new WebSocket(`ws://${address}`);
    const client = new SyncClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  /** Resolves with the code when the connection is gone. */
  closed(): Promise<number> {
    return this.#closed;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** Says who it is, and returns what comes of it. */
  async introduce(
    itsKey: unknown = key,
    more: object = {},
  ): Promise<{ type: string; eventType: string; retCode: number; msg: string }> {
    this.send({ app: 'wxbot', version: '1.0', key: itsKey, ...more });
    const frame = await this.heard.next((text) => text.includes('AuthCheckResult'));
    return JSON.parse(frame) as { type: string; eventType: string; retCode: number; msg: string };
  }

  /** The next message whose content holds this. */
  async message(content: string): Promise<AddMsg> {
    return JSON.parse(await this.heard.next((text) => text.includes(content))) as AddMsg;
  }

  async end(): Promise<void> {
    this.socket.terminate();
    await this.#closed;
  }
}
