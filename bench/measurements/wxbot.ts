/** Throughput of sends and broadcasts of a WXBot remote, compared with bare HTTP and WebSocket servers. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocket, WebSocketServer } from 'ws';
import type * as Server from '../../src/remotes/wxbot/remote';
import { compareWithBareHttp, connections } from '../http-baseline';
import { pack } from '../pack';
import { figure, type Row } from '../result-row';
import type { LoadTask } from '../socket-load';
import { startBot, type StartedBot } from '../started-bot';
import { median } from '../statistics';

const { WxbotRemote } = createRequire(__filename)('../../dist/remotes/wxbot/remote.js') as typeof Server;

const rounds = 5;
const clients = 1_000;
/** Messages per client and round. */
const messages = 50;

const handshake = JSON.stringify({ app: 'wxbot', version: '1.0', key: 'key' });

/** Measures broadcasts, in frames per second. */
async function fanOut({ simulation }: StartedBot, address: string): Promise<Row> {
  const bare = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await once(bare, 'listening');
  bare.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      socket.send(data, { binary: false });
    });
  });
  const urls = { ours: `ws://${address}`, bare: `ws://127.0.0.1:${(bare.address() as AddressInfo).port}` };
  const ming = simulation.contact('Ming');
  const hello = (): void => void ming.say('hello to all').to();

  const sample = new WebSocket(urls.ours);
  await once(sample, 'open');
  sample.send(handshake);
  await once(sample, 'message');
  const received = once(sample, 'message') as Promise<[Buffer]>;
  hello();
  const text = (await received)[0].toString();
  sample.terminate();

  const send = {
    ours: hello,
    bare: () => {
      for (const socket of bare.clients) socket.send(text);
    },
  };
  const load = fork(join(__dirname, '..', 'socket-load.ts'), { execArgv: ['--require', 'tsx/cjs'] });
  const runTask = async (task: LoadTask): Promise<void> => {
    load.send(task);
    await once(load, 'message');
  };
  const speeds = { ours: [] as number[], bare: [] as number[] };
  for (const kind of ['bare', 'ours'] as const) {
    await runTask({ kind: 'listen', url: urls[kind], clients, greeting: handshake });
    for (let round = 0; round <= rounds; round += 1) {
      const received = runTask({ kind: 'awaitMessages', messages });
      const start = performance.now();
      for (let index = 0; index < messages; index += 1) send[kind]();
      await received;
      // The first round only warms up.
      if (round > 0) speeds[kind].push(((messages * clients) / (performance.now() - start)) * 1000);
    }
  }
  load.disconnect();
  bare.close();
  for (const socket of bare.clients) socket.terminate();

  const share = median(speeds.ours.map((speed, round) => speed / (speeds.bare[round] ?? speed))) * 100;
  return {
    name: {
      'en-US': `one message broadcast to ${clients.toLocaleString('en-US')} WXBot clients, frames; baseline: bare ws sending the same bytes`,
      'zh-CN': `一条消息推送给 ${clients.toLocaleString('en-US')} 个 WXBot 客户端（帧）；对照：仅用 ws 发送相同内容`,
    },
    measured: `${figure(median(speeds.ours))}/s`,
    baseline: `${figure(median(speeds.bare))}/s`,
    value: `${figure(share)} %`,
  };
}

/** The rows about WXBot. */
export async function measure(): Promise<Row[]> {
  const started = await startBot('wxbot', { history: 1000 });
  const { bot, stop } = started;
  const remote = new WxbotRemote(
    { find: () => bot, onChange: () => () => undefined },
    {
      host: '127.0.0.1',
      port: 0,
      key: 'key',
      tokens: [{ token: 'token', bot: '' }],
      permissions: { allow: [], deny: [] },
      files: pack.flowPolicy,
    },
    { onStatusChange: () => undefined, onAudit: () => undefined, log: () => undefined },
  );
  await remote.start();
  const { address } = remote.status;
  const body = JSON.stringify({ Token: 'token', UserName: 'wxid_ming', Content: 'hello' });
  const comparison = await compareWithBareHttp(`http://${address}/wxapi/pc/message/sendText?key=key`, body);
  const fan = await fanOut(started, address);
  await remote.stop();
  await stop();
  return [
    {
      name: {
        'en-US': `sendText by WXBot, ${connections} connections: throughput, p99; baseline: a bare Node.js server responding with the same bytes`,
        'zh-CN': `经 WXBot 调用 sendText，${connections} 个连接：吞吐量、p99；对照：只返回相同内容的 Node.js 服务器`,
      },
      ...comparison,
    },
    fan,
  ];
}
