/** How fast an Openwx remote answers a send, beside a bare HTTP server of Node.js that answers the same bytes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Server from '../../src/remotes/openwx/remote';
import { besideBareHttp, connections } from '../http-baseline';
import { engine } from '../pack';
import type { Row } from '../result-row';
import { startBot } from '../started-bot';

const { OpenwxRemote } = createRequire(__filename)('../../dist/remotes/openwx/remote.js') as typeof Server;

const body = 'id=wxid_ming&content=hello';

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
  const compared = await besideBareHttp(ours, body);
  await remote.stop(true);
  await end();
  await rm(directory, { recursive: true, force: true });

  return [
    {
      name: {
        'en-US': `send_friend_message by HTTP, ${connections} connections: throughput, p99; beside: a bare server of Node.js answering the same bytes`,
        'zh-CN': `经 HTTP 调用 send_friend_message，${connections} 个连接：吞吐量、p99；对照：只返回相同内容的 Node.js 服务器`,
      },
      ...compared,
    },
  ];
}
