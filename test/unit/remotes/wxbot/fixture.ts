/** Fixture: a WXBot remote on simulated bots, and its HTTP and WebSocket clients. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { WebSocket } from 'ws';
import type { Bot } from '../../../../src/bot/bot';
import type { AuditRecord } from '../../../../src/remotes/dispatch/audit';
import { WxbotRemote } from '../../../../src/remotes/wxbot/remote';
import type { WxbotRemoteSettings } from '../../../../src/remotes/wxbot/settings';
import { AsyncQueue } from '../../../support/async-queue';
import { SimulatedBot } from '../../../support/simulated-bot';

/** The key of the remote. */
export const key = 'the-configured-key';

/** A received response. */
export interface ReceivedResponse {
  readonly status: number;
  readonly text: string;
  readonly ok: boolean;
  readonly retCode: number;
  readonly cost: boolean;
  readonly error?: string;
  readonly result?: Readonly<Record<string, unknown>>;
}

/** A bot lookup whose bots tests can change. */
export class FakeBotLookup {
  readonly #listeners = new Set<() => void>();

  /** @param known bots by name; the empty name is the bot chosen in the form. */
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

  /** Notifies listeners of a change. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A remote with the bot `Shop` (token `t1`) and optionally more bots. */
export class WxbotFixture {
  readonly audits = new AsyncQueue<AuditRecord>('audits');
  readonly logs: string[] = [];
  readonly remote: WxbotRemote;

  private constructor(
    readonly bots: readonly SimulatedBot[],
    readonly lookup: FakeBotLookup,
    settings: Partial<WxbotRemoteSettings>,
  ) {
    this.remote = new WxbotRemote(
      lookup,
      {
        host: '127.0.0.1',
        port: 0,
        key,
        tokens: [{ token: 't1', bot: '' }],
        permissions: { allow: [], deny: [] },
        files: { local: [], privateAddresses: 'refuse', maxBytes: 2 * 1024 * 1024 },
        ...settings,
      },
      {
        nodeId: 'wxbot-node',
        onStatusChange: () => undefined,
        onAudit: (record) => {
          this.audits.add(record);
        },
        log: (level, message) => this.logs.push(`${level} ${message}`),
      },
    );
  }

  /** @param names of further bots. */
  static async start(settings: Partial<WxbotRemoteSettings> = {}, ...names: string[]): Promise<WxbotFixture> {
    const bots = await Promise.all(['', ...names].map(() => SimulatedBot.start()));
    const lookup = new FakeBotLookup(new Map(bots.map(({ bot }, index) => [names[index - 1] ?? '', bot])));
    const fixture = new WxbotFixture(bots, lookup, settings);
    try {
      await fixture.remote.start();
    } catch (error) {
      await fixture.end();
      throw error;
    }
    return fixture;
  }

  get simulation(): SimulatedBot['simulation'] {
    const [first] = this.bots;
    if (!first) throw new Error('the fixture has no bot');
    return first.simulation;
  }

  get address(): string {
    return this.remote.status.address;
  }

  async end(): Promise<void> {
    await this.remote.stop();
    await Promise.all(this.bots.map((bot) => bot.stop()));
  }

  /** Sends a request; an object as body is sent as JSON. */
  post(path: string, body: unknown, query = `?key=${key}`, method = 'POST'): Promise<ReceivedResponse> {
    return post(
      this.address,
      `${path.startsWith('/') ? path : `/wxapi/pc/message/${path}`}${query}`,
      body,
      method,
    );
  }

  /** Sends a text to Alice. */
  sendText(Content: string, more: object = {}): Promise<ReceivedResponse> {
    return this.post('sendText', { Token: 't1', UserName: 'wxid_alice', Content, ...more });
  }

  /** Opens a WebSocket. */
  connect(): Promise<WxbotTestClient> {
    return WxbotTestClient.open(this.address);
  }

  /** Opens a WebSocket and completes the handshake. */
  async authenticatedClient(): Promise<WxbotTestClient> {
    const client = await this.connect();
    await client.handshake();
    return client;
  }
}

/** Sends a request to any path. */
export async function post(
  address: string,
  path: string,
  body: unknown,
  method = 'POST',
): Promise<ReceivedResponse> {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const [host, port] = address.split(':');
  const outgoing = request({ host, port, path, method, agent: false });
  // An early response makes the rest of the request fail, which is expected.
  outgoing.on('error', () => undefined);
  outgoing.end(text);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks = (await response.toArray()) as Buffer[];
  const received = Buffer.concat(chunks).toString();
  return {
    status: response.statusCode ?? 0,
    text: received,
    ...(JSON.parse(received) as Omit<ReceivedResponse, 'status' | 'text'>),
  };
}

/** A received event. */
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

/** A WebSocket client. */
export class WxbotTestClient {
  readonly received = new AsyncQueue<string>('frame');
  readonly #closed: Promise<number>;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.received.add(data.toString());
    });
    socket.on('error', () => undefined);
    this.#closed = new Promise((resolve) => {
      socket.once('close', resolve);
    });
  }

  /** @throws Error when the upgrade is rejected. */
  static async open(address: string): Promise<WxbotTestClient> {
    const socket = new WebSocket(`ws://${address}`);
    const client = new WxbotTestClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  /** Resolves to the close code. */
  closed(): Promise<number> {
    return this.#closed;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** Sends the handshake and returns its result. */
  async handshake(
    candidate: unknown = key,
    more: object = {},
  ): Promise<{ type: string; eventType: string; retCode: number; msg: string }> {
    this.send({ app: 'wxbot', version: '1.0', key: candidate, ...more });
    const frame = await this.received.next((text) => text.includes('AuthCheckResult'));
    return JSON.parse(frame) as { type: string; eventType: string; retCode: number; msg: string };
  }

  /** The next message that contains this text. */
  async nextMessage(content: string): Promise<AddMsg> {
    return JSON.parse(await this.received.next((text) => text.includes(content))) as AddMsg;
  }

  async end(): Promise<void> {
    this.socket.terminate();
    await this.#closed;
  }
}
