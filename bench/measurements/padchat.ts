/** Throughput of requests and broadcasts of a PadChat remote, compared with a bare WebSocket server. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocket, WebSocketServer } from 'ws';
import type * as Server from '../../src/remotes/padchat/remote';
import { pack } from '../pack';
import { figure, type Row } from '../result-row';
import type { LoadTask, LoadResult } from '../socket-load';
import { startBot } from '../started-bot';
import { median, quantile } from '../statistics';

const { PadchatRemote } = createRequire(__filename)('../../dist/remotes/padchat/remote.js') as typeof Server;

const rounds = 5;
const calls = 3_000;
/** Requests of one client in flight: one, as clients of this protocol do, and many. */
const concurrency = { sequential: 1, concurrent: 32 } as const;
const clients = 1_000;
/** Messages per client and round. */
const messages = 50;

const frames = ['wxid_ming', 'wxid_alice', 'wxid_bob', 'wxid_wangfang', 'wxid_lilei', 'wxid_hanmeimei'].map(
  (to) =>
    JSON.stringify({
      type: 'user',
      cmd: 'sendMsg',
      cmdId: '#id#',
      payload: { toUserName: to, content: 'hello', atList: [] },
    }),
);

/** The child process with the clients. */
class LoadProcess {
  readonly #child = fork(join(__dirname, '..', 'socket-load.ts'), { execArgv: ['--require', 'tsx/cjs'] });

  async run(task: LoadTask): Promise<LoadResult> {
    this.#child.send(task);
    const [result] = (await once(this.#child, 'message')) as [LoadResult];
    return result;
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
  const { bot, simulation, stop } = await startBot('padchat');
  const remote = new PadchatRemote(
    bot,
    {
      host: '127.0.0.1',
      port: 0,
      protocolVersions: ['C'],
      authKeys: [],
      permissions: { allow: [], deny: [] },
      files: pack.flowPolicy,
    },
    { onStatusChange: () => undefined, onAudit: () => undefined, log: () => undefined },
  );
  await remote.start();
  const bare = await bareServer();
  const load = new LoadProcess();
  const urls = { ours: `ws://${remote.status.address}/key`, bare: bare.url };
  const kinds = ['bare', 'ours'] as const;

  const measured = { sequential: emptyFigures(), concurrent: emptyFigures() };
  for (let round = 0; round <= rounds; round += 1) {
    for (const mode of ['sequential', 'concurrent'] as const) {
      for (const kind of kinds) {
        const task = {
          kind: 'call',
          url: urls[kind],
          frames,
          count: calls,
          concurrency: concurrency[mode],
        } as const;
        const result = await load.run(task);
        // The first round only warms up.
        if (round === 0) continue;
        measured[mode].speeds[kind].push((calls / result.totalMs) * 1000);
        measured[mode].latencies[kind].push(...result.latencies);
      }
    }
  }

  const ming = simulation.contact('Ming');
  let text = '';
  const sample = new WebSocket(urls.ours);
  await once(sample, 'open');
  const received = once(sample, 'message') as Promise<[Buffer]>;
  ming.say('hello to all').to();
  text = (await received)[0].toString();
  sample.terminate();
  const send = {
    ours: () => {
      ming.say('hello to all').to();
    },
    bare: () => {
      for (const socket of bare.server.clients) socket.send(text);
    },
  };
  const broadcastSpeeds: Sides = { ours: [], bare: [] };
  for (const kind of kinds) {
    await load.run({ kind: 'listen', url: urls[kind], clients });
    for (let round = 0; round <= rounds; round += 1) {
      const received = load.run({ kind: 'awaitMessages', messages });
      const start = performance.now();
      for (let index = 0; index < messages; index += 1) send[kind]();
      await received;
      if (round > 0) broadcastSpeeds[kind].push(((messages * clients) / (performance.now() - start)) * 1000);
    }
  }

  load.end();
  bare.server.close();
  for (const socket of bare.server.clients) socket.terminate();
  await remote.stop();
  await stop();

  const { sequential, concurrent } = measured;
  return [
    {
      name: {
        'en-US': 'sendMsg by PadChat (C), a client that waits for each reply; baseline: a bare ws echo',
        'zh-CN': '经 PadChat（C 版）调用 sendMsg，逐条等待响应；对照：仅用 ws 回显',
      },
      measured: `${figure(median(sequential.speeds.ours))}/s`,
      baseline: `${figure(median(sequential.speeds.bare))}/s`,
      value: `${figure(shareOf(sequential.speeds))} %`,
      target: '≥ 33.3 %',
      ok: shareOf(sequential.speeds) >= 100 / 3,
    },
    {
      name: {
        'en-US': 'sendMsg by PadChat (C), latency p50 / p99; baseline: a bare ws echo',
        'zh-CN': '其延迟 p50 / p99；对照：仅用 ws 回显',
      },
      measured: latency(sequential.latencies.ours),
      baseline: latency(sequential.latencies.bare),
    },
    {
      name: {
        'en-US': `sendMsg by PadChat (C), ${concurrency.concurrent} concurrent; baseline: a bare ws echo, which batches its writes`,
        'zh-CN': `同上，${concurrency.concurrent} 个并发；对照：仅用 ws 回显（此时多条合并写出）`,
      },
      measured: `${figure(median(concurrent.speeds.ours))}/s`,
      baseline: `${figure(median(concurrent.speeds.bare))}/s`,
      value: `${figure(shareOf(concurrent.speeds))} %`,
    },
    {
      name: {
        'en-US': `one message broadcast to ${clients.toLocaleString('en-US')} PadChat clients, frames; baseline: bare ws sending the same bytes`,
        'zh-CN': `一条消息推送给 ${clients.toLocaleString('en-US')} 个 PadChat 客户端（帧）；对照：仅用 ws 发送相同内容`,
      },
      measured: `${figure(median(broadcastSpeeds.ours))}/s`,
      baseline: `${figure(median(broadcastSpeeds.bare))}/s`,
      value: `${figure(shareOf(broadcastSpeeds))} %`,
    },
  ];
}

/** Requests or frames per second, or latencies in ms, of both servers. */
interface Sides {
  readonly ours: number[];
  readonly bare: number[];
}

function emptyFigures(): { speeds: Sides; latencies: Sides } {
  return { speeds: { ours: [], bare: [] }, latencies: { ours: [], bare: [] } };
}

/** Median ratio of ours to the bare server, in percent. */
function shareOf({ ours, bare }: Sides): number {
  return median(ours.map((speed, round) => speed / (bare[round] ?? speed))) * 100;
}

function latency(latencies: readonly number[]): string {
  return `${figure(quantile(latencies, 0.5))} / ${figure(quantile(latencies, 0.99))} ms`;
}
