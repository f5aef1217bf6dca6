/** Throughput of sends through an Openwx remote, compared with a bare Node.js server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Server from '../../src/remotes/openwx/remote';
import { compareWithBareHttp, connections } from '../http-baseline';
import { pack } from '../pack';
import type { Row } from '../result-row';
import { startBot } from '../started-bot';

const { OpenwxRemote } = createRequire(__filename)('../../dist/remotes/openwx/remote.js') as typeof Server;

const body = 'id=wxid_ming&content=hello';

/** The row about Openwx. */
export async function measure(): Promise<Row[]> {
  const { bot, stop } = await startBot('served', { history: 1000 });
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
      pollIntervalMs: 5000,
      eventQueueSize: 20,
      allowStop: false,
      permissions: { allow: [], deny: [] },
      files: pack.flowPolicy,
      directory,
      version: '0',
    },
    { onStatusChange: () => undefined, onAudit: () => undefined, log: () => undefined },
  );
  await remote.start();
  const url = `http://${remote.status.address}/openwx/send_friend_message`;
  const comparison = await compareWithBareHttp(url, body);
  await remote.stop(true);
  await stop();
  await rm(directory, { recursive: true, force: true });

  return [
    {
      name: {
        'en-US': `send_friend_message by HTTP, ${connections} connections: throughput, p99; baseline: a bare Node.js server responding with the same bytes`,
        'zh-CN': `经 HTTP 调用 send_friend_message，${connections} 个连接：吞吐量、p99；对照：只返回相同内容的 Node.js 服务器`,
      },
      ...comparison,
    },
  ];
}
