/** How fast PadChat's clients are answered and told, beside a bare WebSocket server in the same process. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocket, WebSocketServer } from 'ws';
import type * as Server from '../../src/remotes/padchat/remote';
import { engine } from '../pack';
import { figure, type Row } from '../result-row';
import type { Order, Report } from '../socket-load';
import { startBot } from '../started-bot';
import { median, quantile } from '../statistics';

const { PadchatRemote } = createRequire(__filename)('../../dist/remotes/padchat/remote.js') as typeof Server;

const rounds = 5;
const calls = 3_000;
/** Calls of one client that wait for an answer at the same time: as programs of this protocol do, and many. */
const ways = { waiting: 1, atOnce: 32 } as const;
const clients = 1_000;
/** Messages that each client hears in a round. */
const messages = 50;

const sends = ['wxid_ming', 'wxid_alice', 'wxid_bob', 'wxid_wangfang', 'wxid_lilei', 'wxid_hanmeimei'].map(
  (to) =>
    JSON.stringify({
      type: 'user',
      cmd: 'sendMsg',
      cmdId: '#id#',
      payload: { toUserName: to, content: 'hello', atList: [] },
    }),
);

/** The process with the clients. */
class Load {
  readonly #child = fork(join(__dirname, '..', 'socket-load.ts'), { execArgv: ['--require', 'tsx/cjs'] });

  async do(order: Order): Promise<Report> {
    this.#child.send(order);
    const [report] = (await once(this.#child, 'message')) as [Report];
    return report;
  }

  end(): void {
    this.#child.disconnect();
  }
}

async function bareServer(): Promise<{ server: WebSocketServer; url: string }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await once(server, 'listening');
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      socket.send(data, { binary: false });
    });
  });
  return { server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/key` };
}

/** The rows about PadChat. */
export async function measure(): Promise<Row[]> {
  const { bot, world, end } = await startBot('padchat');
  const remote = new PadchatRemote(
    bot,
    {
      host: '127.0.0.1',
      port: 0,
      generations: ['C'],
      authKeys: [],
      permits: { allow: [], deny: [] },
      files: engine.flowPolicy,
    },
    { changed: () => undefined, handled: () => undefined, log: () => undefined },
  );
  await remote.start();
  const bare = await bareServer();
  const load = new Load();
  const urls = { ours: `ws://${remote.status.address}/key`, bare: bare.url };
  const kinds = ['bare', 'ours'] as const;

  const measured = { waiting: emptyFigures(), atOnce: emptyFigures() };
  for (let round = 0; round <= rounds; round += 1) {
    for (const way of ['waiting', 'atOnce'] as const) {
      for (const kind of kinds) {
        const order = {
          kind: 'call',
          url: urls[kind],
          frames: sends,
          count: calls,
          atOnce: ways[way],
        } as const;
        const report = await load.do(order);
        // The first round only warms up.
        if (round === 0) continue;
        measured[way].speeds[kind].push((calls / report.elapsed) * 1000);
        measured[way].waits[kind].push(...report.waits);
      }
    }
  }

  const ming = world.contact('Ming');
  let text = '';
  const sample = new WebSocket(urls.ours);
  await once(sample, 'open');
  const told = once(sample, 'message') as Promise<[Buffer]>;
  ming.say('hello to all').to();
  text = (await told)[0].toString();
  sample.terminate();
  const say = {
    ours: () => {
      ming.say('hello to all').to();
    },
    bare: () => {
      for (const socket of bare.server.clients) socket.send(text);
    },
  };
  const fans: Sides = { ours: [], bare: [] };
  for (const kind of kinds) {
    await load.do({ kind: 'listen', url: urls[kind], clients });
    for (let round = 0; round <= rounds; round += 1) {
      const heard = load.do({ kind: 'hear', messages });
      const start = performance.now();
      for (let index = 0; index < messages; index += 1) say[kind]();
      await heard;
      if (round > 0) fans[kind].push(((messages * clients) / (performance.now() - start)) * 1000);
    }
  }

  load.end();
  bare.server.close();
  for (const socket of bare.server.clients) socket.terminate();
  await remote.stop();
  await end();

  const { waiting, atOnce } = measured;
  return [
    {
      name: {
        'en-US': 'sendMsg by PadChat (C), a client that waits for each reply; beside: a bare ws echo',
        'zh-CN': '经 PadChat（C 版）调用 sendMsg，逐条等待应答；对照：仅用 ws 回显',
      },
      measured: `${figure(median(waiting.speeds.ours))}/s`,
      beside: `${figure(median(waiting.speeds.bare))}/s`,
      value: `${figure(shareOf(waiting.speeds))} %`,
      target: '≥ 33.3 %',
      ok: shareOf(waiting.speeds) >= 100 / 3,
    },
    {
      name: {
        'en-US': 'its latency, p50 / p99; beside: a bare ws echo',
        'zh-CN': '其延迟 p50 / p99；对照：仅用 ws 回显',
      },
      measured: latency(waiting.waits.ours),
      beside: latency(waiting.waits.bare),
    },
    {
      name: {
        'en-US': `the same, ${ways.atOnce} at once; beside: a bare ws echo, which then answers many in one write`,
        'zh-CN': `同上，${ways.atOnce} 个并发；对照：仅用 ws 回显（此时多条合并写出）`,
      },
      measured: `${figure(median(atOnce.speeds.ours))}/s`,
      beside: `${figure(median(atOnce.speeds.bare))}/s`,
      value: `${figure(shareOf(atOnce.speeds))} %`,
    },
    {
      name: {
        'en-US': `one message told to ${clients.toLocaleString('en-US')} PadChat clients, frames; beside: bare ws sending the same bytes`,
        'zh-CN': `一条消息推送给 ${clients.toLocaleString('en-US')} 个 PadChat 客户端（帧）；对照：仅用 ws 发送相同内容`,
      },
      measured: `${figure(median(fans.ours))}/s`,
      beside: `${figure(median(fans.bare))}/s`,
      value: `${figure(shareOf(fans))} %`,
    },
  ];
}

/** In calls or frames per second, and in ms, of each round or call. */
interface Sides {
  readonly ours: number[];
  readonly bare: number[];
}

function emptyFigures(): { speeds: Sides; waits: Sides } {
  return { speeds: { ours: [], bare: [] }, waits: { ours: [], bare: [] } };
}

/** Ours in percent of the bare one, in the middle round. */
function shareOf({ ours, bare }: Sides): number {
  return median(ours.map((speed, round) => speed / (bare[round] ?? speed))) * 100;
}

function latency(waits: readonly number[]): string {
  return `${figure(quantile(waits, 0.5))} / ${figure(quantile(waits, 0.99))} ms`;
}
