/** How fast PadChat's clients are answered and told, beside a bare WebSocket server in the same process. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocket, WebSocketServer } from 'ws';
import type * as Server from '../../src/remotes/padchat/server';
import { engine } from '../pack';
import { figure, type Row } from '../row';
import type { Order, Report } from '../socket-load';
import { startBot } from '../started-bot';
import { median, quantile } from '../statistics';

const { PadchatRemote } = createRequire(__filename)('../../dist/remotes/padchat/server.js') as typeof Server;

const rounds = 5;
const calls = 5_000;
/** Calls that wait for an answer at the same time. */
const atOnce = 32;
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

  const speeds = { ours: [] as number[], bare: [] as number[] };
  const waits = { ours: [] as number[], bare: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const kind of kinds) {
      const report = await load.do({ kind: 'call', url: urls[kind], frames: sends, count: calls, atOnce });
      // The first round only warms up.
      if (round === 0) continue;
      speeds[kind].push((calls / report.elapsed) * 1000);
      waits[kind].push(...report.waits);
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
  const fans = { ours: [] as number[], bare: [] as number[] };
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

  const shareOf = (of: typeof speeds): number =>
    median(of.ours.map((speed, round) => speed / (of.bare[round] ?? speed))) * 100;
  const shown = (kind: (typeof kinds)[number]): string =>
    `${figure(quantile(waits[kind], 0.5))} / ${figure(quantile(waits[kind], 0.99))} ms`;
  return [
    {
      name: {
        'en-US': `sendMsg by PadChat (C), ${atOnce} at once; beside: a bare ws echo`,
        'zh-CN': `经 PadChat（C 版）调用 sendMsg，${atOnce} 个并发；对照：仅用 ws 回显`,
      },
      measured: `${figure(median(speeds.ours))}/s`,
      beside: `${figure(median(speeds.bare))}/s`,
      value: `${figure(shareOf(speeds))} %`,
      target: '≥ 33.3 %',
      ok: shareOf(speeds) >= 100 / 3,
    },
    {
      name: {
        'en-US': 'their latency, p50 / p99; beside: a bare ws echo',
        'zh-CN': '其延迟 p50 / p99；对照：仅用 ws 回显',
      },
      measured: shown('ours'),
      beside: shown('bare'),
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
