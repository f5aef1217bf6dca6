/**
 * What `npm start` runs: a Node-RED on this machine only, with the example flows, a bot on the simulated WeChat, and
 * friends who talk a little at first. Its files are in the folder given as the argument, `.demo` unless told.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import express from 'express';
import RED from 'node-red';
import { worldOf } from '../puppets/worlds';
import { writeDemoFlows } from './flows';
import { letFriendsTalk } from './friends';

const checkout = resolve(__dirname, '..', '..');
const userDir = resolve(process.argv[2] ?? join(checkout, '.demo'));
const host = '127.0.0.1';
const usualPort = 1880;

/** Time between two things the friends do, in ms: slow enough to follow in the debug sidebar. */
const pause = 3_000;

/** Listens on the port, or on any free one where that is taken. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && port !== 0) listen(server, 0).then(done, fail);
      else fail(error);
    });
    server.listen(port, host, () => {
      done((server.address() as AddressInfo).port);
    });
  });
}

/** Makes this checkout look like an installed package, so that Node-RED finds the nodes as it would anywhere. */
function installCheckout(): void {
  const name = '@wechat-flow/node-red-wechaty';
  const link = join(userDir, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  try {
    symlinkSync(checkout, link, 'junction');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const manifest = { name: 'wechat-demo', private: true, dependencies: { [name]: '*' } };
  writeFileSync(join(userDir, 'package.json'), JSON.stringify(manifest, null, 2));
}

function introduce(url: string): void {
  console.log(`
WeChat in Node-RED: open  ${url}

  Simulated friends write to the bot now; open the debug sidebar to watch, and the WeChat sidebar for the bot.
  Try: change a word in the tab "Auto-reply by keyword" and deploy; press "send now" in "Group broadcast".
  模拟好友正在与机器人聊天：打开调试侧栏观看，打开微信侧栏查看机器人。
  试试：修改 "Auto-reply by keyword" 标签页里的关键词并部署；在 "Group broadcast" 中点击 "send now"。

  Your changes are kept in ${userDir}. Ctrl-C stops it.
`);
}

async function main(): Promise<void> {
  const app = express();
  const server = createServer(app);
  const port = await listen(server, usualPort);
  installCheckout();
  const botId = writeDemoFlows(join(checkout, 'examples'), userDir, port);
  RED.init(server, {
    uiHost: host,
    uiPort: port,
    userDir,
    flowFile: 'flows.json',
    httpAdminRoot: '/',
    httpNodeRoot: '/',
    credentialSecret: false,
    telemetry: { enabled: false, updateNotification: false },
    // No network is needed, so none is asked for the palette's catalogue either.
    editorTheme: { tours: false, palette: { catalogues: [] } },
    logging: { console: { level: 'warn', metrics: false, audit: false } },
  } as Parameters<typeof RED.init>[1]);
  app.use('/', RED.httpAdmin as unknown as express.Handler);
  app.use('/', RED.httpNode as unknown as express.Handler);

  const stopping = new AbortController();
  const stop = (): void => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    void RED.stop().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);

  RED.events.once('flows:started', () => {
    introduce(`http://${host}:${port}/`);
    letFriendsTalk(() => worldOf(botId), pause, stopping.signal).catch(() => undefined);
  });
  await RED.start();
}

void main();
