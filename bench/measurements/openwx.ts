/** How fast an Openwx remote answers a send, beside a bare HTTP server of Node.js that answers the same bytes. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Server from '../../src/remotes/openwx/server';
import type { Calls, CallTimes } from '../http-caller';
import { engine } from '../pack';
import { figure, type Row } from '../row';
import { startBot } from '../started-bot';
import { median, quantile } from '../statistics';

const { OpenwxRemote } = createRequire(__filename)('../../dist/remotes/openwx/server.js') as typeof Server;

const rounds = 3;
const count = 5_000;
const connections = 16;
const body = 'id=wxid_ming&content=hello';

/** The least share of the bare server's throughput, in %. */
const target = 33;

/** The row about Openwx. */
export async function measure(): Promise<Row[]> {
  const { bot, end } = await startBot('served', { history: 1000 });
  const directory = await mkdtemp(join(tmpdir(), 'wechat-bench-openwx-'));
  const remote = new OpenwxRemote(
    bot,
    {
      host: '127.0.0.1',
      port: 0,
      token: '',
      postApi: '',
      postEvents: [],
      postMediaData: false,
      pollApi: '',
      pollInterval: 5000,
      eventQueueSize: 20,
      allowStop: false,
      permits: { allow: [], deny: [] },
      files: engine.flowPolicy,
      directory,
      version: '0',
    },
    { changed: () => undefined, handled: () => undefined, log: () => undefined },
  );
  await remote.start();
  const ours = `http://${remote.status.address}/openwx/send_friend_message`;
  const sample = await fetch(ours, { method: 'POST', body: new URLSearchParams(body) });
  const bytes = await sample.text();
  const bare = createServer((request, response) => {
    let read = '';
    request.setEncoding('utf8');
    request.on('data', (piece: string) => {
      read += piece;
    });
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.setHeader('content-length', Buffer.byteLength(bytes));
      response.end(read === '' ? '' : bytes);
    });
  }).listen(0, '127.0.0.1');
  await once(bare, 'listening');
  const beside = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`;

  const caller = fork(join(__dirname, '..', 'http-caller.ts'), { execArgv: ['--require', 'tsx/cjs'] });
  const call = async (url: string): Promise<CallTimes> => {
    const calls: Calls = { url, body, count, connections };
    caller.send(calls);
    const [times] = (await once(caller, 'message')) as [CallTimes];
    return times;
  };
  const taken = { ours: [] as CallTimes[], bare: [] as CallTimes[] };
  for (let round = 0; round <= rounds; round += 1) {
    const times = { bare: await call(beside), ours: await call(ours) };
    // The first round only warms up.
    if (round === 0) continue;
    taken.bare.push(times.bare);
    taken.ours.push(times.ours);
  }
  caller.disconnect();
  bare.closeAllConnections();
  bare.close();
  await remote.stop(true);
  await end();
  await rm(directory, { recursive: true, force: true });

  const speed = (times: readonly CallTimes[]): number =>
    median(times.map(({ whole }) => (count / whole) * 1000));
  const tail = (times: readonly CallTimes[]): number =>
    quantile(
      times.flatMap(({ each }) => each),
      0.99,
    );
  const shown = (times: readonly CallTimes[]): string =>
    `${figure(speed(times))}/s, ${figure(tail(times))} ms`;
  const share =
    median(taken.ours.map(({ whole }, round) => (taken.bare[round]?.whole ?? whole) / whole)) * 100;
  return [
    {
      name: {
        'en-US': `send_friend_message by HTTP, ${connections} connections: throughput, p99; beside: a bare server of Node.js answering the same bytes`,
        'zh-CN': `经 HTTP 调用 send_friend_message，${connections} 个连接：吞吐量、p99；对照：只返回相同内容的 Node.js 服务器`,
      },
      measured: shown(taken.ours),
      beside: shown(taken.bare),
      value: `${figure(share)} %`,
      target: `≥ ${target} %`,
      ok: share >= target,
    },
  ];
}
